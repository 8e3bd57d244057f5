import type { PolicyStatement } from '../aws/policy-document';

/**
 * What the policy of a customer key has to allow a trail, which otherwise is not made. `kms:Decrypt` because the bucket has
 * an S3 Bucket Key.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export const trailKeyStatements = (trailArn: string): readonly PolicyStatement[] => [
  {
    Sid: 'TrailEncrypts',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
  },
];
