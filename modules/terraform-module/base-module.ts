import { TerraformOutput, TerraformStack, Token } from 'cdktf';
import type { ITerraformDependable, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { JsonReference } from '../terraform/json-text';
import { JournalTable } from '../journal-table/journal-table';
import { KeyRetirement } from '../key-retirement/key-retirement';
import {
  type RotationAlarm,
  RotationAlarms,
  type RotationAlarmsProps,
} from '../rotation-alarms/rotation-alarms';
import { RotationDashboard } from '../rotation-dashboard/rotation-dashboard';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { BASE_VARIABLES } from './base-variables';
import { placeHere } from './place-here';
import { addVariables } from './variable';

/** Made here where the modules of the users make none. */
const isOfAllFunctions = ({ kind, stableKey }: RotationAlarm): boolean =>
  kind === 'rotationFailed' && stableKey === undefined;

/** What the module's Terraform works out. */
const LOCALS = {
  // As an alias, as which AWS's own key is named, a key's permission grants nothing, and nothing is needed for it.
  alert_policy_kms_key_arn:
    '${coalesce(var.alert_kms_key_arn, "arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:alias/aws/sns")}',
};

/** The module `base`: what a set of rotated users has in common. */
export class BaseModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'base');
    const variables = addVariables(this, BASE_VARIABLES);
    this.addOverride('locals', LOCALS);
    const place = placeHere(this);
    const table = new JournalTable(this, 'Journal', {
      tableName: '${var.prefix}',
      deletionProtection: Token.asAny('${var.protection}'),
    });
    const defaults: FunctionDefaults = {
      rolePath: '${var.role_path}',
      permissionsBoundaryArn: '${var.permissions_boundary_arn}',
      logRetentionDays: Token.asNumber('${var.log_retention_days}'),
      logKmsKeyArn: '${var.log_kms_key_arn}',
    };
    const retirement = new KeyRetirement(this, 'Retirement', {
      stackName: '${var.name}',
      prefix: '${var.prefix}',
      mode: '${var.retirement}' as 'act',
      maximumDeletionsPerRun: Token.asNumber('${var.maximum_deletions_per_run}'),
      metricsPer: '${var.metrics_per_user ? "user" : "stack"}' as 'user',
      users: 'tagged',
      ...{ table, place, defaults },
    });
    const alarms = this.#addAlarms(variables, { table, place, defaults });
    const dashboard = this.#addDashboard(alarms, place);

    const output = (name: string, value: string, description: string): void => {
      new TerraformOutput(this, name, {
        value,
        description,
        staticId: true,
        // Whoever uses the base waits until all of it is there, and is destroyed before any of it.
        dependsOn: [...retirement.parts, ...alarms.parts, dashboard],
      });
    };
    output('table_name', table.tableName, 'The table with the settings and journals.');
    output('table_arn', table.arn, 'The ARN of the table.');
    output('retirement_function_name', retirement.functionName, 'The function that retires previous keys.');
    output('retirement_failures_url', retirement.queueUrl, 'The queue of the runs of it that failed.');
    output('alerts_topic_arn', alarms.topic.arn, 'The topic with what people are told.');
    for (const name of [
      'name',
      'prefix',
      'protection',
      'role_path',
      'permissions_boundary_arn',
      'log_retention_days',
      'log_kms_key_arn',
      'per_function_alarms',
      'runbook_url',
    ]) {
      output(name, `\${var.${name}}`, `The variable \`${name}\`, for the rotated users.`);
    }
  }

  #addAlarms(
    variables: Readonly<Record<keyof typeof BASE_VARIABLES, TerraformVariable>>,
    parts: Pick<RotationAlarmsProps, 'table' | 'place' | 'defaults'>,
  ): RotationAlarms {
    const alarms = new RotationAlarms(this, 'Alarms', {
      stackName: '${var.name}',
      prefix: '${var.prefix}',
      emails: variables.alert_emails.listValue,
      topicArns: variables.alert_topic_arns.listValue,
      kmsKeyArn: '${local.alert_policy_kms_key_arn}',
      runbookUrl: '${var.runbook_url}',
      // Each user's module makes the alarms of its function.
      rotation: { kind: 'per-user', stableKeys: [] },
      perFunctionAlarms: false,
      trailExists: true,
      ...parts,
    });
    alarms.topic.resource.addOverride(
      'kms_master_key_id',
      '${coalesce(var.alert_kms_key_arn, "alias/aws/sns")}',
    );
    for (const { resource } of alarms.alarms.filter(isOfAllFunctions)) {
      resource.addOverride('count', '${var.per_function_alarms ? 0 : 1}');
    }
    alarms.serviceEvents?.resource.addOverride('state', '${var.trail_exists ? "ENABLED" : "DISABLED"}');
    return alarms;
  }

  #addDashboard(alarms: RotationAlarms, place: AwsPlace): ITerraformDependable {
    const { resource } = new RotationDashboard(this, 'Dashboard', {
      stackName: '${var.name}',
      prefix: '${var.prefix}',
      place,
      alarmArns: new JsonReference(`\${jsonencode(concat(${alarms.alarms.map(arnsOf).join(', ')}))}`),
    });
    resource.addOverride('count', '${var.dashboard ? 1 : 0}');
    return resource;
  }
}

/** A list in Terraform: of one, or where there may be none, of as many as there are. */
function arnsOf(alarm: RotationAlarm): string {
  const address = `aws_cloudwatch_metric_alarm.${alarm.resource.friendlyUniqueId}`;
  return isOfAllFunctions(alarm) ? `${address}[*].arn` : `[${address}.arn]`;
}
