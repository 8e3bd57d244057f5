import { targetName, type DeliveryTarget } from '../../../../contract/delivery';
import { HOUR, MINUTE } from '../../../../contract/instant';
import type { Settings } from '../../../../contract/settings';
import { deliverUser, type DeliveryOutcome } from '../../../../handlers/core/delivery/deliver-user';
import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { UnknownStateError } from '../../../../handlers/core/model/refusals';
import { processIn, RetirementWorld, type ProcessOptions } from '../../../support/retirement-world';
import type { AllPorts } from '../../../support/in-memory-aws/in-memory-ports';
import { PERSON } from '../../support/user-world';

const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

const SECRET_TARGET = {
  kind: 'secret',
  id: 'payments/env',
  fields: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
} as const satisfies DeliveryTarget;
const PARAMETER = { kind: 'parameter', name: '/payments/aws-key' } as const satisfies DeliveryTarget;
const SECRET_NAME = targetName(SECRET_TARGET);
const PARAMETER_NAME = targetName(PARAMETER);
const BOTH: Partial<Settings> = { deliver: [SECRET_TARGET, PARAMETER] };

/** A user with targets, and the function that delivers. */
class DeliveryWorld {
  constructor(readonly user: RetirementWorld) {}

  static async withCurrentKey(): Promise<DeliveryWorld> {
    return new DeliveryWorld(await RetirementWorld.withCurrentKey(BOTH));
  }

  static async afterRotation(): Promise<DeliveryWorld> {
    return new DeliveryWorld(await RetirementWorld.afterRotation(BOTH));
  }

  deliver(options: ProcessOptions = {}, settings = this.user.retirement): Promise<DeliveryOutcome> {
    const process = processIn(this.user, options);
    return Promise.race([deliverUser(process.ports as AllPorts, settings), process.death]);
  }

  /** Key ids by target. */
  get held(): Record<string, string | undefined> {
    const inSecret = JSON.parse(this.textOf(SECRET_NAME) ?? '{}') as Record<string, string>;
    const inParameter = JSON.parse(this.textOf(PARAMETER_NAME) ?? '{}') as Record<string, string>;
    return { [SECRET_NAME]: inSecret['AWS_ACCESS_KEY_ID'], [PARAMETER_NAME]: inParameter['AccessKeyId'] };
  }

  textOf(target: string): string | undefined {
    return this.user.aws.targets.text(target);
  }

  recordOf(target: string) {
    return this.user.aws.table
      .deliveries(this.user.settings.stableKey)
      ?.targets.find((record) => record.target === target);
  }
}

const fails = (port: 'secretTargets' | 'parameterTargets'): ProcessOptions => ({
  instead: () => ({
    [port]: {
      put: () =>
        Promise.reject(
          new CallUnansweredError(
            { service: 'Secrets Manager', action: 'PutSecretValue' },
            'TimeoutError',
            'x',
          ),
        ),
    },
  }),
});

test('every target gets the current key, and the record and an event say so', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  world.user.aws.targets.write(SECRET_NAME, '{"note":"mine"}', world.user.gate.now(), PERSON);

  await expect(world.deliver()).resolves.toEqual({
    delivered: [SECRET_NAME, PARAMETER_NAME],
    pending: [],
    failed: [],
  });

  expect(world.held).toEqual({ [SECRET_NAME]: FIRST, [PARAMETER_NAME]: FIRST });
  expect(JSON.parse(world.textOf(SECRET_NAME)!)).toMatchObject({ note: 'mine' });
  expect(world.recordOf(SECRET_NAME)).toMatchObject({ delivered: { keyId: FIRST }, announced: [] });
  expect(world.user.listener.detailsOf('Key Delivered')).toMatchObject([
    { target: SECRET_NAME, keyIdSuffix: 'MPLE' },
    { target: PARAMETER_NAME },
  ]);
  expect(world.user.listener.measured.filter((line) => line === 'KeysDelivered 1')).toHaveLength(2);
});

test('a second run finds everything done and writes nothing, neither to a target nor to the table', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  await world.deliver();
  const calls: string[] = [];
  await world.deliver({
    before: ({ name, mutates }) => {
      if (mutates) calls.push(name.action);
    },
  });
  expect(calls).toEqual([]);
});

test('a user without targets costs no call at all', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  const calls: string[] = [];
  const options: ProcessOptions = { before: ({ name }) => void calls.push(name.action) };
  await world.deliver(options, { ...world.user.retirement, deliver: undefined });
  expect(calls).toEqual([]);
});

test('a delivery is announced before the act, and recorded after it (R12)', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  const seen: unknown[] = [];
  await world.deliver({
    before: ({ name }) => {
      if (name.action === 'PutSecretValue') seen.push(world.recordOf(SECRET_NAME));
    },
  });
  expect(seen).toEqual([
    {
      target: SECRET_NAME,
      announced: [{ keyId: FIRST, versionId: expect.any(String), at: expect.any(Number) }],
    },
  ]);
});

