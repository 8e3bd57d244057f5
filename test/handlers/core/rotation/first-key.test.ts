import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { DAY, MINUTE, SECOND } from '../../../../contract/instant';
import {
  RotationDeferredError,
  SecretOfAnotherUserError,
  TryAgainError,
  UnknownStateError,
} from '../../../../handlers/core/model/refusals';
import { firstKey } from '../../../../handlers/core/rotation/first-key';
import { POLICY_WAIT, PROOFS_IN_A_ROW } from '../../../../handlers/core/model/timing';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { descriptionOf, keyId, NOON, secretText } from '../../support/fixtures';
import { BY_HAND, tokenOf, UserWorld } from '../../support/user-world';

const denied = (kind: 'accessDenied' | 'kms' = 'accessDenied') =>
  refusal(call.createAccessKey, kind, 'AccessDenied', 'not authorized');

let world: UserWorld;

beforeEach(() => {
  world = new UserWorld();
});

describe('the secret is empty', () => {
  test('a first key is made and stored as AWSCURRENT, and the result, which Terraform keeps, names its id alone (R7)', async () => {
    const result = await world.firstKey();

    expect(result).toEqual({ accessKeyId: world.servedKeyId });
    expect(world.keys).toEqual({ [result.accessKeyId]: 'Active' });
    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal).toMatchObject({
      userId: world.settings.userId,
      secretArn: world.settings.secretArn,
      current: { keyId: result.accessKeyId, versionId: world.labels['AWSCURRENT'] },
      previous: [],
    });
    expect(world.journal.attempt).toBeUndefined();
  });

  test('R2: a first key is announced, created, proved, and only then stored', async () => {
    await world.firstKey();
    const order = world.events
      .map(({ what }) => what)
      .filter((what) => ['keyCreated', 'probed', 'valuePut'].includes(what));
    expect(order).toEqual(['keyCreated', ...Array<string>(PROOFS_IN_A_ROW).fill('probed'), 'valuePut']);
    const announced = world.events.findIndex(
      (event) => event.what === 'journalWritten' && event.text.includes('announcedAt'),
    );
    expect(announced).toBeGreaterThanOrEqual(0);
    expect(announced).toBeLessThan(world.events.findIndex(({ what }) => what === 'keyCreated'));
  });

  test('the id of the first key’s version is one that Secrets Manager accepts', async () => {
    await world.firstKey();
    expect(world.labels['AWSCURRENT']).toMatch(/^.{32,64}$/);
  });

  test('a key that does not work is not stored, and is deleted again', async () => {
    world.ports.probe.callerIdentity = () =>
      Promise.reject(refusal(call.getCallerIdentity, 'unknownKey', 'InvalidClientTokenId', 'not yet'));
    await expect(world.firstKey()).rejects.toThrow(TryAgainError);
    expect(world.keyIds).toEqual([]);
    expect(world.labels).toEqual({});
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a definite refusal to store deletes the key again', async () => {
    world.ports.secrets.put = () =>
      Promise.reject(refusal(call.putSecretValue, 'invalid', 'InvalidRequest', 'no'));
    await expect(world.firstKey()).rejects.toThrow(CallRefusedError);
    expect(world.keyIds).toEqual([]);
  });

  test('a first key whose storing got no answer and was done is found current by the next try, which makes no second one', async () => {
    world.ports.secrets.put = async (...args) => {
      await world.sound.secrets.put(...args);
      throw unanswered(call.putSecretValue);
    };
    await expect(world.firstKey()).rejects.toThrow(CallUnansweredError);
    const [made] = world.keyIds;

    world.restoreAws();
    await expect(world.firstKey()).resolves.toEqual({ accessKeyId: made });

    expect(world.keyIds).toEqual([made]);
    expect(world.journal.current?.keyId).toBe(made);
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a first key whose storing got no answer and was not done is deleted by the next try, which makes another', async () => {
    world.ports.secrets.put = () => Promise.reject(unanswered(call.putSecretValue));
    await expect(world.firstKey()).rejects.toThrow(CallUnansweredError);
    const [lost] = world.keyIds;

    world.restoreAws();
    const { accessKeyId } = await world.firstKey();

    expect(accessKeyId).not.toBe(lost);
    expect(world.keyIds).toEqual([accessKeyId]);
  });

  // The proof took longer than the announced time, so nothing is waited for any more when the journal could not be
  // written after the value was stored; DescribeSecret then is a few seconds behind.
  test('R1: a key that was stored a moment ago is not taken for stillborn while Secrets Manager lags', async () => {
    const worksFrom = world.gate.now() + 70 * SECOND;
    world.ports.probe.callerIdentity = (credentials) =>
      world.gate.now() < worksFrom
        ? Promise.reject(refusal(call.getCallerIdentity, 'unknownKey', 'InvalidClientTokenId', 'not yet'))
        : world.sound.probe.callerIdentity(credentials);
    world.ports.journals.write = (stableKey, lease, journal) =>
      journal.current === undefined
        ? world.sound.journals.write(stableKey, lease, journal)
        : Promise.reject(
            new CallUnansweredError(
              call.updateItem,
              'TimeoutError',
              'ThrottlingException (after 3 attempts)',
            ),
          );
    await expect(world.firstKey()).rejects.toThrow(CallUnansweredError);
    const stored = world.servedKeyId!;

    world.restoreAws();
    const catchesUpAt = world.gate.now() + 5 * SECOND;
    const lags = (): boolean => world.gate.now() < catchesUpAt;
    const empty = descriptionOf({ rotationEnabled: undefined, rotationFunctionArn: undefined });
    world.ports.secrets.describe = async (arn) => (lags() ? empty : world.sound.secrets.describe(arn));
    world.ports.secrets.read = async (arn, work) =>
      lags() ? undefined : world.sound.secrets.read(arn, work);
    await world.firstKey().catch(() => undefined);

    expect(world.keys[stored]).toBe('Active');
  });
});

