import type { DeliveryTarget } from '../../../../contract/delivery';
import {
  describeUndelivered,
  isDelivered,
  lastDelivery,
  readDeliveries,
  targetsThatMayHold,
} from '../../../../handlers/core/key-moves/deliveries';
import type { DeliveryJournal, TargetRecord } from '../../../../handlers/core/model/delivery-journal';
import { NOON } from '../../support/fixtures';

const PARAMETER = { kind: 'parameter', name: '/payments/key' } as const satisfies DeliveryTarget;
const SECRET = {
  kind: 'secret',
  id: 'payments/env',
  fields: { B: 'SecretAccessKey', A: 'AccessKeyId' },
} as const satisfies DeliveryTarget;

const CURRENT = { keyId: 'CURRENT', versionId: 'v-current' };
const OLD = { keyId: 'OLD', versionId: 'v-old' };
const SERVED = { ...CURRENT, since: NOON };

const recordOfParameter = (known: Partial<TargetRecord>): DeliveryJournal => ({
  targets: [{ target: 'parameter /payments/key', announced: [], ...known }],
});
const holding = (key: typeof CURRENT, shape = ''): Partial<TargetRecord> => ({
  delivered: { ...key, at: NOON, shape },
});

test.each<[what: string, known: Partial<TargetRecord> | undefined, isThere: boolean]>([
  ['got the current key', holding(CURRENT), true],
  ['got another key', holding(OLD), false],
  ['got the current key under another version', holding({ ...CURRENT, versionId: 'v-other' }), false],
  ['got the current key under another KMS key', holding(CURRENT, 'arn:aws:kms:…'), false],
  ['may have got another key since', { ...holding(CURRENT), announced: [{ ...OLD, at: NOON }] }, false],
  ['never got a key', undefined, false],
])('a target that %s has the current key for certain: %#', (_what, known, isThere) => {
  expect(isDelivered(PARAMETER, SERVED, { deliver: [PARAMETER] }, known && recordOfParameter(known))).toBe(
    isThere,
  );
});

test('the order in which the fields of a secret are written makes no other shape', () => {
  const shape = JSON.stringify([
    ['A', 'AccessKeyId'],
    ['B', 'SecretAccessKey'],
  ]);
  const known = {
    targets: [{ target: 'secret payments/env', announced: [], delivered: { ...CURRENT, at: NOON, shape } }],
  };
  expect(isDelivered(SECRET, SERVED, {}, known)).toBe(true);
  const more = { ...SECRET, fields: { ...SECRET.fields, C: 'AccountId' as const } };
  expect(isDelivered(more, SERVED, {}, known)).toBe(false);
});

test.each<[what: string, known: Partial<TargetRecord> | undefined, mayHold: boolean]>([
  ['got it last', holding(OLD), true],
  ['got another one since', holding(CURRENT), false],
  ['may have got it', { ...holding(CURRENT), announced: [{ ...OLD, at: NOON }] }, true],
  ['never got a key of ours', undefined, true],
  ['never got an answer', { announced: [{ ...CURRENT, at: NOON }] }, true],
  ['got another one in another shape', holding(CURRENT, 'arn:aws:kms:…'), true],
])('a target that %s may hold an old key, or not: %# (R12)', (_what, known, mayHold) => {
  const targets = targetsThatMayHold(
    OLD,
    SERVED,
    { deliver: [PARAMETER] },
    known && recordOfParameter(known),
  );
  expect(targets).toEqual(mayHold ? [PARAMETER] : []);
});

test('the last delivery is the latest of all targets, and of none there is none', () => {
  const at = (moment: number, target: string): TargetRecord => ({
    target,
    announced: [],
    delivered: { ...CURRENT, at: moment, shape: '' },
  });
  const known = { targets: [at(NOON, 'parameter /payments/key'), at(NOON + 5, 'secret payments/env')] };
  expect(lastDelivery({ deliver: [PARAMETER, SECRET] }, known)).toBe(NOON + 5);
  expect(lastDelivery({ deliver: [PARAMETER] }, known)).toBe(NOON);
  expect(lastDelivery({ deliver: [PARAMETER] }, undefined)).toBeUndefined();
  expect(lastDelivery({}, known)).toBeUndefined();
});

test('a target that fails is described with how often and why', () => {
  const failing = { since: NOON, attempts: 2, error: 'It said no.' };
  expect(describeUndelivered(PARAMETER, recordOfParameter({ failing }))).toBe(
    'parameter /payments/key (tried 2 times since 2026-01-15T12:00:00.000Z: It said no.)',
  );
  expect(describeUndelivered(PARAMETER, undefined)).toBe('parameter /payments/key');
});

test('what targets hold is read only for a user that has some', async () => {
  const deliveries = { read: () => Promise.reject(new Error('nobody is to ask')) };
  await expect(readDeliveries({ deliveries }, { stableKey: 'ci' })).resolves.toBeUndefined();
  await expect(readDeliveries({ deliveries }, { stableKey: 'ci', deliver: [] })).resolves.toBeUndefined();
  await expect(readDeliveries({ deliveries }, { stableKey: 'ci', deliver: [PARAMETER] })).rejects.toThrow();
});

describe('a service that is restarted', () => {
  const SERVICE = {
    kind: 'restart',
    ecsService: 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api',
  } as const satisfies DeliveryTarget;
  const restartedWith = (key: typeof CURRENT, at: number): DeliveryJournal => ({
    targets: [
      {
        target: 'ECS service payments/api',
        announced: [],
        delivered: { ...key, at, shape: '' },
      },
    ],
  });

  test.each([
    ['after the key became current', NOON + 1, true],
    ['before the key became current again', NOON - 1, false],
  ])('%s has it for certain, or not: %#', (_what, at, isThere) => {
    expect(isDelivered(SERVICE, SERVED, { deliver: [SERVICE] }, restartedWith(CURRENT, at))).toBe(isThere);
  });

  test.each([
    ['since the current key became current, cannot have another', CURRENT, NOON + 1, []],
    [
      'before the current key became current, may have any: somebody else may have restarted it since',
      CURRENT,
      NOON - 1,
      [SERVICE],
    ],
    ['with the old key, has it', OLD, NOON + 1, [SERVICE]],
  ])('%s', (_what, key, at, targets) => {
    expect(targetsThatMayHold(OLD, SERVED, { deliver: [SERVICE] }, restartedWith(key, at))).toEqual(targets);
  });

  test('before another target got the key, may have read what that held: it is restarted again, and holds every old key', () => {
    const settings = { deliver: [PARAMETER, SERVICE] };
    const known: DeliveryJournal = {
      targets: [
        ...restartedWith(CURRENT, NOON + 1).targets,
        ...recordOfParameter({ delivered: { ...CURRENT, at: NOON + 2, shape: '' } }).targets,
      ],
    };
    expect(isDelivered(SERVICE, SERVED, settings, known)).toBe(false);
    expect(targetsThatMayHold(OLD, SERVED, settings, known)).toEqual([SERVICE]);
  });
});