test('a target that refuses does not keep the key from the others, and the record says why', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  world.user.aws.targets.refuse(SECRET_NAME, 'accessDenied');

  await expect(world.deliver()).resolves.toEqual({
    delivered: [PARAMETER_NAME],
    pending: [],
    failed: [SECRET_NAME],
  });
  await world.deliver();

  expect(world.recordOf(SECRET_NAME)).toMatchObject({
    announced: [],
    failing: { attempts: 2, error: expect.stringContaining('AccessDeniedException') },
  });
  world.user.aws.targets.refuse(SECRET_NAME, undefined);
  await expect(world.deliver()).resolves.toEqual({ delivered: [SECRET_NAME], pending: [], failed: [] });
  expect(world.recordOf(SECRET_NAME)?.failing).toBeUndefined();
});

test('a target that holds no JSON object is left as it is', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  world.user.aws.targets.write(SECRET_NAME, 'plain text', world.user.gate.now(), PERSON);
  await expect(world.deliver()).resolves.toEqual({
    delivered: [PARAMETER_NAME],
    pending: [],
    failed: [SECRET_NAME],
  });
  expect(world.textOf(SECRET_NAME)).toBe('plain text');
});

test('a target that gave no answer may hold the key: it stays announced, and the lease runs out first (R13)', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  await expect(world.deliver(fails('parameterTargets'))).resolves.toEqual({
    delivered: [SECRET_NAME],
    pending: [],
    failed: [PARAMETER_NAME],
  });
  expect(world.recordOf(PARAMETER_NAME)).toMatchObject({
    announced: [{ keyId: FIRST }],
    failing: { attempts: 1 },
  });

  const before = world.user.gate.now();
  await world.deliver();
  expect(world.user.gate.now() - before).toBeGreaterThan(45_000);
  expect(world.recordOf(PARAMETER_NAME)).toMatchObject({ delivered: { keyId: FIRST }, announced: [] });
});

test('after a rotation the new key follows, and until then the old one stays Active for as long as it takes (R12)', async () => {
  const world = await DeliveryWorld.afterRotation();
  world.user.pass(3 * 24 * HOUR);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });

  await world.deliver();
  expect(world.held).toEqual({ [SECRET_NAME]: SECOND_KEY, [PARAMETER_NAME]: SECOND_KEY });
  world.user.pass(24 * HOUR - MINUTE);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });

  world.user.pass(2 * MINUTE);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
});

test('a rollback is delivered like a promotion (R13)', async () => {
  const world = await DeliveryWorld.afterRotation();
  await world.deliver();
  await world.user.rollBack();
  await world.deliver();
  expect(world.held).toEqual({ [SECRET_NAME]: FIRST, [PARAMETER_NAME]: FIRST });
});

test('a target that is no longer in the configuration is forgotten, and keeps what it holds', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  await world.deliver();
  const { retirement } = world.user;
  const without = {
    ...retirement,
    deliver: [{ ...PARAMETER, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' }],
  };
  await world.deliver({}, without);
  expect(world.recordOf(SECRET_NAME)).toBeUndefined();
  expect(world.held[SECRET_NAME]).toBe(FIRST);
});

test('a target under another key is delivered anew', async () => {
  const world = await DeliveryWorld.withCurrentKey();
  await world.deliver();
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/k';
  const { retirement } = world.user;
  await expect(
    world.deliver({}, { ...retirement, deliver: [SECRET_TARGET, { ...PARAMETER, kmsKeyArn }] }),
  ).resolves.toEqual({ delivered: [PARAMETER_NAME], pending: [], failed: [] });
});

test('nothing is delivered while a rollback is under way, whose end is an event of its own (R13)', async () => {
  const world = await DeliveryWorld.afterRotation();
  const { journal } = world.user;
  world.user.setJournal({
    ...journal,
    previous: journal.previous.map((key) => ({ ...key, phase: 'reactivating' as const })),
  });
  await expect(world.deliver()).resolves.toEqual({ delivered: [], pending: [], failed: [] });
  world.user.setJournal(journal);
  await expect(world.deliver()).resolves.toMatchObject({ delivered: [SECRET_NAME, PARAMETER_NAME] });
});

test('nothing is delivered while AWSCURRENT is elsewhere than the journal says (R8)', async () => {
  const world = await DeliveryWorld.afterRotation();
  const { aws, settings, gate } = world.user;
  const { AWSCURRENT: from, AWSPREVIOUS: to } = aws.secretsManager.labels(settings.secretArn);
  aws.secretsManager.moveLabel(settings.secretArn, 'AWSCURRENT', { from, to: to! }, gate.now(), PERSON);
  await expect(world.deliver()).rejects.toThrow(UnknownStateError);
  expect(world.held).toEqual({ [SECRET_NAME]: undefined, [PARAMETER_NAME]: undefined });
});