describe('the secret holds a key that works', () => {
  test('a user whose key works is not changed by another invocation', async () => {
    await world.firstKey();
    const before = world.state;
    await expect(world.firstKey()).resolves.toEqual({ accessKeyId: world.servedKeyId });
    expect(world.state).toEqual(before);
  });

  test('a user whose key works after rotations is not changed by another invocation', async () => {
    await world.firstKey();
    await world.rotate(tokenOf(1));
    const { keys } = world;
    await expect(world.firstKey()).resolves.toEqual({ accessKeyId: world.servedKeyId });
    expect(world.keys).toEqual(keys);
  });

  test('a lost journal is begun again from the secret, so that rotation goes on', async () => {
    await world.firstKey();
    world.aws.table.setJournalText(world.settings.stableKey, undefined);
    await world.firstKey();
    expect(world.journal.current).toMatchObject({
      keyId: world.servedKeyId,
      versionId: world.labels['AWSCURRENT'],
    });
    await world.rotate(tokenOf(1));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(1));
  });

  test('a lost journal takes over the previous key, too, so that it is retired and fills no slot for ever', async () => {
    await world.firstKey();
    const first = world.servedKeyId!;
    await world.rotate(tokenOf(1));
    world.aws.table.setJournalText(world.settings.stableKey, undefined);
    const lostAt = world.gate.now();

    await world.firstKey();

    expect(world.journal).toMatchObject({
      current: { keyId: world.servedKeyId },
      previous: [{ keyId: first, versionId: world.labels['AWSPREVIOUS'], phase: 'overlap' }],
    });
    expect(world.journal.previous[0]!.replacedAt).toBeGreaterThanOrEqual(lostAt);
  });

  test('R4: a lost journal takes over no key under AWSPREVIOUS that a person stored', async () => {
    const byHand = world.keyByHand();
    const value = { Version: 1, AccessKeyId: byHand, SecretAccessKey: world.aws.iam.key(byHand)!.secret };
    world.putByHand(BY_HAND, JSON.stringify(value));
    await world.firstKey();
    expect(world.keyUnder(world.labels['AWSPREVIOUS'])).toBe(byHand);
    world.aws.table.setJournalText(world.settings.stableKey, undefined);

    await world.firstKey();

    expect(world.journal.previous).toEqual([]);
  });

  test('a journal of a restored table follows the secret, and all its keys begin their overlap anew (R3)', async () => {
    await world.firstKey();
    const first = world.servedKeyId!;
    const older = world.journal;
    await world.rotate(tokenOf(1));
    world.gate.advance(2 * DAY);
    world.setJournal(older);
    const keys = world.keys;

    await expect(world.firstKey()).resolves.toEqual({ accessKeyId: world.keyUnder(tokenOf(1)) });

    expect(world.keys).toEqual(keys);
    expect(world.servedKeyId).toBe(world.keyUnder(tokenOf(1)));
    expect(world.journal).toMatchObject({
      current: { keyId: world.servedKeyId, versionId: tokenOf(1) },
      previous: [{ keyId: first, phase: 'overlap' }],
    });
    expect(world.journal.previous).toHaveLength(1);
    expect(world.journal.previous[0]!.replacedAt).toBeGreaterThanOrEqual(NOON + 2 * DAY);
  });

  test('a journal of a restored table that calls a key deactivated does not have it deleted at once (R3)', async () => {
    await world.firstKey();
    const first = world.servedKeyId!;
    const { journal } = world;
    await world.rotate(tokenOf(1));
    world.setStatusByHand(first, 'Inactive');
    const deactivated = {
      keyId: first,
      replacedAt: NOON,
      deactivatedAt: NOON,
      phase: 'deactivated',
    } as const;
    world.setJournal({
      ...journal,
      current: { ...journal.current!, keyId: 'AKIALONGGONEEXAMPLE', versionId: 'gone'.padEnd(32, '-') },
      previous: [deactivated],
    });

    await world.firstKey();

    expect(world.journal.previous).toMatchObject([{ keyId: first, phase: 'overlap' }]);
    expect(world.journal.previous[0]!.deactivatedAt).toBeUndefined();
  });

  test('R4: a key pair that a person stored is not ours, even where the journal is empty', async () => {
    const byHand = world.keyByHand();
    const secret = world.aws.iam.key(byHand)!.secret;
    world.putByHand(BY_HAND, JSON.stringify({ Version: 1, AccessKeyId: byHand, SecretAccessKey: secret }));

    const { accessKeyId } = await world.firstKey();

    expect(accessKeyId).not.toBe(byHand);
    expect(world.keys[byHand]).toBe('Active');
    expect(world.journal.previous).toEqual([]);
  });
});

