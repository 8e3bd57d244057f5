import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { JsonReference } from '../terraform/json-text';
import {
  listReference,
  reference,
  type TerraformCondition,
  type TerraformReference,
} from '../terraform/reference';
import { JournalTable } from '../journal-table/journal-table';
import { KeyRetirement } from '../key-retirement/key-retirement';
import {
  type RotationAlarm,
  RotationAlarms,
  type RotationAlarmsProps,
} from '../rotation-alarms/rotation-alarms';
import { RotationDashboard } from '../rotation-dashboard/rotation-dashboard';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { placeHere } from './place-here';

/** What the resources take from release/terraform/base; the build fails if that does not declare one, or declares another. */
type Declared =
  | 'var.name'
  | 'var.prefix'
  | 'var.retirement'
  | 'var.maximum_deletions_per_run'
  | 'var.delivers'
  | 'var.on_leak'
  | 'var.alert_emails'
  | 'var.alert_topic_arns'
  | 'var.alert_format'
  | 'var.runbook_url'
  | 'var.protection'
  | 'var.role_path'
  | 'var.permissions_boundary_arn'
  | 'var.log_retention_days'
  | 'var.log_kms_key_arn'
  | 'var.function_runtime'
  | 'var.function_architecture'
  | 'var.vpc'
  | 'local.alert_policy_kms_key_arn'
  | 'local.alert_topic_kms_key'
  | 'local.metrics_per'
  | 'local.place_of_secrets'
  | 'local.secret_prefix'
  | 'local.shared_alarm_count'
  | 'local.dashboard_count'
  | 'local.service_events_state';

const take = (declared: Declared): TerraformReference => reference(declared);
const takeList = (declared: Declared): string[] => listReference(declared);

const DELIVERS: TerraformCondition = { where: 'var.delivers' satisfies Declared };

const ANSWERS_LEAKS: TerraformCondition = { where: `${'var.on_leak' satisfies Declared} == "replace"` };

/** Made here where the modules of the users make none. */
const isOfAllFunctions = ({ kind, stableKey }: RotationAlarm): boolean =>
  kind === 'rotationFailed' && stableKey === undefined;

/** The resources of the module `base`: what a set of rotated users has in common. */
export class BaseModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'base');
    const place = placeHere(this);
    const table = new JournalTable(this, 'Journal', {
      tableName: take('var.prefix'),
      place,
      secrets: take('local.place_of_secrets'),
      deletionProtection: Token.asAny(take('var.protection')),
    });
    const defaults: FunctionDefaults = {
      runtime: take('var.function_runtime'),
      architecture: take('var.function_architecture'),
      rolePath: take('var.role_path'),
      permissionsBoundaryArn: take('var.permissions_boundary_arn'),
      logRetentionDays: Token.asNumber(take('var.log_retention_days')),
      logKmsKeyArn: take('var.log_kms_key_arn'),
      vpc: { address: 'var.vpc' satisfies Declared },
    };
    new KeyRetirement(this, 'Retirement', {
      stackName: take('var.name'),
      prefix: take('var.prefix'),
      secretPrefix: take('local.secret_prefix'),
      mode: take('var.retirement'),
      maximumDeletionsPerRun: Token.asNumber(take('var.maximum_deletions_per_run')),
      metricsPer: take('local.metrics_per'),
      users: 'tagged',
      delivers: DELIVERS,
      answersLeaks: ANSWERS_LEAKS,
      // Whether a user has `acknowledgement`, the module of the user says, which comes later.
      acknowledges: true,
      ...{ table, place, defaults },
    });
    const alarms = this.#addAlarms({ table, place, defaults });
    this.#addDashboard(alarms, place);
  }

  #addAlarms(parts: Pick<RotationAlarmsProps, 'table' | 'place' | 'defaults'>): RotationAlarms {
    const alarms = new RotationAlarms(this, 'Alarms', {
      stackName: take('var.name'),
      prefix: take('var.prefix'),
      secretPrefix: take('local.secret_prefix'),
      emails: takeList('var.alert_emails'),
      topicArns: takeList('var.alert_topic_arns'),
      format: take('var.alert_format'),
      kmsKeyArn: take('local.alert_policy_kms_key_arn'),
      runbookUrl: take('var.runbook_url'),
      // Each user's module makes the alarms of its function.
      rotation: { kind: 'per-user', stableKeys: [] },
      perFunctionAlarms: false,
      trailExists: true,
      ...parts,
    });
    alarms.topic.resource.addOverride('kms_master_key_id', take('local.alert_topic_kms_key'));
    for (const { resource } of alarms.alarms.filter(isOfAllFunctions)) {
      resource.addOverride('count', take('local.shared_alarm_count'));
    }
    alarms.serviceEvents?.resource.addOverride('state', take('local.service_events_state'));
    return alarms;
  }

  #addDashboard(alarms: RotationAlarms, place: AwsPlace): void {
    const { resource } = new RotationDashboard(this, 'Dashboard', {
      stackName: take('var.name'),
      prefix: take('var.prefix'),
      place,
      delivers: DELIVERS,
      alarmArns: new JsonReference(`\${jsonencode(concat(${alarms.alarms.map(arnsOf).join(', ')}))}`),
    });
    resource.addOverride('count', take('local.dashboard_count'));
  }
}

/** A list in Terraform: of one, or where there may be none, of as many as there are. */
function arnsOf(alarm: RotationAlarm): string {
  const address = `aws_cloudwatch_metric_alarm.${alarm.resource.friendlyUniqueId}`;
  return isOfAllFunctions(alarm) ? `${address}[*].arn` : `[${address}.arn]`;
}
