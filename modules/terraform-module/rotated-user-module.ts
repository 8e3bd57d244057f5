import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import { TerraformOutput, TerraformStack, Token } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { functionName, TAG_KEYS } from '../aws/names';
import { DEFAULT_GAPS, DEFAULT_RATE_WINDOW_HOURS, DEFAULT_WINDOW_HOURS } from '../schedule/schedule';
import { JsonReference } from '../terraform/json-text';
import { policyDocument } from '../aws/policy-document';
import type { ExistingUser, NewUser } from '../rotated-user/iam-user';
import { secretArnReference } from '../rotated-user/key-secret';
import type { ReplicaReference } from '../rotated-user/key-secret';
import { decryptSecret } from '../rotated-user/policies';
import { RotatedUser, SELF_RENEWAL_POLICY_NAME } from '../rotated-user/rotated-user';
import { metricAlarm } from '../rotation-alarms/metric-alarm';
import { alarmsOfFunction } from '../rotation-alarms/fault-alarms';
import { placeHere } from './place-here';
import {
  LIVES_DAYS,
  ROTATED_EXISTING_USER_VARIABLES,
  ROTATED_USER_VARIABLES,
} from './rotated-user-variables';
import { addVariables } from './variable';

/** The same number as `spread` of modules/schedule/schedule.ts, in Terraform; a test compares them. */
const spread = (purpose: string, count: string): string =>
  `parseint(substr(sha256("${purpose}:\${var.name}"), 0, 8), 16) % (${count})`;

/** The same schedules as modules/schedule/schedule.ts makes of a stable key, in Terraform; a test compares them. */
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
  aws_key_alias_arn:
    'arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:alias/aws/secretsmanager',
  policy_kms_key_arn: '${coalesce(var.kms_key_arn, local.aws_key_alias_arn)}',
  readers: '${concat(var.readers, var.self_renewal ? [local.user_arn] : [])}',
  replica_key_arns: '${[for copy in var.replicas : copy.kms_key_arn if copy.kms_key_arn != null]}',
  tags: `\${merge(var.tags, { "${TAG_KEYS.user}" = var.name, "${TAG_KEYS.stack}" = var.base.name }, var.owner == null ? {} : { "${TAG_KEYS.owner}" = var.owner })}`,
};

/** What the function needs to encrypt copies; where no customer key does, the permission is for an alias, and is none. */
const REPLICAS: ReplicaReference = {
  list: 'var.replicas',
  encrypted: {
    kmsKeyArns: new JsonReference(
      '${jsonencode(coalescelist(local.replica_key_arns, [local.aws_key_alias_arn]))}',
    ),
    services: new JsonReference(
      '${jsonencode([for region in concat([data.aws_region.current.id], var.replicas[*].region) : "secretsmanager.${region}.${data.aws_partition.current.dns_suffix}"])}',
    ),
    secretArns: new JsonReference(
      '${jsonencode([for region in coalescelist(var.replicas[*].region, [data.aws_region.current.id]) : "arn:${data.aws_partition.current.partition}:secretsmanager:${region}:${data.aws_caller_identity.current.account_id}:secret:${var.base.prefix}/${var.name}-??????"])}',
    ),
  },
};

/**
 * The retirement function may touch the users that carry the tag, and no others. Of the settings and not of the data
 * source: one with conditions is read anew while anything that they name changes, and then all that the user's id is in
 * would be planned as a change.
 */
