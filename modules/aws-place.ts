/** Where on AWS something is: what an ARN or an endpoint is made from. */
export interface AwsPlace {
  readonly partition: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /** What endpoints end in, such as `amazonaws.com`. */
  readonly dnsSuffix: string;
}

/** The partition follows from the region: no look-up, so that nothing depends on who runs Terraform. */
export function awsPlace(accountId: string, region: string): AwsPlace {
  if (region.startsWith('cn-')) {
    return { partition: 'aws-cn', accountId, region, dnsSuffix: 'amazonaws.com.cn' };
  }
  const partition = region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { partition, accountId, region, dnsSuffix: 'amazonaws.com' };
}

/**
 * An IAM user's ARN, from its name. Terraform learns an ARN that a rename changes only after the rename, so a
 * policy that referred to the attribute would name the old user until the next apply.
 *
 * @param path begins and ends with a slash
 */
export function iamUserArn(place: AwsPlace, path: string, userName: string): string {
  return `arn:${place.partition}:iam::${place.accountId}:user${path}${userName}`;
}
