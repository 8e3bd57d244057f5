/** A group of regions that has its own accounts, ARNs and DNS names. */
export interface Partition {
  /** The second part of an ARN. */
  readonly name: string;
  /** Where IAM and the other services without a region work, and report what was called. */
  readonly controlPlaneRegion: string;
  /** What the DNS names of its services end in. */
  readonly dnsSuffix: string;
}

const AWS: Partition = {
  name: 'aws',
  controlPlaneRegion: 'us-east-1',
  dnsSuffix: 'amazonaws.com',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html */
const OTHERS: readonly (readonly [regions: RegExp, partition: Partition])[] = [
  [/^cn-/, { name: 'aws-cn', controlPlaneRegion: 'cn-north-1', dnsSuffix: 'amazonaws.com.cn' }],
  [/^us-gov-/, { name: 'aws-us-gov', controlPlaneRegion: 'us-gov-west-1', dnsSuffix: 'amazonaws.com' }],
  [/^eusc-/, { name: 'aws-eusc', controlPlaneRegion: 'eusc-de-east-1', dnsSuffix: 'amazonaws.eu' }],
];

export const partitionOf = (region: string): Partition =>
  OTHERS.find(([regions]) => regions.test(region))?.[1] ?? AWS;

/** `arn:aws:secretsmanager:eu-west-1:111122223333:secret:…`, in the partition of the region. */
export const arnIn = (region: string, service: string, accountId: string, rest: string): string =>
  `arn:${partitionOf(region).name}:${service}:${region}:${accountId}:${rest}`;

/** The ARN of something that has no region, seen from a region of its partition. */
export const globalArn = (seenFrom: string, service: string, accountId: string, rest: string): string =>
  `arn:${partitionOf(seenFrom).name}:${service}::${accountId}:${rest}`;
