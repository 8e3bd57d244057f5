import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { CloudtrailAdvancedEventSelector } from '@cdktf/provider-aws/lib/cloudtrail';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { trailArn } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';
import { DEFAULT_AUDIT_RETENTION_DAYS } from '../aws/default-values';
import { DEFAULT_PREFIX, trailBucketName, trailName } from '../aws/names';
import type { JournalTableReference } from '../journal-table/journal-table';
import { TrailBucket } from './trail-bucket';

export interface AuditTrailProps {
  /**
   * Of all names on AWS. Never a reference.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  readonly place: AwsPlace;
  /** Of which every change of an item is recorded. */
  readonly table: JournalTableReference;
  /**
   * How long records are kept: 90 to 3653 days.
   * @default 400
   */
  readonly retentionDays?: number;
  /**
   * Customer key that encrypts the records; its key policy has to admit CloudTrail.
   * @default S3's own key
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether Terraform refuses to destroy trail and bucket. Off only for stacks that are thrown away.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * A trail of the account's management events in all regions, those of IAM included, which are reported in one region
 * alone, and of every change of an item of the table. Its files are signed, so that a change of one can be proved.
 */
export class AuditTrail extends Construct {
  readonly trailArn: string;
  readonly bucketName: string;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { kmsKeyArn, place, prefix = DEFAULT_PREFIX, protection = true, table } = props;
    const { retentionDays = DEFAULT_AUDIT_RETENTION_DAYS } = props;
    const name = trailName(prefix);
    const bucket = new TrailBucket(this, 'Bucket', {
      bucketName: trailBucketName(prefix, place.accountId),
      // Not the attribute: the bucket has to admit the trail before there is one.
      trailArn: trailArn(place, name),
      ...{ place, retentionDays, kmsKeyArn, protection },
    });
    const trail = addressed(
      'trail',
      new Cloudtrail(this, 'Resource', {
        name,
        s3BucketName: bucket.bucketName,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        kmsKeyId: kmsKeyArn,
        advancedEventSelector: [MANAGEMENT_EVENTS, changesOfItems(table.arn)],
        lifecycle: { preventDestroy: protection },
        dependsOn: [...bucket.parts],
      }),
    );
    this.trailArn = trail.arn;
    this.bucketName = bucket.bucketName;
    this.parts = [...bucket.parts, trail];
  }
}

/** Reading ones, too: who read which secret is one of them. */
const MANAGEMENT_EVENTS: CloudtrailAdvancedEventSelector = {
  name: 'Management events',
  fieldSelector: [{ field: 'eventCategory', equalTo: ['Management'] }],
};

/** Data events, which are charged for: some tens a rotation. https://aws.amazon.com/cloudtrail/pricing/ */
function changesOfItems(tableArn: string): CloudtrailAdvancedEventSelector {
  return {
    name: 'Changes of items of the table',
    fieldSelector: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::DynamoDB::Table'] },
      { field: 'resources.ARN', equalTo: [tableArn] },
      { field: 'readOnly', equalTo: ['false'] },
    ],
  };
}
