import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { AwsProviderAssumeRole, AwsProviderConfig } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { Audit } from './audit-trail/audit';
import { LeakResponse } from './leak-response/leak-response';
import { awsPlace, iamEventsRegion } from './aws/aws-place';
import type { AwsPlace } from './aws/aws-place';
import { addBackend, withoutEmptyBackend } from './terraform/backend';
import type { StackConfiguration, UserConfiguration } from './config/configuration';
import { KEY_NOTE_TAG_PREFIX, secretName, tableName, TAG_KEYS } from './aws/names';
import { escapeReferences } from './terraform/escape-references';
import { isAddressTaken } from './terraform/address';
import { KeyDelivery } from './key-delivery/key-delivery';
import { JournalTable, underPrefix } from './journal-table/journal-table';
import { KeyRetirement } from './key-retirement/key-retirement';
import type { FunctionDefaults } from './node-function/node-function-props';
import type { PolicyStatement } from './aws/policy-document';
import { providerVersionFor } from './terraform/provider-version';
import { RotationAlarms } from './rotation-alarms/rotation-alarms';
import { type Resources, StackTooLongError, tooLong } from './terraform/resource-limits';
import { addressesOfRights } from './rotated-user/iam-user';
import { RotatedUser } from './rotated-user/rotated-user';
import { readersOfKey } from './rotated-user/readers';
import type { RotationFunction } from './rotated-user/rotation-function';
import { RotationDashboard } from './rotation-dashboard/rotation-dashboard';
import { sharedRotation } from './rotated-user/shared-rotation';

export interface RotationStackProps {
  readonly configuration: StackConfiguration;
  /**
   * Version constraint of the AWS provider. Production should pin one version.
   * @default ">= 5.100.0, < 7.0.0"; with `functionRuntime: nodejs24.x` ">= 6.21.0, < 7.0.0"
   */
  readonly providerVersion?: string;
}

/** One stack of the configuration: an account, a region, a state, and the users that are rotated there. */
export class RotationStack extends TerraformStack {
  readonly #configuration: StackConfiguration;
  readonly #place: AwsPlace;
  readonly #table: JournalTable;
  /** A scope of their own: a stable key may be any word, also one that names something of the stack. */
  readonly #users: Construct;

  constructor(scope: Construct, props: RotationStackProps) {
    super(scope, props.configuration.name);
    this.#configuration = escapeReferences(props.configuration);
    const { prefix, stackPrefix, secretPrefix, protection, users, functions } = this.#configuration;
    this.#place = awsPlace(this.#configuration);

    addBackend(this, this.#configuration.backend);
    this.#addProvider(props.providerVersion ?? providerVersionFor(this.#configuration.functionRuntime));
    this.#table = new JournalTable(this, 'Journal', {
      tableName: tableName(prefix),
      place: this.#place,
      ...(secretPrefix === stackPrefix ? {} : { secrets: underPrefix(secretPrefix) }),
      deletionProtection: protection,
    });
    this.#users = new Construct(this, 'Users');
    const rotatedUsers: RotatedUser[] = [];
    const sharedFunction = functions === 'shared' ? this.#addSharedFunction(rotatedUsers) : undefined;
    const retirement = this.#addRetirement(rotatedUsers);
    const alarms = this.#addAlarms();
    const audit = this.#addAudit(alarms);
    const guards = [
      ...retirement.parts,
      ...this.#addLeakResponse(alarms),
      ...this.#addDelivery(),
      ...audit.parts,
      ...this.#addDashboard(alarms, audit),
    ];
    rotatedUsers.push(
      ...users.map((user) => this.#addUser(user, sharedFunction, [...guards, ...alarms.partsFor(user.key)])),
    );
    this.#forgetUsersTakenOver();
    this.#addOutputs(rotatedUsers, retirement, alarms, audit);
  }

