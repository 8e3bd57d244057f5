import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { policyDocument } from '../aws/policy-document';
import { trailBucketStatements } from './bucket-policy';

export interface TrailBucketProps {
  /** 3 to 63 characters, unique among all buckets of the partition. */
  readonly bucketName: string;
  /** Who may write to it: this trail alone. */
  readonly trailArn: string;
  readonly place: AwsPlace;
  /** How long records are kept, in days. */
  readonly retentionDays: number;
  /**
   * Encrypts what is written without saying how.
   * @default S3's own key
   */
  readonly kmsKeyArn?: string;
  /** Nobody deletes a record before its time, nor the bucket. Off only for stacks that are thrown away. */
  readonly protection: boolean;
}

/** How long a record that was overwritten or deleted can be brought back, in days. */
const NONCURRENT_DAYS = 90;

const ADDRESS = 'trail';

/** Where the trail's records are kept: encrypted, in versions, never public, over TLS alone, and not for ever. */
export class TrailBucket extends Construct {
  readonly bucketName: string;
  /** CloudTrail asks at once whether it may write. */
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TrailBucketProps) {
    super(scope, id);
    const { kmsKeyArn, protection } = props;
    const bucket = addressed(
      ADDRESS,
      new S3Bucket(this, 'Resource', {
        bucket: props.bucketName,
        // With the records in it; else S3 refuses to delete a bucket that is not empty.
        forceDestroy: !protection,
        lifecycle: { preventDestroy: protection },
      }),
    );
    const closed = addressed(
      ADDRESS,
      new S3BucketPublicAccessBlock(this, 'PublicAccess', {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    );
    const owned = addressed(
      ADDRESS,
      new S3BucketOwnershipControls(this, 'Ownership', {
        bucket: bucket.id,
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      }),
    );
    const encrypted = addressed(
      ADDRESS,
      new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
        bucket: bucket.id,
        rule: [
          {
            applyServerSideEncryptionByDefault:
              kmsKeyArn === undefined
                ? { sseAlgorithm: 'AES256' }
                : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn },
            bucketKeyEnabled: kmsKeyArn !== undefined,
          },
        ],
      }),
    );
    const versioned = addressed(
      ADDRESS,
      new S3BucketVersioningA(this, 'Versions', {
        bucket: bucket.id,
        versioningConfiguration: { status: 'Enabled' },
      }),
    );
    const kept = this.#retention(bucket, versioned, props.retentionDays);
    const policy = addressed(
      ADDRESS,
      new S3BucketPolicy(this, 'Policy', {
        bucket: bucket.id,
        policy: policyDocument(trailBucketStatements({ ...props, bucketArn: bucket.arn })),
        // Two changes of a bucket at once are a conflict.
        dependsOn: [closed, owned],
      }),
    );
    this.bucketName = bucket.id;
    this.parts = [bucket, closed, owned, encrypted, versioned, kept, policy];
  }

  #retention(
    bucket: S3Bucket,
    versioned: S3BucketVersioningA,
    retentionDays: number,
  ): S3BucketLifecycleConfiguration {
    return addressed(
      ADDRESS,
      new S3BucketLifecycleConfiguration(this, 'Retention', {
        bucket: bucket.id,
        rule: [
          {
            id: 'retention',
            status: 'Enabled',
            filter: [{ prefix: '' }],
            expiration: [{ days: retentionDays }],
            noncurrentVersionExpiration: [{ noncurrentDays: NONCURRENT_DAYS }],
            abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          },
        ],
        dependsOn: [versioned],
      }),
    );
  }
}
