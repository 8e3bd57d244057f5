import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { dependable, TerraformResource, type IResolvable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { DEFAULT_PREFIX, tableName } from '../aws/names';
import { TABLE_PARTITION_KEY } from '../../contract/table';

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
  /** Has everything of a scope wait for the table, where that is made in the same stack. */
  readonly precede?: (scope: Construct) => void;
}

/**
 * The stack's one table: what Terraform says about each rotated user (`settings#<stable key>`), and the log of
 * what is being done to each user's keys (`journal#<stable key>`). No secret is ever in it.
 */
export class JournalTable extends Construct implements JournalTableReference {
  readonly tableName: string;
  readonly arn: string;
  readonly #resource: DynamodbTable;

  constructor(scope: Construct, id: string, props: JournalTableProps = {}) {
    super(scope, id);
    const table = addressed(
      'journal',
      new DynamodbTable(this, 'Resource', {
        name: props.tableName ?? tableName(DEFAULT_PREFIX),
        billingMode: 'PAY_PER_REQUEST',
        hashKey: TABLE_PARTITION_KEY,
        attribute: [{ name: TABLE_PARTITION_KEY, type: 'S' }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: props.deletionProtection ?? true,
      }),
    );
    // The attribute, not the name: whoever uses it has to wait until the table is there.
    this.tableName = table.name;
    this.arn = table.arn;
    this.#resource = table;
  }

  /**
   * Has everything of a scope wait for the table. Of two sets with one prefix in one region, the later one then fails at
   * the table, which AWS makes once, and has taken over nothing: AWS makes alarms, topics, queues and rules of a name that
   * is taken without a word, and whoever cleaned the later set up would delete those of the earlier one.
   */
  precede(scope: Construct): void {
    for (const part of scope.node.findAll()) {
      if (!TerraformResource.isTerraformResource(part)) continue;
      part.dependsOn = [...(part.dependsOn ?? []), dependable(this.#resource)];
    }
  }
}
