import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { TerraformResource, type IResolvable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed, waitingFor } from '../terraform/address';
import { TerraformData } from '../terraform/terraform-data';
import type { AwsPlace } from '../aws/aws-place';
import { DEFAULT_PREFIX, tableName } from '../aws/names';
import { TABLE_PARTITION_KEY } from '../../contract/table';

export interface JournalTableProps {
  /**
   * Name of the table, 3 to 255 characters of `[A-Za-z0-9_.-]`: what the stack's names begin with.
   * @default "iam-key-rotation"
   */
  readonly tableName?: string;
  /** Where it is. A plan for another place than that of the first apply is refused. */
  readonly place: AwsPlace;
  /**
   * What `underPrefix` says of the names of the secrets. Another prefix makes other secrets, so a plan for one is refused, too.
   * @default they begin as all names do
   */
  readonly secrets?: string;
  /**
   * Off only for stacks that are thrown away: without the journal nobody knows which keys are ours.
   * @default true
   */
  readonly deletionProtection?: boolean | IResolvable;
}

/** For `secrets` of a table, where the names of secrets begin otherwise than all other names. */
export const underPrefix = (secretPrefix: string): string => `, with secrets under ${secretPrefix}`;

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

  constructor(scope: Construct, id: string, props: JournalTableProps) {
    super(scope, id);
    const name = props.tableName ?? tableName(DEFAULT_PREFIX);
    const table = addressed(
      'journal',
      new DynamodbTable(this, 'Resource', {
        name,
        billingMode: 'PAY_PER_REQUEST',
        hashKey: TABLE_PARTITION_KEY,
        attribute: [{ name: TABLE_PARTITION_KEY, type: 'S' }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: props.deletionProtection ?? true,
      }),
    );
    const { place, secrets = '' } = props;
    holdToPlace(this, `${name} in ${place.region} of account ${place.accountId}${secrets}`);
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
      if (TerraformResource.isTerraformResource(part)) waitingFor([this.#resource], part);
    }
  }
}

/**
 * Refuses a plan of a live stack for another place. Terraform would look there, find nothing, take everything for gone,
 * and make it a second time; the first would be forgotten in the state, and its keys would stay as they are for ever.
 *
 * The first apply writes the place into the state, where no look at AWS changes it.
 */
function holdToPlace(scope: Construct, place: string): void {
  addressed(
    'place',
    new TerraformData(scope, 'Place', {
      input: { place },
      lifecycle: {
        ignoreChanges: ['input'],
        postcondition: [
          {
            condition: `\${self.output.place == "${place}"}`,
            errorMessage:
              `This state is of \${self.output.place}, and the plan is for ${place}. Put account, region and prefixes back: ` +
              'what is live would be forgotten and made a second time. If nothing of it is needed any more, plan with ' +
              '-replace of the resource that is named here.',
          },
        ],
      },
    }),
  );
}
