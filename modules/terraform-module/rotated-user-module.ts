import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import { Fn, ref, TerraformStack, Token } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { functionName, SELF_RENEWAL_POLICY_NAME, TAG_KEYS } from '../aws/names';
import { JsonReference } from '../terraform/json-text';
import { listReference, reference, type TerraformReference } from '../terraform/reference';
import { policyDocument } from '../aws/policy-document';
import type { NewUser } from '../rotated-user/iam-user';
import { secretArnReference } from '../rotated-user/key-secret';
import type { ReplicaReference } from '../rotated-user/key-secret';
import { decryptSecret } from '../rotated-user/policies';
import type { ReadersReference } from '../rotated-user/readers';
import { RotatedUser } from '../rotated-user/rotated-user';
import { metricAlarm } from '../rotation-alarms/metric-alarm';
import { alarmsOfFunction } from '../rotation-alarms/fault-alarms';
import { stackOfBase, type DeclaredOfBase } from './base-of-set';
import { placeHere } from './place-here';

/**
 * What the resources take from release/terraform/rotated-user, and of a user that is there already from
 * rotated-existing-user; the build fails if those do not declare one, or declare another.
 */
type Declared =
  | 'var.name'
  | 'local.secret_kms_key'
  | 'var.secret_recovery_days'
  | DeclaredOfBase
  | 'var.base.runbook_url'
  | 'local.user_name'
  | 'local.overlap_seconds'
  | 'local.grace_period_seconds'
  | 'local.maximum_age_seconds'
  | 'local.when_still_in_use'
  | 'local.schedule'
  | 'local.secret_prefix'
  | 'local.secret_name'
  | 'local.window_hours'
  | 'local.policy_kms_key_arn'
  | 'local.reader_identities'
  | 'local.reader_accounts'
  | 'local.secret_policy_count'
  | 'local.removal_announcement'
  | 'local.alarm_count'
  | 'local.tags';
type DeclaredOfNew =
  | 'var.path'
  | 'var.permissions_boundary_arn'
  | 'var.inline_policies'
  | 'var.groups'
  | 'local.attached_policies'
  | 'local.group_membership_count'
  | 'local.self_renewal_policy_count';
type DeclaredOfExisting = 'local.carries_tag' | 'local.tag_missing';
type List = 'replica_policy_key_arns' | 'replica_policy_services' | 'replica_policy_secret_arns';

const take = (declared: Declared | DeclaredOfNew | DeclaredOfExisting): TerraformReference =>
  reference(declared);
const takeJson = (local: List): JsonReference => new JsonReference(`\${jsonencode(local.${local})}`);

const REPLICAS: ReplicaReference = {
  list: 'var.replicas',
  encrypted: {
    kmsKeyArns: takeJson('replica_policy_key_arns'),
    services: takeJson('replica_policy_services'),
    secretArns: takeJson('replica_policy_secret_arns'),
  },
};

const READERS: ReadersReference = {
  identities: 'local.reader_identities' satisfies Declared,
  accounts: 'local.reader_accounts' satisfies Declared,
};

/** Whether the module makes the user, or finds it made elsewhere. */
export type UserOfModule = 'new' | 'existing';

const MODULE_NAMES: Readonly<Record<UserOfModule, string>> = {
  new: 'rotated-user',
  existing: 'rotated-existing-user',
};

/** Name in the Terraform addresses of all that belongs to the user. */
const ADDRESS = 'user';

/** The resources of the modules `rotated-user` and `rotated-existing-user`: one user whose keys are rotated, and all that belongs to it. */
export class RotatedUserModule extends TerraformStack {
  readonly #place: AwsPlace;

  constructor(scope: Construct, kind: UserOfModule) {
    super(scope, MODULE_NAMES[kind]);
    this.#place = placeHere(this);

    const { defaults, prefix, table } = stackOfBase();
    const user = new RotatedUser(this, 'User', {
      stableKey: take('var.name'),
      secretPrefix: take('local.secret_prefix'),
      secretNameReference: take('local.secret_name'),
      address: ADDRESS,
      prefix,
      userName: take('local.user_name'),
      user: kind === 'new' ? this.#newUser() : { kind: 'existing' },
      kmsKeyArn: take('local.policy_kms_key_arn'),
      secretRecoveryDays: Token.asNumber(take('var.secret_recovery_days')),
      readers: READERS,
      replicas: REPLICAS,
      overlapSeconds: Token.asNumber(take('local.overlap_seconds')),
      gracePeriodSeconds: Token.asNumber(take('local.grace_period_seconds')),
      maximumKeyAgeSeconds: Token.asNumber(take('local.maximum_age_seconds')),
      whenStillInUse: take('local.when_still_in_use'),
      optionalSettings: 'local.optional_settings',
      deliver: { where: 'length(var.deliver) > 0' },
      schedule: {
        expression: take('local.schedule'),
        windowHours: Token.asNumber(take('local.window_hours')),
      },
      function: {
        kind: 'own',
        defaults,
      },
      table,
      place: this.#place,
      removalAnnounced: new JsonReference(take('local.removal_announcement')),
      guards: [...this.#addAlarms(), ...(kind === 'new' ? [this.#addSelfRenewal()] : [])],
      tags: Token.asStringMap(take('local.tags')),
    });
    user.secret.resource.addOverride('kms_key_id', take('local.secret_kms_key'));
    // A map that is a reference cannot have a tag put beside what it holds.
    user.secret.resource.addOverride(
      'tags',
      Fn.merge([ref('local.tags' satisfies Declared), { [TAG_KEYS.userId]: user.userId }]),
    );
    user.secret.policy?.addOverride('count', take('local.secret_policy_count'));
    if (kind === 'new') {
      const groups = `resource.aws_iam_user_group_membership.${ADDRESS}`;
      this.addOverride(`${groups}.count`, take('local.group_membership_count'));
    }
    if (kind === 'existing') {
      this.addOverride(`resource.aws_dynamodb_table_item.${ADDRESS}.lifecycle.precondition`, [
        { condition: take('local.carries_tag'), error_message: take('local.tag_missing') },
      ]);
    }
  }

  #newUser(): NewUser {
    return {
      kind: 'new',
      path: take('var.path'),
      permissionsBoundaryArn: take('var.permissions_boundary_arn'),
      policyArnsByName: Token.asStringMap(take('local.attached_policies')),
      inlinePolicies: Token.asStringMap(take('var.inline_policies')),
      groups: listReference('var.groups' satisfies DeclaredOfNew),
    };
  }

  #addAlarms(): readonly ITerraformDependable[] {
    const alarms = new Construct(this, 'Alarms');
    const stack = take('var.base.prefix');
    return alarmsOfFunction({
      stack,
      secretPrefix: take('local.secret_prefix'),
      stableKey: take('var.name'),
      address: ADDRESS,
      functionName: functionName(stack, take('var.name')),
    }).map((definition) => {
      const runbookUrl = take('var.base.runbook_url');
      const alarm = metricAlarm(alarms, definition.address, {
        ...{ stack, runbookUrl, definition },
        tags: Token.asStringMap(take('local.tags')),
      });
      alarm.addOverride('count', take('local.alarm_count'));
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
        policy: policyDocument([decryptSecret(take('local.policy_kms_key_arn'), secretArn, this.#place)]),
      }),
    );
    policy.addOverride('count', take('local.self_renewal_policy_count'));
    return policy;
  }
}
