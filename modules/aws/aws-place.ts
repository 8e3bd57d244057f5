export { iamEventsRegion } from '../../contract/iam-events-region';

/** Where on AWS something is: what an ARN or an endpoint is made from. */
export interface AwsPlace {
  readonly partition: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /** What endpoints end in, such as `amazonaws.com`. */
  readonly dnsSuffix: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html; everywhere else it is amazonaws.com. */
const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

export function awsPlace(place: Omit<AwsPlace, 'dnsSuffix'>): AwsPlace {
  const { partition, accountId, region } = place;
  return { partition, accountId, region, dnsSuffix: DNS_SUFFIXES[partition] ?? 'amazonaws.com' };
}

/**
 * The values that `kms:ViaService` may have for a service in a region. For China AWS's pages show both endings.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export const viaService = (service: string, region: string, { dnsSuffix }: AwsPlace): readonly string[] =>
  (dnsSuffix === DNS_SUFFIXES['aws-cn'] ? [dnsSuffix, 'amazonaws.com'] : [dnsSuffix]).map(
    (suffix) => `${service}.${region}.${suffix}`,
  );

/**
 * An IAM user's ARN, from its name. Terraform learns an ARN that a rename changes only after the rename, so a
 * policy that referred to the attribute would name the old user until the next apply.
 *
 * @param path begins and ends with a slash
 */
export function iamUserArn(place: AwsPlace, path: string, userName: string): string {
  return `arn:${place.partition}:iam::${place.accountId}:user${path}${userName}`;
}

/** The ARN of a trail, for what has to name it before it is made. */
export const trailArn = ({ partition, region, accountId }: AwsPlace, trailName: string): string =>
  `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`;
