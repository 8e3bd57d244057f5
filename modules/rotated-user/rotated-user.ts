import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { DeliveryTarget } from '../../contract/delivery';
import { addressed, waitingFor } from '../terraform/address';
import type { TargetConfiguration } from '../config/configuration';
import { DEFAULT_SECRET_RECOVERY_DAYS } from '../aws/default-values';
import { DAY_SECONDS, HOUR_SECONDS } from '../schedule/duration';
import { DEFAULT_PREFIX, functionName, secretName, SELF_RENEWAL_POLICY_NAME } from '../aws/names';
import { SettingsItem } from '../journal-table/settings-item';
import { policyDocument } from '../aws/policy-document';
import { checkStableKey } from './check-stable-key';
import { FirstKey } from './first-key';
import { UserWithKeys } from './iam-user';
import { isReplicaReference, KeySecret } from './key-secret';
import { decryptSecret, encryptedCopies, oneUser, readDeliveries, rotationStatements } from './policies';
import { RemovalGuard } from './removal-guard';
import type { RotatedUserProps } from './rotated-user-props';
import { RotationFunction } from './rotation-function';

/**
 * A rotated user and all that belongs to it: the IAM user, the secret with its readers, the settings, the function
 * (unless it is shared), the first key, the schedule, and the guard against accidental removal.
 */
export class RotatedUser extends Construct {
  /** Undefined: not made here, so neither its path nor its tags are ours. */
  readonly userPath: string | undefined;
  readonly secret: KeySecret;
  readonly functionName: string;
  readonly #user: UserWithKeys;

  constructor(scope: Construct, id: string, props: RotatedUserProps) {
    super(scope, id);
    const { prefix = DEFAULT_PREFIX, secretPrefix = prefix, stableKey, address = stableKey } = props;
    checkStableKey(stableKey, prefix);
    const { userName = stableKey, place, table, tags = {} } = props;
    const nameOfSecret = props.secretNameReference ?? secretName(secretPrefix, stableKey);

    const user = new UserWithKeys(this, 'User', {
      address,
      userName,
      user: props.user ?? { kind: 'new' },
      place,
      tags,
    });
    const secret = new KeySecret(this, 'Secret', {
      address,
      secretName: nameOfSecret,
      description: `Access key of the IAM user ${userName}. iam-key-rotation writes it; a value put by hand is overwritten.`,
      kmsKeyArn: props.kmsKeyArn,
      recoveryDays: props.secretRecoveryDays ?? DEFAULT_SECRET_RECOVERY_DAYS,
      readers: props.readers,
      self: props.selfRenewal === true ? user.arnInStack : undefined,
      replicas: props.replicas,
      userId: user.userIdInStack,
      tags,
    });
    const selfRenewal = this.#allowDecryption({ ...props, address }, user, secret);
    const { deliver = [], exemption, takeOver } = props;
    const settings = new SettingsItem(this, 'Settings', {
      address,
      table,
      optional: props.optionalSettings,
      settings: {
        stableKey,
        accountId: place.accountId,
        userName,
        userId: user.userIdInStack,
        secretArn: secret.arnInStack,
        overlapSeconds: props.overlapSeconds,
        gracePeriodSeconds: props.gracePeriodSeconds,
        maximumKeyAgeSeconds: props.maximumKeyAgeSeconds,
        rotatedWithinSeconds: rotatedWithinSeconds(props.schedule),
        whenStillInUse: props.whenStillInUse,
        takeOver: typeof takeOver === 'object' ? [...takeOver] : takeOver,
        exemption,
        owner: props.owner,
        sesSmtp: props.sesSmtp,
        deliver: storedTargets(isKnown(deliver) ? deliver : []),
        acknowledgement: props.acknowledgement,
      },
    });
    const rotation = this.#rotationFunction({ ...props, prefix, address, userName }, user, secret);
    const firstKey = new FirstKey(this, 'FirstKey', {
      address,
      functionName: rotation.functionName,
      secretArn: secret.arnInStack,
      userId: user.userIdInStack,
      dependsOn: [...rotation.ready, settings.resource],
    });
    const schedule = waitingFor(
      [...rotation.ready, firstKey.resource],
      addressed(
        address,
        new SecretsmanagerSecretRotation(this, 'Schedule', {
          secretId: secret.arnInStack,
          rotationLambdaArn: rotation.arnInStack,
          // The first key is fresh. With `true`, every later change of the schedule would rotate at once, too.
          rotateImmediately: false,
          rotationRules: {
            scheduleExpression: props.schedule.expression,
            duration: `${String(props.schedule.windowHours)}h`,
          },
        }),
      ),
    );
    new RemovalGuard(this, 'RemovalGuard', {
      address,
      functionName: rotation.functionName,
      secretArn: secret.arnInStack,
      announced: props.removalAnnounced ?? false,
      guards: [
        ...user.parts,
        ...secret.parts,
        ...selfRenewal,
        settings.resource,
        ...rotation.ready,
        firstKey.resource,
        schedule,
        ...(props.guards ?? []),
      ],
    });

    this.userPath = user.path;
    this.secret = secret;
    this.functionName = rotation.functionName;
    this.#user = user;
  }