describe('the secret holds a key that does not work', () => {
  test.each([
    ['gone', (id: string) => world.deleteByHand(id)],
    ['Inactive', (id: string) => world.setStatusByHand(id, 'Inactive')],
  ])('another key is made and becomes current where the stored one is %s', async (_name, meddle) => {
    await world.firstKey();
    const first = world.servedKeyId!;
    meddle(first);
    world.gate.advance(5 * MINUTE);

    const { accessKeyId } = await world.firstKey();

    expect(accessKeyId).not.toBe(first);
    expect(world.servedKeyId).toBe(accessKeyId);
    expect(world.keys[accessKeyId]).toBe('Active');
  });

  test('a value that is no key pair is replaced by a new key, and is not quoted', async () => {
    world.putByHand(BY_HAND, 'quote me not');
    const { accessKeyId } = await world.firstKey();
    expect(world.servedKeyId).toBe(accessKeyId);
    expect(JSON.stringify(world.log)).not.toContain('quote me not');
  });

  test('the key of a former user of the same name is replaced by a new key, and a new journal is begun', async () => {
    await world.firstKey();
    const former = world.journal;
    world.setJournal({ ...former, userId: 'AIDAFORMEREXAMPLE' });
    world.deleteByHand(world.servedKeyId!);

    const { accessKeyId } = await world.firstKey();

    expect(world.journal).toMatchObject({ userId: world.settings.userId, current: { keyId: accessKeyId } });
    expect(
      world.log.some(({ level, message }) => level === 'warn' && message.includes('a new one is begun')),
    ).toBe(true);
  });

  test('the key of a former user is replaced at the first try, also where a rotation had made a key for the new one', async () => {
    await world.firstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    const [former, made] = world.keyIds;
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    world.deleteByHand(former!);

    const { accessKeyId } = await world.firstKey();

    expect(world.keys).toEqual({ [accessKeyId]: 'Active' });
    expect([former, made]).not.toContain(accessKeyId);
    expect(world.servedKeyId).toBe(accessKeyId);
  });

  // "Done only if it works; else settle, announce, create, prove, put" (R2).
  test('a key whose secret is wrong is replaced by a new key', async () => {
    await world.firstKey();
    const first = world.servedKeyId!;
    const value = { Version: 1, AccessKeyId: first, SecretAccessKey: secretText() };
    world.putByHand('mistyped'.padEnd(32, '-'), JSON.stringify(value));
    const { accessKeyId } = await world.firstKey();
    expect(accessKeyId).not.toBe(first);
  });

  // The token is made of the user and the version to be replaced, and AWSCURRENT was on that version before.
  test('a new key is made where a person moved AWSCURRENT back to a version from before the first key', async () => {
    const before = BY_HAND;
    world.putByHand(before, 'no key pair');
    await world.firstKey();
    world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], before);
    world.deleteByHand(world.keyIds[0]!);
    world.aws.table.setJournalText(world.settings.stableKey, undefined);
    world.gate.advance(5 * MINUTE);
    await expect(world.firstKey()).resolves.toBeDefined();
  });
});

