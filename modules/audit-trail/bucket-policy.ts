import type { AwsPlace } from '../aws/aws-place';
import { onlyOverTls, type PolicyStatement } from '../aws/policy-document';

export interface TrailBucketScope {
  readonly bucketArn: string;
  readonly trailArn: string;
  readonly place: AwsPlace;
  readonly protection: boolean;
}

/**
 * What the bucket admits: one trail, and readers whom their own policies admit, over TLS.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketStatements(scope: TrailBucketScope): readonly PolicyStatement[] {
  const { bucketArn, trailArn, place, protection } = scope;
  const cloudTrail = { Service: 'cloudtrail.amazonaws.com' };
  return [
    {
      Sid: 'TrailLooks',
      Effect: 'Allow',
      Principal: cloudTrail,
      Action: 's3:GetBucketAcl',
      Resource: bucketArn,
      Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
    },
    {
      Sid: 'TrailWrites',
      Effect: 'Allow',
      Principal: cloudTrail,
      Action: 's3:PutObject',
      Resource: `${bucketArn}/AWSLogs/${place.accountId}/*`,
      Condition: {
        StringEquals: { 'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
    },
    onlyOverTls('s3:*', [bucketArn, `${bucketArn}/*`]),
    ...(protection ? [nobodyDeletes(bucketArn)] : []),
  ];
}

/**
 * Not even an administrator, before the policy was changed, which is in the trail. S3 itself deletes what is past its
 * retention all the same: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html
 */
function nobodyDeletes(bucketArn: string): PolicyStatement {
  return {
    Sid: 'NobodyDeletes',
    Effect: 'Deny',
    Principal: { AWS: ['*'] },
    Action: ['s3:DeleteBucket', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    Resource: [bucketArn, `${bucketArn}/*`],
  };
}
