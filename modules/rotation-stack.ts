import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

import { awsPlace } from './aws-place';
import type { AwsPlace } from './aws-place';
import { addBackend } from './backend';
import type { StackConfiguration, UserConfiguration } from './config/configuration';
import { tableName, TAG_KEYS } from './config/names';
import { escapeReferences } from './escape-references';
import { JournalTable } from './journal-table/journal-table';
import { KeyRetirement } from './key-retirement/key-retirement';
import type { FunctionDefaults } from './node-function/node-function-props';
import { PROVIDER_VERSION } from './provider-version';
import { RotatedUser } from './rotated-user/rotated-user';
import type { RotationFunction } from './rotated-user/rotation-function';
import { sharedRotation } from './shared-rotation';

export interface RotationStackProps {
  readonly configuration: StackConfiguration;
  /**
   * Version constraint of the AWS provider. Production should pin one version.
   * @default ">= 5.100.0, < 7.0.0"
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
    const { prefix, protection, users, functions } = this.#configuration;
    this.#place = awsPlace(this.#configuration);

    addBackend(this, this.#configuration.backend);
    this.#addProvider(props.providerVersion ?? PROVIDER_VERSION);
    this.#table = new JournalTable(this, 'Journal', {
      tableName: tableName(prefix),
      deletionProtection: protection,
    });
    this.#users = new Construct(this, 'Users');
    const rotatedUsers: RotatedUser[] = [];
    const sharedFunction = functions === 'shared' ? this.#addSharedFunction(rotatedUsers) : undefined;
    const retirement = this.#addRetirement(rotatedUsers);
    rotatedUsers.push(...users.map((user) => this.#addUser(user, sharedFunction, retirement)));
    this.#addOutputs(rotatedUsers, retirement);
  }

  #addProvider(version: string): void {
    const { accountId, deployRoleArn, name, region, tags } = this.#configuration;
    new AwsProvider(this, 'Aws', {
      region,
      allowedAccountIds: [accountId],
      assumeRole: deployRoleArn === undefined ? undefined : [{ roleArn: deployRoleArn }],
      defaultTags: [{ tags: { ...tags, [TAG_KEYS.stack]: name } }],
      // The IAM console keeps a person's description of an access key as a tag of the user, named after the key.
      ignoreTags: [{ keyPrefixes: ['AKIA'] }],
    });
    // The bindings pin the version that they were generated from.
    this.addOverride('terraform.required_providers.aws.version', version);
  }

  #addUser(
    user: UserConfiguration,
    sharedFunction: RotationFunction | undefined,
    retirement: KeyRetirement,
  ): RotatedUser {
    const { kmsKeyArn, prefix, protection, secretRecoveryDays } = this.#configuration;
    return new RotatedUser(this.#users, user.key, {
      stableKey: user.key,
      prefix,
      userName: user.userName,
      user: user.existing
        ? { kind: 'existing' }
        : {
            kind: 'new',
            path: user.path,
            policyArns: user.policyArns,
            permissionsBoundaryArn: user.permissionsBoundaryArn,
          },
      owner: user.owner,
      kmsKeyArn,
      secretRecoveryDays,
      readers: user.readers.length === 0 ? undefined : user.readers,
      overlapSeconds: user.overlapSeconds,
      gracePeriodSeconds: user.gracePeriodSeconds,
      maximumKeyAgeSeconds: user.maximumKeyAgeSeconds,
      whenStillInUse: user.whenStillInUse,
      takeOver: user.takeOver,
      exemption: user.exemption,
      schedule: user.schedule,
      function:
        sharedFunction === undefined
          ? { kind: 'own', defaults: this.#functionDefaults() }
          : { kind: 'shared', rotation: sharedFunction },
      table: this.#table,
      place: this.#place,
      removalAnnounced: user.decommission || !protection,
      guards: retirement.parts,
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
    const { maximumDeletionsPerRun, name, prefix, retirement } = this.#configuration;
    return new KeyRetirement(this, 'Retirement', {
      stackName: name,
      prefix,
      mode: retirement,
      maximumDeletionsPerRun,
      users: () => rotatedUsers,
      table: this.#table,
      place: this.#place,
      defaults: this.#functionDefaults(),
    });
  }

  #functionDefaults(): FunctionDefaults {
    const { logKmsKeyArn, logRetentionDays, permissionsBoundaryArn, rolePath } = this.#configuration;
    return { logKmsKeyArn, logRetentionDays, permissionsBoundaryArn, rolePath };
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

  #addOutputs(rotatedUsers: readonly RotatedUser[], retirement: KeyRetirement): void {
    const byUser = (value: (user: RotatedUser) => string): Record<string, string> =>
      Object.fromEntries(rotatedUsers.map((user) => [user.node.id, value(user)]));
    this.#addOutput(
      'secret_arns',
      'The secret of each user.',
      byUser((user) => user.secretArn),
    );
    this.#addOutput(
      'function_names',
      'The rotation function of each user.',
      byUser((user) => user.functionName),
    );
    this.#addOutput('table_name', 'The table with the settings and journals.', this.#table.tableName);
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
  }

  #addOutput(name: string, description: string, value: string | Record<string, string>): void {
    new TerraformOutput(this, name, { value, description, staticId: true });
  }
}
