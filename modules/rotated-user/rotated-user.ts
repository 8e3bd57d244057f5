import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation';
import { Construct } from 'constructs';

import { addressed } from '../address';
import { functionName, secretName } from '../config/names';
import { SettingsItem } from '../journal-table/settings-item';
import { FirstKey } from './first-key';
import { UserWithKeys } from './iam-user';
import { KeySecret } from './key-secret';
import { oneUser, rotationStatements } from './policies';
import { RemovalGuard } from './removal-guard';
import type { RotatedUserProps } from './rotated-user-props';
import { RotationFunction } from './rotation-function';

/**
 * A rotated user and all that belongs to it: the IAM user, the secret with its readers, the settings, the function
 * (unless it is shared), the first key, the schedule, and the guard against accidental removal.
 */
export class RotatedUser extends Construct {
  readonly userArn: string;
  readonly secretArn: string;
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: RotatedUserProps) {
    super(scope, id);
    const { prefix, secretPrefix = prefix, stableKey, userName, place, table, tags } = props;

    const user = new UserWithKeys(this, 'User', {
      address: stableKey,
      userName,
      user: props.user,
      place,
      tags,
    });
    const secret = new KeySecret(this, 'Secret', {
      address: stableKey,
      secretName: secretName(secretPrefix, stableKey),
      description: `Access key of the IAM user ${userName}. iam-key-rotation writes it; a value put by hand is overwritten.`,
      kmsKeyArn: props.kmsKeyArn,
      recoveryDays: props.secretRecoveryDays,
      readers: props.readers,
      replicas: props.replicas,
      tags,
    });
    const { takeOver, exemption } = props;
    const settings = new SettingsItem(this, 'Settings', {
      table,
      settings: {
        stableKey,
        accountId: place.accountId,
        userName,
        userId: user.userId,
        secretArn: secret.arn,
        overlapSeconds: props.overlapSeconds,
        gracePeriodSeconds: props.gracePeriodSeconds,
        maximumKeyAgeSeconds: props.maximumKeyAgeSeconds,
        whenStillInUse: props.whenStillInUse,
        takeOver: typeof takeOver === 'object' ? [...takeOver] : takeOver,
        exemption,
        owner: props.owner,
      },
    });
    const rotation = this.#rotationFunction(props, user, secret);
    const firstKey = new FirstKey(this, 'FirstKey', {
      stableKey,
      functionName: rotation.functionName,
      secretArn: secret.arn,
      userId: user.userId,
      dependsOn: [...rotation.ready, settings.resource],
    });
    const schedule = addressed(
      stableKey,
      new SecretsmanagerSecretRotation(this, 'Schedule', {
        secretId: secret.arn,
        rotationLambdaArn: rotation.arn,
        // The first key is fresh. With `true`, every later change of the schedule would rotate at once, too.
        rotateImmediately: false,
        rotationRules: {
          scheduleExpression: props.schedule.expression,
          duration: `${String(props.schedule.windowHours)}h`,
        },
        dependsOn: [...rotation.ready, firstKey.resource],
      }),
    );
    new RemovalGuard(this, 'RemovalGuard', {
      stableKey,
      functionName: rotation.functionName,
      secretArn: secret.arn,
      announced: props.removalAnnounced,
      guards: [
        ...user.parts,
        ...secret.parts,
        settings.resource,
        ...rotation.ready,
        firstKey.resource,
        schedule,
        ...props.guards,
      ],
    });

    this.userArn = user.arn;
    this.secretArn = secret.arn;
    this.functionName = rotation.functionName;
  }

  #rotationFunction(props: RotatedUserProps, user: UserWithKeys, secret: KeySecret): RotationFunction {
    if (props.function.kind === 'shared') {
      return props.function.rotation;
    }
    const { prefix, secretPrefix = prefix, stableKey, table, place } = props;
    return new RotationFunction(this, 'Rotation', {
      address: stableKey,
      functionName: functionName(prefix, stableKey),
      description: `Rotates the access keys of the IAM user ${props.userName}.`,
      environment: {
        TABLE_NAME: table.tableName,
        SECRET_NAME_PREFIX: secretPrefix,
        STABLE_KEY: stableKey,
      },
      statements: rotationStatements({
        place,
        users: [oneUser(user.arn)],
        secretArn: secret.arn,
        tableArn: table.arn,
        stableKey,
        kmsKeyArn: props.kmsKeyArn,
        copies: { replicas: props.replicas ?? [], secretName: secretName(secretPrefix, stableKey) },
      }),
      invokedFor: { secretArn: secret.arn },
      defaults: props.function.defaults,
      tags: props.tags,
    });
  }
}