  /**
   * The stack as Terraform reads it. CDKTF calls it to synthesize.
   *
   * @throws StackTooLongError if AWS would refuse a name or a policy for its length
   */
  override toTerraform(): unknown {
    const synthesized = withoutEmptyBackend(
      super.toTerraform() as { readonly resource?: Resources; readonly terraform: object },
    );
    const problems = tooLong(synthesized.resource ?? {});
    if (problems.length > 0) throw new StackTooLongError(this.#configuration.name, problems);
    return synthesized;
  }

  #addProvider(version: string): void {
    new AwsProvider(this, 'Aws', this.#providerIn(this.#configuration.region));
    // The bindings pin the version that they were generated from.
    this.addOverride('terraform.required_providers.aws.version', version);
  }

  #providerIn(region: string): AwsProviderConfig {
    const { accountId, name, tags, ignoreTags } = this.#configuration;
    return {
      region,
      allowedAccountIds: [accountId],
      assumeRole: this.#deployRole(),
      defaultTags: [{ tags: { ...tags, [TAG_KEYS.stack]: name } }],
      ignoreTags: [
        {
          keys: ignoreTags?.keys && [...ignoreTags.keys],
          keyPrefixes: [KEY_NOTE_TAG_PREFIX, ...(ignoreTags?.keyPrefixes ?? [])],
        },
      ],
    };
  }