describe('nothing is made', () => {
  test('no key is made where Terraform and the settings name different users', async () => {
    const failing = world.firstKey('AIDASOMEBODYELSE');
    await expect(failing).rejects.toThrow(UnknownStateError);
    await expect(failing).rejects.toThrow(/AIDASOMEBODYELSE.*terraform apply/);
    expect(world.keyIds).toEqual([]);
  });

  test('no key is made where both slots are taken, and both keys are named', async () => {
    const [one, other] = [world.keyByHand(), world.keyByHand()];
    const failing = world.firstKey();
    await expect(failing).rejects.toThrow(RotationDeferredError);
    await expect(failing).rejects.toThrow(one);
    await expect(failing).rejects.toThrow(other);
    expect(world.keys).toEqual({ [one]: 'Active', [other]: 'Active' });
  });

  test('no first key is made while a rotation is under way', async () => {
    await world.firstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    world.setStatusByHand(world.servedKeyId!, 'Inactive');
    const { keys } = world;
    await expect(world.firstKey()).rejects.toThrow(TryAgainError);
    expect(world.keys).toEqual(keys);
  });

  test('no key is made where AWSCURRENT is on a foreign key although there is a current one (R8)', async () => {
    await world.firstKey();
    world.putByHand(
      BY_HAND,
      JSON.stringify({ Version: 1, AccessKeyId: keyId(), SecretAccessKey: secretText() }),
    );
    const { keys } = world;
    await expect(world.firstKey()).rejects.toThrow(UnknownStateError);
    expect(world.keys).toEqual(keys);
  });
});

describe('the settings name another user than the secret', () => {
  const tag = (userId: string): void =>
    world.aws.secretsManager.tagWithUser(world.settings.secretArn, userId, world.gate.now());

  test('no first key is made where the secret is tagged with another user', async () => {
    tag('AIDAOTHEREXAMPLE');
    const failing = world.firstKey();
    await expect(failing).rejects.toThrow(/AIDACIDEPLOYEREXAMPLE.*AIDAOTHEREXAMPLE.*terraform apply/);
    expect(world.keyIds).toEqual([]);
  });

  test('the journal of a user is not begun anew for another one whom the secret does not name', async () => {
    await world.firstKey();
    world.amendJournal({ userId: 'AIDAOTHEREXAMPLE' });
    tag('AIDAOTHEREXAMPLE');
    const { state } = world;
    await expect(world.firstKey()).rejects.toThrow(SecretOfAnotherUserError);
    expect(world.state).toEqual(state);
  });

  test('a tag that Terraform changed a moment ago is waited for', async () => {
    const from = world.gate.now();
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      userId: world.gate.now() < from + 10 * SECOND ? 'AIDAFORMEREXAMPLE' : world.settings.userId,
    });
    await expect(world.firstKey()).resolves.toBeDefined();
  });

  test.each(['createSecret', 'testSecret', 'finishSecret'] as const)(
    '%s of a secret that is tagged with another user changes nothing',
    async (step) => {
      await world.firstKey();
      await world.rotate(tokenOf(1), 'testSecret');
      tag('AIDAOTHEREXAMPLE');
      const { state } = world;
      await expect(world.step(step, tokenOf(1))).rejects.toThrow(SecretOfAnotherUserError);
      expect(world.state).toEqual(state);
    },
  );
});

describe('the policies of the role were attached a moment ago', () => {
  const deniedUntil = (from: number, kind: 'accessDenied' | 'kms' = 'accessDenied'): void => {
    world.ports.keys.create = (userName) =>
      world.gate.now() < from ? Promise.reject(denied(kind)) : world.sound.keys.create(userName);
  };

  test('AccessDenied is tried again while a new role policy has no effect yet', async () => {
    deniedUntil(world.gate.now() + 20 * SECOND);
    const { accessKeyId } = await world.firstKey();
    expect(world.keyIds).toEqual([accessKeyId]);
  });

  test('AccessDenied is tried again only within a limit', async () => {
    const from = world.gate.now();
    deniedUntil(Infinity);
    await expect(world.firstKey()).rejects.toMatchObject({ kind: 'accessDenied' });
    expect(world.gate.now() - from).toBeGreaterThanOrEqual(POLICY_WAIT);
    expect(world.gate.now() - from).toBeLessThan(POLICY_WAIT + MINUTE);
  });

  test('the settings are read again at each try, because reading them may be what is denied', async () => {
    let reads = 0;
    await firstKey(
      world.ports,
      () => {
        reads += 1;
        return reads < 3 ? Promise.reject(denied()) : Promise.resolve(world.settings);
      },
      { Step: 'firstKey', SecretId: world.settings.secretArn, UserId: world.settings.userId },
    );
    expect(reads).toBe(3);
  });

  // A role whose KMS permission does not hold yet hears "Access to KMS is not allowed".
  test('a KMS key that the role may not use yet is waited for, too', async () => {
    deniedUntil(world.gate.now() + 20 * SECOND, 'kms');
    await expect(world.firstKey()).resolves.toBeDefined();
  });
});
