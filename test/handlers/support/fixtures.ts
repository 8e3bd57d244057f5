import { randomBytes } from 'node:crypto';

import type { Journal } from '../../../handlers/core/model/journal';
import type { SecretDescription } from '../../../handlers/core/model/ports';
import type { Settings } from '../../../contract/settings';

/** Moments in tests are a whole second, as IAM's are. */
export const NOON = Date.UTC(2026, 0, 15, 12);

export const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf';

/** An access key id of AWS's form that exists nowhere: made at run time, and recognizable by its end. */
export const keyId = (): string =>
  `AKIA${randomBytes(16)
    .toString('base64')
    .replaceAll(/[^A-Z]/gi, '')
    .toUpperCase()
    .padEnd(9, 'M')
    .slice(0, 9)}EXAMPLE`;

/** A secret access key of AWS's form, with a part that no message can hold by chance. */
export const secretText = (): string => `hushHush${randomBytes(24).toString('base64').slice(0, 32)}`;

export const settingsOf = (change: Partial<Settings> = {}): Settings => ({
  stableKey: 'ci-deployer',
  accountId: '111122223333',
  userName: 'ci-deployer-user',
  userId: 'AIDACIDEPLOYEREXAMPLE',
  secretArn: ARN,
  overlapSeconds: 86_400,
  gracePeriodSeconds: 604_800,
  maximumKeyAgeSeconds: 7_776_000,
  whenStillInUse: 'hold',
  ...change,
});

/** A secret that everything is well with: it is rotated by the function of its user, and has no copies. */
export const descriptionOf = (change: Partial<SecretDescription> = {}): SecretDescription => ({
  arn: ARN,
  rotationEnabled: true,
  rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-ci-deployer',
  labels: {},
  deletedDate: undefined,
  copies: [],
  userId: undefined,
  ...change,
});

export const journalWith = (change: Partial<Journal> = {}): Journal => ({
  userId: 'AIDACIDEPLOYEREXAMPLE',
  secretArn: ARN,
  previous: [],
  ...change,
});