  #addAudit({ notification }: RotationAlarms): Audit {
    return new Audit(this, 'Audit', {
      configuration: this.#configuration,
      place: this.#place,
      table: this.#table,
      defaults: this.#functionDefaults(),
      targets: [notification],
      providerIn: (region) => this.#providerOf(region),
    });
  }

  #addLeakResponse({ notification }: RotationAlarms): readonly ITerraformDependable[] {
    const { functions, leakDrill, name, onLeak, prefix, users } = this.#configuration;
    return new LeakResponse(this, 'Leaks', {
      ...{ stackName: name, prefix, onLeak, leakDrill, functions, notification },
      stableKeys: users.map(({ key }) => key),
      table: this.#table,
      place: this.#place,
      defaults: this.#functionDefaults(),
      providerIn: (region) => this.#providerOf(region),
    }).parts;
  }

  /** For another region of the account: where IAM's events arrive, and where Health sends its own besides. */
  #providerOf(region: string): AwsProvider {
    const [id, alias] =
      region === iamEventsRegion(this.#place.partition)
        ? ['IamEventsAws', 'iam_events']
        : ['HealthBackupAws', 'health_backup'];
    const known = this.node.tryFindChild(id) as AwsProvider | undefined;
    return known ?? new AwsProvider(this, id, { ...this.#providerIn(region), alias });
  }

  #deployRole(): AwsProviderAssumeRole[] | undefined {
    const { deployRoleArn, deployRoleExternalId, deployRoleSessionName } = this.#configuration;
    if (deployRoleArn === undefined) {
      return undefined;
    }
    return [{ roleArn: deployRoleArn, externalId: deployRoleExternalId, sessionName: deployRoleSessionName }];
  }

  #addUser(
    user: UserConfiguration,
    sharedFunction: RotationFunction | undefined,
    guards: readonly ITerraformDependable[],
  ): RotatedUser {
    const { prefix, protection, secretPrefix, secretRecoveryDays } = this.#configuration;
    return new RotatedUser(this.#users, user.key, {
      ...user,
      stableKey: user.key,
      prefix,
      secretPrefix,
      secretRecoveryDays,
      table: this.#table,
      place: this.#place,
      guards,
      user: user.existing ? { kind: 'existing' } : { kind: 'new', ...user },
      function:
        sharedFunction === undefined
          ? { kind: 'own', defaults: this.#functionDefaults() }
          : { kind: 'shared', rotation: sharedFunction },
      removalAnnounced: user.decommission || !protection,
      tags: this.#tagsOf(user),
    });
  }

  #addSharedFunction(rotatedUsers: readonly RotatedUser[]): RotationFunction {
    return sharedRotation(this, {
      configuration: this.#configuration,
      place: this.#place,
      table: this.#table,
      defaults: this.#functionDefaults(),
      users: () => rotatedUsers.map(({ userArn, userPath }) => ({ arn: userArn, path: userPath })),
    });
  }

  #addRetirement(rotatedUsers: readonly RotatedUser[]): KeyRetirement {
    const { maximumDeletionsPerRun, metrics, name, prefix, retirement, secretPrefix, sharded, users } =
      this.#configuration;
    return new KeyRetirement(this, 'Retirement', {
      stackName: name,
      prefix,
      secretPrefix,
      sharded,
      mode: retirement,
      maximumDeletionsPerRun,
      metricsPer: metrics.perUser ? 'user' : 'stack',
      users: () => rotatedUsers,
      delivers: this.#usersWithTargets().length > 0,
      acknowledges: users.some(({ acknowledgement: { by } = {} }) => by === 'command' || by === 'either'),
      answersLeaks: this.#configuration.onLeak === 'replace',
      table: this.#table,
      place: this.#place,
      defaults: this.#functionDefaults(),
    });
  }

  /** A stack without targets has nothing of it. */
  #addDelivery(): readonly ITerraformDependable[] {
    const { name, prefix, secretPrefix } = this.#configuration;
    const users = this.#usersWithTargets();
    if (users.length === 0) return [];
    const delivery = new KeyDelivery(this, 'Delivery', {
      stackName: name,
      prefix,
      secretPrefix,
      users: users.map(({ key: stableKey, kmsKeyArn, deliver }) => ({ stableKey, kmsKeyArn, deliver })),
      table: this.#table,
      place: this.#place,
      defaults: this.#functionDefaults(),
    });
    this.#addOutput(
      'delivery_function_name',
      'The function that delivers current keys to targets.',
      delivery.functionName,
    );
    this.#addOutput(
      'delivery_failures_url',
      'The queue of the runs and events of it that failed.',
      delivery.queueUrl,
    );
    return delivery.parts;
  }

  #usersWithTargets(): readonly UserConfiguration[] {
    return this.#configuration.users.filter(({ deliver }) => deliver.length > 0);
  }

  #addAlarms(): RotationAlarms {
    const { alerts, auditTrail, functions, name, prefix, secretPrefix, sharded, users } = this.#configuration;
    return new RotationAlarms(this, 'Alarms', {
      stackName: name,
      prefix,
      secretPrefix,
      sharded,
      ...alerts,
      rotation:
        functions === 'shared'
          ? { kind: 'shared' }
          : {
              kind: 'per-user',
              stableKeys: users.map(({ key }) => key),
              tags: Object.fromEntries(users.map((user) => [user.key, this.#tagsOf(user)])),
            },
      trailExists: auditTrail.kind !== 'none',
      table: this.#table,
      place: this.#place,
      defaults: this.#functionDefaults(),
    });
  }

  #addDashboard({ alarms }: RotationAlarms, { logGroupName }: Audit): readonly ITerraformDependable[] {
    const { dashboard, name, prefix, users } = this.#configuration;
    if (!dashboard) return [];
    const ages = users.map(({ maximumKeyAgeSeconds }) => maximumKeyAgeSeconds);
    const { resource } = new RotationDashboard(this, 'Dashboard', {
      stackName: name,
      prefix,
      place: this.#place,
      maximumKeyAgeSeconds: ages.length === 0 ? undefined : Math.min(...ages),
      alarmArns: alarms.map(({ resource }) => resource.arn),
      delivers: this.#usersWithTargets().length > 0,
      suspiciousActsLogGroup: logGroupName,
    });
    return [resource];
  }

  #functionDefaults(): FunctionDefaults {
    const { logKmsKeyArn, logRetentionDays, permissionsBoundaryArn, rolePath } = this.#configuration;
    const { functionRuntime: runtime, functionArchitecture: architecture, vpc } = this.#configuration;
    return { logKmsKeyArn, logRetentionDays, permissionsBoundaryArn, rolePath, runtime, architecture, vpc };
  }

  /**
   * A user that was made or imported here and is now only to be looked up (`existing`) leaves the state and stays in
   * the account; without this, Terraform would delete it. Where the state has no such user, it does nothing.
   */
  #forgetUsersTakenOver(): void {
    const removed = this.#configuration.users
      .filter(({ existing }) => existing)
      .flatMap(({ key }) => [`aws_iam_user.${key}`, ...addressesOfRights(key)])
      // A user may be called as an address of another one ends: `a_inline`.
      .filter((from) => !isAddressTaken(this, from))
      .map((from) => ({ from, lifecycle: { destroy: false } }));
    if (removed.length > 0) {
      this.addOverride('removed', removed);
    }
  }

  /** The stack's own tags come from the provider: `tags` of a resource says what is its own. */
  #tagsOf(user: UserConfiguration): Record<string, string> {
    const stackTags = this.#configuration.tags;
    return {
      ...Object.fromEntries(Object.entries(user.tags).filter(([key, value]) => stackTags[key] !== value)),
      [TAG_KEYS.user]: user.key,
      ...(user.owner === undefined ? {} : { [TAG_KEYS.owner]: user.owner }),
    };
  }

  #addOutputs(
    rotatedUsers: readonly RotatedUser[],
    retirement: KeyRetirement,
    alarms: RotationAlarms,
    audit: Audit,
  ): void {
    const byUser = (value: (user: RotatedUser) => string): Record<string, string> =>
      Object.fromEntries(rotatedUsers.map((user) => [user.node.id, value(user)]));
    this.#addOutput(
      'secret_arns',
      'The secret of each user.',
      byUser((user) => user.secret.arnInStack),
    );
    this.#addOutput(
      'function_names',
      'The rotation function of each user.',
      byUser((user) => user.functionName),
    );
    this.#addOutput('table_name', 'The table with the settings and journals.', this.#table.tableName);
    this.#addKeyPolicyStatements();
    this.#addOutput(
      'retirement_function_name',
      'The function that retires previous keys.',
      retirement.functionName,
    );
    this.#addOutput(
      'retirement_failures_url',
      'The queue of the runs of it that failed.',
      retirement.queueUrl,
    );
    this.#addOutput('alerts_topic_arn', 'The topic with what people are told.', alarms.topic.arn);
    if (audit.keyStatements.length > 0) {
      this.#addOutput(
        'audit_kms_key_policy_statements',
        'What the policy of the customer key of the trail has to allow.',
        JSON.stringify(audit.keyStatements),
      );
    }
    this.#addOutput('audit', 'What is recorded and noticed of what others do.', audit.summary);
  }

  /** Customer keys are not made here, so their policies are for their owners to change. */
  #addKeyPolicyStatements(): void {
    const { kmsKeyArn: keyOfStack, users } = this.#configuration;
    const keys = [...new Set([keyOfStack, ...users.map(({ kmsKeyArn }) => kmsKeyArn)])].flatMap((arn) => {
      const statements = arn === undefined ? [] : this.#statementsForKey(arn);
      return arn === undefined || statements.length === 0 ? [] : [{ arn, text: JSON.stringify(statements) }];
    });
    const ofStack = keys.find(({ arn }) => arn === keyOfStack);
    if (ofStack !== undefined) {
      this.#addOutput(
        'kms_key_policy_statements',
        'What the policy of the customer key has to allow, so that the readers can read.',
        ofStack.text,
      );
    }
    const ofUsers = keys.filter((key) => key !== ofStack);
    if (ofUsers.length > 0) {
      this.#addOutput(
        'kms_key_policy_statements_of_users',
        'The same for each customer key that users have in place of the stack’s.',
        Object.fromEntries(ofUsers.map(({ arn, text }) => [arn, text])),
      );
    }
  }

  #statementsForKey(arn: string): readonly PolicyStatement[] {
    const { secretPrefix, users } = this.#configuration;
    return users
      .filter(({ kmsKeyArn }) => kmsKeyArn === arn)
      .flatMap(({ key, readers, replicas }) =>
        readersOfKey({
          stableKey: key,
          secretName: secretName(secretPrefix, key),
          readers,
          regions: [this.#place.region, ...replicas.map(({ region }) => region)],
          place: this.#place,
        }),
      );
  }

  #addOutput(name: string, description: string, value: string | Record<string, string>): void {
    new TerraformOutput(this, name, { value, description, staticId: true });
  }
}
