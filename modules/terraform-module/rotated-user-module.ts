import { TerraformOutput, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

import { TAG_KEYS } from '../config/names';
import { DEFAULT_GAPS, DEFAULT_RATE_WINDOW_HOURS, DEFAULT_WINDOW_HOURS } from '../config/schedule';
import { JsonReference } from '../json-text';
import { RotatedUser } from '../rotated-user/rotated-user';
import { placeHere } from './place-here';
import { LIVES_DAYS, ROTATED_USER_VARIABLES } from './rotated-user-variables';
import { addVariables } from './variable';

/** The same number as `spread` of modules/config/schedule.ts, in Terraform; a test compares them. */
const spread = (purpose: string, count: string): string =>
  `parseint(substr(sha256("${purpose}:\${var.name}"), 0, 8), 16) % (${count})`;

/** The same schedules as modules/config/schedule.ts makes of a stable key, in Terraform; a test compares them. */
const LOCALS = {
  user_name: '${coalesce(var.user_name, var.name)}',
  window_hours: `\${var.rotate_every_days == null ? ${String(DEFAULT_WINDOW_HOURS)} : ${String(DEFAULT_RATE_WINDOW_HOURS)}}`,
  calendar_day: `\${1 + ${spread('day', '28')}}`,
  calendar_hour: `\${${spread('hour', '24 - local.window_hours + 1')}}`,
  calendar_months: `\${${spread('month', '2')} == 0 ? "1,3,5,7,9,11" : "2,4,6,8,10,12"}`,
  // Any number where there is none: Terraform looks at both sides of a choice.
  every_days: '${coalesce(var.rotate_every_days, 60)}',
  sooner_days: `\${max(0, min(floor(local.every_days / 10), floor(local.every_days - ${LIVES_DAYS})))}`,
  rate_days: `\${local.every_days - ${spread('interval', 'local.sooner_days + 1')}}`,
  schedule:
    '${var.rotate_every_days == null ? "cron(0 ${local.calendar_hour} ${local.calendar_day} ${local.calendar_months} ? *)" : "rate(${local.rate_days} ${local.rate_days == 1 ? "day" : "days"})"}',
  rotated_within_seconds: `\${(var.rotate_every_days == null ? ${String(DEFAULT_GAPS.longestGapDays)} : local.rate_days) * 86400 + local.window_hours * 3600}`,
  when_still_in_use: '${coalesce(var.when_still_in_use, var.overlap_hours >= 6 ? "hold" : "retire")}',
  // A key's alias, as which AWS's own key is named, grants nothing in a policy, and nothing is needed for it.
  policy_kms_key_arn:
    '${coalesce(var.kms_key_arn, "arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:alias/aws/secretsmanager")}',
  tags: `\${merge(var.tags, { "${TAG_KEYS.user}" = var.name, "${TAG_KEYS.stack}" = var.base.name }, var.owner == null ? {} : { "${TAG_KEYS.owner}" = var.owner })}`,
};

/** What Terraform works out, and what is in the settings only if it is said: each as it stands in the item, and when. */
const OPTIONAL_SETTINGS = `[
  { said = true, item = { rotatedWithinSeconds = { N = tostring(local.rotated_within_seconds) } } },
  { said = var.owner != null, item = { owner = { S = var.owner } } },
  { said = contains(var.take_over, "all"), item = { takeOver = { S = "all" } } },
  { said = length(var.take_over) > 0 && !contains(var.take_over, "all"), item = { takeOver = { L = [for id in var.take_over : { S = id }] } } },
  { said = var.ses_smtp_region != null, item = { sesSmtp = { M = { region = { S = var.ses_smtp_region } } } } },
  { said = var.exemption != null, item = { exemption = { M = { reason = { S = try(var.exemption.reason, null) }, until = { S = try(timeadd(var.exemption.until, "0s"), null) } } } } },
]`;

/** The module `rotated-user`: one user whose keys are rotated, and all that belongs to it. */
export class RotatedUserModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'rotated-user');
    const variables = addVariables(this, ROTATED_USER_VARIABLES);
    this.addOverride('locals', LOCALS);

    const user = new RotatedUser(this, 'User', {
      stableKey: '${var.name}',
      address: 'user',
      prefix: '${var.base.prefix}',
      userName: '${local.user_name}',
      user: {
        kind: 'new',
        path: '${var.path}',
        permissionsBoundaryArn: '${var.permissions_boundary_arn}',
        policyArns: variables.get('policy_arns')?.listValue,
      },
      kmsKeyArn: '${local.policy_kms_key_arn}',
      secretRecoveryDays: Token.asNumber('${var.secret_recovery_days}'),
      readers: new JsonReference('${jsonencode(var.readers)}'),
      overlapSeconds: Token.asNumber('${var.overlap_hours * 3600}'),
      gracePeriodSeconds: Token.asNumber('${var.grace_period_days * 86400}'),
      maximumKeyAgeSeconds: Token.asNumber('${var.maximum_key_age_days * 86400}'),
      whenStillInUse: '${local.when_still_in_use}' as 'hold',
      optionalSettings: OPTIONAL_SETTINGS,
      schedule: {
        expression: '${local.schedule}',
        windowHours: Token.asNumber('${local.window_hours}'),
      },
      function: {
        kind: 'own',
        defaults: {
          rolePath: '${var.base.role_path}',
          permissionsBoundaryArn: '${var.base.permissions_boundary_arn}',
          logRetentionDays: Token.asNumber('${var.base.log_retention_days}'),
          logKmsKeyArn: '${var.base.log_kms_key_arn}',
        },
      },
      table: { tableName: '${var.base.table_name}', arn: '${var.base.table_arn}' },
      place: placeHere(this),
      removalAnnounced: new JsonReference('${var.decommission || !var.base.protection}'),
      tags: Token.asStringMap('${local.tags}'),
    });
    user.secret.resource.addOverride('kms_key_id', '${var.kms_key_arn}');
    user.secret.policy?.addOverride('count', '${length(var.readers) == 0 ? 0 : 1}');

    const output = (name: string, value: string, description: string): void => {
      new TerraformOutput(this, name, { value, description, staticId: true });
    };
    output('secret_arn', user.secretArn, 'The secret that holds the current key.');
    output('user_name', user.userName, "The IAM user's name: to attach policies of your own to.");
    output('user_arn', user.userArn, "The IAM user's ARN.");
    output('function_name', user.functionName, 'The function that rotates the keys.');
    output('schedule', '${local.schedule}', 'When Secrets Manager rotates, in UTC.');
  }
}
