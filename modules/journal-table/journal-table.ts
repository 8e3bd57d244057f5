import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IResolvable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../address';
import { DEFAULT_PREFIX, tableName } from '../config/names';
import { PARTITION_KEY } from './keys';

export interface JournalTableProps {
  /**
   * Name of the table, 3 to 255 characters of `[A-Za-z0-9_.-]`: what the stack's names begin with.
   * @default "iam-key-rotation"
   */
  readonly tableName?: string;
  /**
   * Off only for stacks that are thrown away: without the journal nobody knows which keys are ours.
   * @default true
   */
  readonly deletionProtection?: boolean | IResolvable;
}

/** The table as others refer to it: a `JournalTable`, or one that was made elsewhere. */
export interface JournalTableReference {
  readonly tableName: string;
  readonly arn: string;
}

/**
 * The stack's one table: what Terraform says about each rotated user (`settings#<stable key>`), and the log of
 * what is being done to each user's keys (`journal#<stable key>`). No secret is ever in it.
 */
export class JournalTable extends Construct implements JournalTableReference {
  readonly tableName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: JournalTableProps = {}) {
    super(scope, id);
    const table = addressed(
      'journal',
      new DynamodbTable(this, 'Resource', {
        name: props.tableName ?? tableName(DEFAULT_PREFIX),
        billingMode: 'PAY_PER_REQUEST',
        hashKey: PARTITION_KEY,
        attribute: [{ name: PARTITION_KEY, type: 'S' }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: props.deletionProtection ?? true,
      }),
    );
    // The attribute, not the name: whoever uses it has to wait until the table is there.
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