  /** Of the IAM user: whoever refers to it has to wait until it is there. */
  get userName(): string {
    return this.#user.name;
  }

  get userArn(): string {
    return this.#user.arn;
  }

  /** Of the IAM user: its unique id. */
  get userId(): string {
    return this.#user.userId;
  }

  get secretArn(): string {
    return this.secret.arn;
  }

  /** The secret's policy admits the user; with a customer key it has to be decrypted, too. */
  #allowDecryption(
    { kmsKeyArn, place, selfRenewal = false, address, user }: RotatedUserProps & { readonly address: string },
    { name }: UserWithKeys,
    secret: KeySecret,
  ): readonly ITerraformDependable[] {
    // An existing user is left as it is: the configuration warns that the key's own policy has to admit it.
    if (!selfRenewal || kmsKeyArn === undefined || user?.kind === 'existing') return [];
    return [
      addressed(
        address,
        new IamUserPolicy(this, 'SelfRenewal', {
          name: SELF_RENEWAL_POLICY_NAME,
          user: name,
          policy: policyDocument([decryptSecret(kmsKeyArn, secret.arnInStack, place)]),
        }),
      ),
    ];
  }

  #rotationFunction(
    props: RotatedUserProps & Required<Pick<RotatedUserProps, 'prefix' | 'address' | 'userName'>>,
    user: UserWithKeys,
    secret: KeySecret,
  ): RotationFunction {
    if (props.function?.kind === 'shared') {
      return props.function.rotation;
    }
    const { prefix, secretPrefix = prefix, stableKey, address, userName, table, place } = props;
    const { replicas = [], deliver = [] } = props;
    return new RotationFunction(this, 'Rotation', {
      address,
      functionName: functionName(prefix, stableKey),
      description: `Rotates the access keys of the IAM user ${userName}.`,
      environment: {
        TABLE_NAME: table.tableName,
        STACK: prefix,
        SECRET_NAME_PREFIX: secretPrefix,
        STABLE_KEY: stableKey,
      },
      statements: [
        ...rotationStatements({
          place,
          users: [oneUser(user.arnInStack)],
          secretArn: secret.arnInStack,
          tableArn: table.arn,
          stableKey,
          kmsKeyArns: props.kmsKeyArn === undefined ? [] : [props.kmsKeyArn],
          delivers: isKnown(deliver) && deliver.length > 0,
          copies: isReplicaReference(replicas)
            ? replicas.encrypted
            : encryptedCopies(replicas, secretName(secretPrefix, stableKey), place),
        }),
        ...(isKnown(deliver) ? [] : [{ ...deliver, statement: readDeliveries(table.arn, stableKey) }]),
      ],
      invokedFor: { secretArn: secret.arnInStack },
      defaults: props.function?.defaults ?? {},
      tags: props.tags,
    });
  }
}

type Targets = NonNullable<RotatedUserProps['deliver']>;

const isKnown = (deliver: Targets): deliver is readonly TargetConfiguration[] => Array.isArray(deliver);

/** What encrypts another secret, or the secret of a token, is nothing that the functions have to know. */
function storedTargets(targets: readonly TargetConfiguration[]): DeliveryTarget[] | undefined {
  if (targets.length === 0) return undefined;
  return targets.map((target) =>
    target.kind === 'parameter' || target.kind === 'restart' ? target : { ...target, kmsKeyArn: undefined },
  );
}

/** From the start of one rotation to that of the next, at most. */
const rotatedWithinSeconds = ({
  longestGapDays,
  windowHours,
}: RotatedUserProps['schedule']): number | undefined =>
  longestGapDays === undefined
    ? undefined
    : Math.round(longestGapDays * DAY_SECONDS) + windowHours * HOUR_SECONDS;
