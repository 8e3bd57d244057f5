import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';

import { addressed } from '../address';
import { PARTITION_KEY } from './keys';

export interface JournalTableProps {
  /** Name of the table, 3 to 255 characters of `[A-Za-z0-9_.-]`. */
  readonly tableName: string;
  /** Off only for stacks that are thrown away: without the journal nobody knows which keys are ours. */
  readonly deletionProtection: boolean;
}

/**
 * The stack's one table: what Terraform says about each rotated user (`settings#<stable key>`), and the log of
 * what is being done to each user's keys (`journal#<stable key>`). No secret is ever in it.
 */
export class JournalTable extends Construct {
  readonly tableName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: JournalTableProps) {
    super(scope, id);
    const table = addressed(
      'journal',
      new DynamodbTable(this, 'Resource', {
        name: props.tableName,
        billingMode: 'PAY_PER_REQUEST',
        hashKey: PARTITION_KEY,
        attribute: [{ name: PARTITION_KEY, type: 'S' }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: props.deletionProtection,
      }),
    );
    // The attribute, not the name: whoever uses it has to wait until the table is there.
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
