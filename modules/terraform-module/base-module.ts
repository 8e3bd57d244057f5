import { TerraformOutput, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

import { LOG_RETENTION_DAYS } from '../config/aws-values';
import { DEFAULT_LOG_RETENTION_DAYS, DEFAULT_MAXIMUM_DELETIONS_PER_RUN } from '../config/default-values';
import { DEFAULT_PREFIX } from '../config/names';
import { JournalTable } from '../journal-table/journal-table';
import { KeyRetirement } from '../key-retirement/key-retirement';
import { placeHere } from './place-here';
import { addVariables, type Variables } from './variable';

export const BASE_VARIABLES: Variables = {
  name: {
    type: 'string',
    description:
      'The name of this set of users, in a tag of each: the retirement function may touch the users with this tag and no others. Two sets of one account differ in it.',
    validations: [
      {
        condition: 'can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,127}$", var.name))',
        message:
          'A name begins with a letter or _ and has letters, digits, _ and -. Write: name = "production".',
      },
    ],
  },
  prefix: {
    type: 'string',
    description:
      'What all names on AWS begin with. Two sets of one account differ in it, also in two regions.',
    default: DEFAULT_PREFIX,
    validations: [
      {
        condition: 'can(regex("^[A-Za-z][A-Za-z0-9_-]{2,47}$", var.prefix))',
        message:
          'A prefix begins with a letter and has 3 to 48 letters, digits, _ and -. Write: prefix = "iam-key-rotation".',
      },
    ],
  },
  retirement: {
    type: 'string',
    description:
      '`report`: the retirement function decides and reports, and changes nothing. `act`: it retires previous keys.',
    default: 'act',
    validations: [
      {
        condition: 'contains(["act", "report"], var.retirement)',
        message: 'retirement is act or report. Write: retirement = "act".',
      },
    ],
  },
  maximum_deletions_per_run: {
    type: 'number',
    description: 'How many keys one run of the retirement function, every hour, deletes at most.',
    default: DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
    validations: [
      {
        condition:
          'var.maximum_deletions_per_run >= 1 && var.maximum_deletions_per_run <= 5000 && floor(var.maximum_deletions_per_run) == var.maximum_deletions_per_run',
        message:
          'maximum_deletions_per_run is a whole number, 1 to 5000. Write: maximum_deletions_per_run = 25.',
      },
    ],
  },
  metrics_per_user: {
    type: 'bool',
    description: 'Metrics of each user beside those of the whole set, which CloudWatch bills one by one.',
    default: false,
  },
  protection: {
    type: 'bool',
    description:
      "`false` lifts the guard against removing a user unannounced, and the table's deletion protection: for sets that are thrown away.",
    default: true,
  },
  role_path: {
    type: 'string',
    description: "The IAM path of the functions' roles.",
    default: '/',
    validations: [
      {
        condition: 'can(regex("^/$|^/[!-~]{1,510}/$", var.role_path))',
        message: 'A path begins and ends with a slash. Write: role_path = "/service/".',
      },
    ],
  },
  permissions_boundary_arn: {
    type: 'string',
    description: "The permissions boundary of the functions' roles.",
    default: null,
  },
  log_retention_days: {
    type: 'number',
    description: "How long the functions' logs are kept.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    validations: [
      {
        condition: `contains([${LOG_RETENTION_DAYS.join(', ')}], var.log_retention_days)`,
        message: `log_retention_days is one of the numbers that CloudWatch Logs offers: ${LOG_RETENTION_DAYS.join(', ')}. Write: log_retention_days = 365.`,
      },
    ],
  },
  log_kms_key_arn: {
    type: 'string',
    description: "The customer key that encrypts the logs; without it CloudWatch Logs' own.",
    default: null,
  },
};

/** What a `rotated-user` takes from its base: outputs of the same names. */
export const BASE_TYPE = `object({
  name                     = string
  prefix                   = string
  table_name               = string
  table_arn                = string
  protection               = bool
  role_path                = string
  permissions_boundary_arn = string
  log_retention_days       = number
  log_kms_key_arn          = string
})`;

/** The module `base`: what a set of rotated users has in common. */
export class BaseModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'base');
    addVariables(this, BASE_VARIABLES);
    const place = placeHere(this);
    const table = new JournalTable(this, 'Journal', {
      tableName: '${var.prefix}',
      deletionProtection: Token.asAny('${var.protection}'),
    });
    const retirement = new KeyRetirement(this, 'Retirement', {
      stackName: '${var.name}',
      prefix: '${var.prefix}',
      mode: '${var.retirement}' as 'act',
      maximumDeletionsPerRun: Token.asNumber('${var.maximum_deletions_per_run}'),
      metricsPer: '${var.metrics_per_user ? "user" : "stack"}' as 'user',
      users: 'tagged',
      table,
      place,
      defaults: {
        rolePath: '${var.role_path}',
        permissionsBoundaryArn: '${var.permissions_boundary_arn}',
        logRetentionDays: Token.asNumber('${var.log_retention_days}'),
        logKmsKeyArn: '${var.log_kms_key_arn}',
      },
    });

    const output = (name: string, value: string, description: string): void => {
      new TerraformOutput(this, name, {
        value,
        description,
        staticId: true,
        // Whoever uses the base waits until all of it is there, and is destroyed before any of it.
        dependsOn: [...retirement.parts],
      });
    };
    output('table_name', table.tableName, 'The table with the settings and journals.');
    output('table_arn', table.arn, 'Its ARN.');
    output('retirement_function_name', retirement.functionName, 'The function that retires previous keys.');
    output('retirement_failures_url', retirement.queueUrl, 'The queue of the runs of it that failed.');
    for (const name of [
      'name',
      'prefix',
      'protection',
      'role_path',
      'permissions_boundary_arn',
      'log_retention_days',
      'log_kms_key_arn',
    ]) {
      output(name, `\${var.${name}}`, `The variable \`${name}\`, for the rotated users.`);
    }
  }
}