const CARRIES_TAG = {
  condition: `\${lookup(data.aws_iam_user.user.tags, "${TAG_KEYS.stack}", "") == var.base.name}`,
  error_message: `The retirement function of a base touches only users with its tag. Give the IAM user the tag ${TAG_KEYS.stack} = "\${var.base.name}" where it is made, then plan again.`,
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

/** Whether the module makes the user, or finds it made elsewhere. */
export type UserOfModule = 'new' | 'existing';

/** What is said in another way of a user that is made here, and of one that is there already. */
const KINDS = {
  new: {
    name: 'rotated-user',
    userArn:
      'arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:user${var.path}${local.user_name}',
  },
  existing: {
    name: 'rotated-existing-user',
    userArn: '${data.aws_iam_user.user.arn}',
  },
} as const;

/** Name in the Terraform addresses of all that belongs to the user. */
const ADDRESS = 'user';

/** The modules `rotated-user` and `rotated-existing-user`: one user whose keys are rotated, and all that belongs to it. */
export class RotatedUserModule extends TerraformStack {
  readonly #place: AwsPlace;

  constructor(scope: Construct, kind: UserOfModule) {
    super(scope, KINDS[kind].name);
    this.#place = placeHere(this);
    this.addOverride('locals', { ...LOCALS, user_arn: KINDS[kind].userArn });

    const user = new RotatedUser(this, 'User', {
      stableKey: '${var.name}',
      address: ADDRESS,
      prefix: '${var.base.prefix}',
      userName: '${local.user_name}',
      user: kind === 'new' ? this.#newUser() : this.#existingUser(),
      kmsKeyArn: '${local.policy_kms_key_arn}',
      secretRecoveryDays: Token.asNumber('${var.secret_recovery_days}'),
      readers: new JsonReference('${jsonencode(local.readers)}'),
      replicas: REPLICAS,
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
      place: this.#place,
      removalAnnounced: new JsonReference('${var.decommission || !var.base.protection}'),
      guards: [...this.#addAlarms(), ...(kind === 'new' ? [this.#addSelfRenewal()] : [])],
      tags: Token.asStringMap('${local.tags}'),
    });
    user.secret.resource.addOverride('kms_key_id', '${var.kms_key_arn}');
    user.secret.policy?.addOverride('count', '${length(var.readers) == 0 && !var.self_renewal ? 0 : 1}');
    if (kind === 'new') {
      // It may name the user, and one that names nobody who is there is refused.
      user.secret.policy?.addOverride('depends_on', [`aws_iam_user.${ADDRESS}`]);
    } else {
      this.addOverride(`resource.aws_dynamodb_table_item.${ADDRESS}.lifecycle.precondition`, [CARRIES_TAG]);
    }
    this.#addOutputs(user);
  }

  #newUser(): NewUser {
    const { policy_arns: policyArns } = addVariables(this, ROTATED_USER_VARIABLES);
    return {
      kind: 'new',
      path: '${var.path}',
      permissionsBoundaryArn: '${var.permissions_boundary_arn}',
      policyArns: policyArns.listValue,
    };
  }

  #existingUser(): ExistingUser {
    addVariables(this, ROTATED_EXISTING_USER_VARIABLES);
    return { kind: 'existing' };
  }

  #addAlarms(): readonly ITerraformDependable[] {
    const alarms = new Construct(this, 'Alarms');
    const stack = '${var.base.prefix}';
    return alarmsOfFunction({
      stack,
      stableKey: '${var.name}',
      address: ADDRESS,
      functionName: functionName(stack, '${var.name}'),
    }).map((definition) => {
      const runbookUrl = '${var.base.runbook_url}';
      const alarm = metricAlarm(alarms, definition.address, { stack, runbookUrl, definition });
      alarm.addOverride('count', '${var.base.per_function_alarms ? 1 : 0}');
      return alarm;
    });
  }

  /** The secret's policy admits the user; with a customer key it has to be decrypted, too. */
  #addSelfRenewal(): ITerraformDependable {
    const secretArn = secretArnReference(ADDRESS);
    const policy = addressed(
      ADDRESS,
      new IamUserPolicy(this, 'SelfRenewal', {
        name: SELF_RENEWAL_POLICY_NAME,
        user: `\${aws_iam_user.${ADDRESS}.name}`,
        policy: policyDocument([decryptSecret('${local.policy_kms_key_arn}', secretArn, this.#place)]),
      }),
    );
    // Also without a customer key, where it is for an alias and grants nothing: whether there is one may not be known yet.
    policy.addOverride('count', '${var.self_renewal ? 1 : 0}');
    return policy;
  }

  #addOutputs(user: RotatedUser): void {
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
