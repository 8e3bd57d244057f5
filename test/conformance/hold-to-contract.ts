import type { AccessKey } from '../../handlers/core/model/access-key';
import {
  CallRefusedError,
  UnreadableRecordError,
  type RefusalKind,
} from '../../handlers/core/model/call-errors';
import { HOUR, MINUTE, SECOND } from '../../contract/instant';
import type { Journal } from '../../handlers/core/model/journal';
import type { AccessKeyCredentials } from '../../handlers/core/model/ports';
import { SecretMaterial } from '../../contract/secret-material';
import type { ContractUser, ContractWorld } from './contract-world';

/*
 * What the rules rely on, and the AWS fact (docs/design/aws-facts.md) that each assertion stands for. The same suite
 * runs against the in-memory AWS, on which the safety of the rules is proved, and through the real adapters against
 * the local AWS, on which the real bundles run: so neither can drift from the other.
 */

const value = (text: string): SecretMaterial => new SecretMaterial(JSON.stringify({ text }));
const NOON = Date.UTC(2026, 0, 15, 12);
const aToken = (name: string): string => `${name}-`.padEnd(36, '0');

async function refusalOf(call: Promise<unknown>): Promise<RefusalKind | 'done' | 'unclear'> {
  try {
    await call;
    return 'done';
  } catch (error) {
    return error instanceof CallRefusedError ? error.kind : 'unclear';
  }
}

export function holdToContract(begin: () => Promise<ContractWorld>): void {
  let world: ContractWorld;
  let user: ContractUser;

  beforeAll(async () => {
    world = await begin();
  });
  afterAll(async () => {
    await world.stop();
  });
  beforeEach(async () => {
    user = await world.newUser();
  });

  /** Waits for what AWS promises to be so soon, and not at once. */
  async function soon(isSo: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited <= 2 * MINUTE; waited += SECOND / 2) {
      if (await isSo()) return;
      await world.pause();
    }
    throw new Error('It was not so within two minutes.');
  }

  describe('access keys', () => {
    const statuses = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await world.keys.list(user.userName)).map(({ id, status }) => [id, status]));

    it('a new key is Active, soon listed, and dated in whole seconds (F 2.2)', async () => {
      const before = world.now();
      const key = await world.keys.create(user.userName);
      expect(key.status).toBe('Active');
      let listed: AccessKey | undefined;
      await soon(async () => {
        [listed] = await world.keys.list(user.userName);
        return listed !== undefined;
      });
      expect(listed).toMatchObject({ id: key.id, status: 'Active' });
      expect(listed!.createdAt % SECOND).toBe(0);
      expect(listed!.createdAt).toBeGreaterThanOrEqual(Math.floor(before / SECOND) * SECOND);
      expect(listed!.createdAt).toBeLessThanOrEqual(world.now() + SECOND);
    });

    it('a new key shows its secret once, as a secret that does not print (F 1.8)', async () => {
      const key = await world.keys.create(user.userName);
      expect(key.secretAccessKey.reveal().length).toBeGreaterThan(30);
      expect(JSON.stringify(key)).not.toContain(key.secretAccessKey.reveal());
    });

    it('a third key is refused, Inactive ones count (F 2.1, 2.2)', async () => {
      const first = await world.keys.create(user.userName);
      await world.keys.create(user.userName);
      await world.keys.deactivate(user.userName, first.id);
      await expect(refusalOf(world.keys.create(user.userName))).resolves.toBe('limitExceeded');
      await world.keys.delete(user.userName, first.id);
      await expect(refusalOf(world.keys.create(user.userName))).resolves.toBe('done');
    });

    it('two creations make two keys: there is no token (F 2.5)', async () => {
      const first = await world.keys.create(user.userName);
      const second = await world.keys.create(user.userName);
      expect(second.id).not.toBe(first.id);
    });

    it('a key is deactivated, activated and deleted, any number of times (F 2.2)', async () => {
      const { id } = await world.keys.create(user.userName);
      await world.keys.deactivate(user.userName, id);
      await world.keys.deactivate(user.userName, id);
      await soon(async () => (await statuses())[id] === 'Inactive');
      await world.keys.activate(user.userName, id);
      await world.keys.activate(user.userName, id);
      await soon(async () => (await statuses())[id] === 'Active');
      await world.keys.delete(user.userName, id);
      await soon(async () => !(id in (await statuses())));
      // Gone already counts as deleted.
      await expect(refusalOf(world.keys.delete(user.userName, id))).resolves.toBe('done');
    });

    it('a key that is gone can be neither activated nor deactivated (F 2.2)', async () => {
      const { id } = await world.keys.create(user.userName);
      await world.keys.delete(user.userName, id);
      await expect(refusalOf(world.keys.activate(user.userName, id))).resolves.toBe('notFound');
      await expect(refusalOf(world.keys.deactivate(user.userName, id))).resolves.toBe('notFound');
    });

    it('keys of a user that does not exist cannot be listed or made (F 2.2)', async () => {
      await expect(refusalOf(world.keys.list('nobody-of-that-name'))).resolves.toBe('userNotFound');
      await expect(refusalOf(world.keys.create('nobody-of-that-name'))).resolves.toBe('userNotFound');
    });

    it('keys of one user are not those of another (F 2.3)', async () => {
      const other = await world.newUser();
      const { id } = await world.keys.create(other.userName);
      await expect(world.keys.list(user.userName)).resolves.toEqual([]);
      await expect(refusalOf(world.keys.deactivate(user.userName, id))).resolves.toBe('notFound');
    });

    it('a key was never used until somebody signs with it: our own proof counts as sts (F 2.10)', async () => {
      const key = await world.keys.create(user.userName);
      await expect(world.keys.lastUsed(key.id)).resolves.toBeUndefined();
      const credentials = { accessKeyId: key.id, secretAccessKey: key.secretAccessKey };
      await soon(async () => (await refusalOf(world.probe.callerIdentity(credentials))) === 'done');
      await soon(async () => (await world.keys.lastUsed(key.id))?.service === 'sts');
    });
  });

  describe('the proof of a key', () => {
    async function workingKey(): Promise<AccessKeyCredentials> {
      const { id, secretAccessKey } = await world.keys.create(user.userName);
      const credentials = { accessKeyId: id, secretAccessKey };
      await soon(async () => (await refusalOf(world.probe.callerIdentity(credentials))) === 'done');
      await world.untilKeysAreKnown();
      return credentials;
    }

    it('a new key is not known, then it answers as its user in its account (F 2.6, 3.1)', async () => {
      await expect(world.probe.callerIdentity(await workingKey())).resolves.toEqual({
        accountId: user.accountId,
        userId: user.userId,
        arn: `arn:aws:iam::${user.accountId}:user/${user.userName}`,
      });
    });

    it('a key that never was is not known (F 3.2)', async () => {
      const credentials = {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: new SecretMaterial('x'.repeat(40)),
      };
      await expect(refusalOf(world.probe.callerIdentity(credentials))).resolves.toBe('unknownKey');
    });

    it('a wrong secret is something else than an unknown key (F 3.2)', async () => {
      const { accessKeyId } = await workingKey();
      const credentials = { accessKeyId, secretAccessKey: new SecretMaterial('x'.repeat(40)) };
      await expect(refusalOf(world.probe.callerIdentity(credentials))).resolves.toBe('wrongSecret');
    });

    it('a deactivated key is soon refused, and accepted again when it is activated (F 2.7, 3.2)', async () => {
      const credentials = await workingKey();
      await world.keys.deactivate(user.userName, credentials.accessKeyId);
      await soon(async () => (await refusalOf(world.probe.callerIdentity(credentials))) === 'unknownKey');
      await world.keys.activate(user.userName, credentials.accessKeyId);
      await soon(async () => (await refusalOf(world.probe.callerIdentity(credentials))) === 'done');
    });

    it('a deleted key is soon refused (F 2.7, 3.2)', async () => {
      const credentials = await workingKey();
      await world.keys.delete(user.userName, credentials.accessKeyId);
      await soon(async () => (await refusalOf(world.probe.callerIdentity(credentials))) === 'unknownKey');
    });
  });

  describe('a secret', () => {
    const labels = async (): Promise<unknown> => (await world.secrets.describe(user.secretArn)).labels;
    const put = (versionId: string, label: 'AWSCURRENT' | 'AWSPENDING', text = versionId): Promise<void> =>
      world.secrets.put(user.secretArn, { versionId, text: value(text), label, rotationToken: undefined });
    const textAt = async (at: Parameters<typeof world.secrets.read>[1]): Promise<string | undefined> =>
      (await world.secrets.read(user.secretArn, at))?.text.reveal();
    const [one, two, three] = [aToken('one'), aToken('two'), aToken('three')];

    it('a secret is made without a version, and so without a label (F 1.15)', async () => {
      await expect(labels()).resolves.toEqual({});
      await expect(textAt({ label: 'AWSCURRENT' })).resolves.toBeUndefined();
    });

    it('a secret that does not exist is refused (F 1.5)', async () => {
      const arn = `${user.secretArn.slice(0, -9)}xx-AbCdEf`;
      await expect(refusalOf(world.secrets.describe(arn))).resolves.toBe('notFound');
    });

    it('a secret labels its first value AWSCURRENT, whatever was asked for (F 1.15)', async () => {
      await put(one, 'AWSPENDING');
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: one });
    });

    it('a secret moves AWSCURRENT to a new value, and AWSPREVIOUS behind it (F 1.9)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSCURRENT');
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: two, AWSPREVIOUS: one });
      await expect(textAt({ label: 'AWSPREVIOUS' })).resolves.toBe(value(one).reveal());
    });

    it('a secret leaves AWSCURRENT where it is when a pending value is put (F 1.8)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSPENDING');
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: one, AWSPENDING: two });
      await expect(textAt({ label: 'AWSPENDING' })).resolves.toBe(value(two).reveal());
      await expect(textAt({ versionId: two })).resolves.toBe(value(two).reveal());
    });

    it('a secret takes the same value under the same token for a repetition, and refuses another (F 1.8)', async () => {
      await put(one, 'AWSCURRENT');
      await expect(refusalOf(put(one, 'AWSCURRENT'))).resolves.toBe('done');
      await expect(refusalOf(put(one, 'AWSCURRENT', 'something else'))).resolves.toBe('conflict');
      await expect(textAt({ versionId: one })).resolves.toBe(value(one).reveal());
    });

    it('a secret has the version of a rotation without a value at first (F 1.5)', async () => {
      await put(one, 'AWSCURRENT');
      const token = await world.byHand.beginRotation(user);
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: one, AWSPENDING: token });
      await expect(textAt({ versionId: token })).resolves.toBeUndefined();
      await expect(textAt({ label: 'AWSPENDING' })).resolves.toBeUndefined();
      await put(token, 'AWSPENDING');
      await expect(textAt({ label: 'AWSPENDING' })).resolves.toBe(value(token).reveal());
    });

    it('a rotation ends when somebody stores another version (F 1.8)', async () => {
      await put(one, 'AWSCURRENT');
      const token = await world.byHand.beginRotation(user);
      await put(token, 'AWSPENDING');
      await put(three, 'AWSCURRENT');
      const now = await labels();
      expect(now).toMatchObject({ AWSCURRENT: three, AWSPREVIOUS: one });
      expect(now).not.toHaveProperty('AWSPENDING');
    });

    it('a secret moves a label only from the version that it is on: a compare-and-swap (F 1.9)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSPENDING');
      const move = (from: string | undefined, to: string): Promise<void> =>
        world.secrets.moveLabel(user.secretArn, 'AWSCURRENT', { from, to });
      await expect(refusalOf(move(two, two))).resolves.toBe('invalid');
      await expect(refusalOf(move(undefined, two))).resolves.toBe('invalid');
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: one });
      await move(one, two);
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: two, AWSPREVIOUS: one });
      // The second of two that move it finds that it is not there any more.
      await expect(refusalOf(move(one, two))).resolves.toBe('invalid');
    });

    it('a secret keeps AWSPENDING on a version that has become current, until it is taken off (F 1.10)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSPENDING');
      await world.secrets.moveLabel(user.secretArn, 'AWSCURRENT', { from: one, to: two });
      await expect(labels()).resolves.toMatchObject({ AWSCURRENT: two, AWSPENDING: two });
      await world.secrets.removeLabel(user.secretArn, 'AWSPENDING', two);
      await expect(labels()).resolves.not.toHaveProperty('AWSPENDING');
    });

    it('a secret takes a label off only where it is (F 1.12)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSPENDING');
      await expect(refusalOf(world.secrets.removeLabel(user.secretArn, 'AWSPENDING', one))).resolves.toBe(
        'invalid',
      );
      await expect(labels()).resolves.toMatchObject({ AWSPENDING: two });
    });

    it('a secret that is scheduled for deletion can be described, and neither read nor changed, until it is restored (F 1.24)', async () => {
      await put(one, 'AWSCURRENT');
      await put(two, 'AWSPENDING');
      await world.byHand.deleteSecret(user);
      const { deletedDate, labels: shown } = await world.secrets.describe(user.secretArn);
      expect(deletedDate).toBeGreaterThan(0);
      expect(shown).toMatchObject({ AWSCURRENT: one });
      const refused = await Promise.all([
        refusalOf(textAt({ label: 'AWSCURRENT' })),
        refusalOf(put(three, 'AWSPENDING')),
        refusalOf(world.secrets.moveLabel(user.secretArn, 'AWSCURRENT', { from: one, to: two })),
        refusalOf(world.secrets.removeLabel(user.secretArn, 'AWSPENDING', two)),
      ]);
      expect(refused).toEqual(['wrongState', 'wrongState', 'wrongState', 'wrongState']);
      await world.byHand.restoreSecret(user);
      await expect(world.secrets.describe(user.secretArn)).resolves.toMatchObject({ deletedDate: undefined });
      await expect(textAt({ label: 'AWSCURRENT' })).resolves.toBe(value(one).reveal());
    });

    it('a secret says whose key it holds, once it is tagged (F 1.35)', async () => {
      expect((await world.secrets.describe(user.secretArn)).userId).toBeUndefined();
      await world.byHand.tagSecret(user);
      let userId: string | undefined;
      await soon(async () => (userId = (await world.secrets.describe(user.secretArn)).userId) !== undefined);
      expect(userId).toBe(user.userId);
    });

    it('a secret with a copy says how it is, and is not deleted while it has one (F 1.23)', async () => {
      await world.byHand.copySecretTo(user, 'eu-central-1');
      const { copies } = await world.secrets.describe(user.secretArn);
      expect(copies).toMatchObject([{ region: 'eu-central-1' }]);
      expect(['InSync', 'InProgress']).toContain(copies[0]!.status);
      await expect(world.byHand.deleteSecret(user)).rejects.toThrow('replica regions');
    });

    it('a secret refuses to move a label to a version that does not exist (F 1.9)', async () => {
      await put(one, 'AWSCURRENT');
      const move = world.secrets.moveLabel(user.secretArn, 'AWSCURRENT', { from: one, to: three });
      await expect(refusalOf(move)).resolves.toBe('notFound');
    });
  });

  describe('the journal', () => {
    const journal = (): Journal => ({
      userId: user.userId,
      secretArn: user.secretArn,
      current: { keyId: 'AKIAIOSFODNN7EXAMPLE', versionId: aToken('one'), since: world.now() },
      attempt: undefined,
      previous: [],
    });
    const lease = (holder: string, until = world.now() + MINUTE): { holder: string; until: number } => ({
      holder,
      until,
    });
    const acquire = (holder: string): Promise<unknown> =>
      world.journals.acquire(user.stableKey, lease(holder), world.now());

    it('a journal is nothing at first, and anybody may take its lease', async () => {
      await expect(world.journals.read(user.stableKey)).resolves.toEqual({ journal: undefined });
      await expect(acquire('first')).resolves.toEqual({ journal: undefined });
    });

    it('a journal has one holder at a time, who may take the lease again', async () => {
      await acquire('first');
      await expect(acquire('second')).resolves.toBeUndefined();
      await expect(acquire('first')).resolves.toBeDefined();
    });

    it('a journal goes to the next holder when the lease has run out, not before', async () => {
      const until = world.now() + MINUTE;
      await world.journals.acquire(user.stableKey, { holder: 'first', until }, world.now());
      const next = { holder: 'second', until: until + HOUR };
      await expect(world.journals.acquire(user.stableKey, next, until)).resolves.toBeUndefined();
      await expect(world.journals.acquire(user.stableKey, next, until + 1)).resolves.toBeDefined();
    });

    it('a lease is not shortened by a call of its holder that arrives late', async () => {
      const until = world.now() + 5 * MINUTE;
      await world.journals.acquire(user.stableKey, lease('first'), world.now());
      await world.journals.write(user.stableKey, lease('first', until), journal());
      const late = world.journals.acquire(user.stableKey, lease('first', until - 1), world.now());
      await expect(late).resolves.toBeUndefined();
      const next = { holder: 'second', until: until + HOUR };
      await expect(world.journals.acquire(user.stableKey, next, until)).resolves.toBeUndefined();
    });

    it('a journal is written by the holder only, and comes back as it was written', async () => {
      await acquire('first');
      const written = journal();
      await world.journals.write(user.stableKey, lease('first', world.now() + 2 * MINUTE), written);
      const read = await world.journals.read(user.stableKey);
      expect(read.journal).toEqual(JSON.parse(JSON.stringify(written)));
      await expect(
        refusalOf(world.journals.write(user.stableKey, lease('second', world.now() + HOUR), written)),
      ).resolves.toBe('conflict');
    });

    it('each write renews the lease, and a write that arrives late is refused', async () => {
      await acquire('first');
      const later = lease('first', world.now() + 2 * MINUTE);
      await world.journals.write(user.stableKey, later, journal());
      const next = { holder: 'second', until: later.until + HOUR };
      await expect(world.journals.acquire(user.stableKey, next, later.until)).resolves.toBeUndefined();
      const late = world.journals.write(user.stableKey, { ...later, until: later.until - 1 }, journal());
      await expect(refusalOf(late)).resolves.toBe('conflict');
    });

    it('a journal is written no more after the lease was given back, and the next may come', async () => {
      await acquire('first');
      await world.journals.release(user.stableKey, 'first');
      const late = world.journals.write(user.stableKey, lease('first', world.now() + HOUR), journal());
      await expect(refusalOf(late)).resolves.toBe('conflict');
      await expect(acquire('second')).resolves.toBeDefined();
      await world.journals.release(user.stableKey, 'first');
      await expect(acquire('third')).resolves.toBeUndefined();
    });

    it('an announced removal is read with the journal, whoever has the lease, until it is taken back', async () => {
      await acquire('first');
      const written = journal();
      await world.journals.write(user.stableKey, lease('first', world.now() + 2 * MINUTE), written);

      await world.journals.announceRemoval(user.stableKey, user.secretArn);
      await expect(world.journals.read(user.stableKey)).resolves.toMatchObject({ removalOf: user.secretArn });
      await world.journals.announceRemoval(user.stableKey, undefined);

      const { journal: kept, removalOf } = await world.journals.read(user.stableKey);
      expect(removalOf).toBeUndefined();
      expect(kept).toEqual(JSON.parse(JSON.stringify(written)));
    });

    it('what does not parse is no journal, and nothing is read into it (R8)', async () => {
      await world.byHand.garbleJournal(user);
      await expect(world.journals.read(user.stableKey)).rejects.toThrow(UnreadableRecordError);
      await expect(acquire('first')).rejects.toThrow(UnreadableRecordError);
    });
  });

  describe('acknowledgements', () => {
    const [first, second] = ['AKIAMMMMMMMM1EXAMPLE', 'AKIAMMMMMMMM2EXAMPLE'];
    const say = (keyId: string, at: number): Promise<void> =>
      world.acknowledgements.add(user.stableKey, { keyId, at, by: 'a person' });
    const said = async (): Promise<Readonly<Record<string, number>>> =>
      Object.fromEntries(await world.acknowledgements.read(user.stableKey));

    it('of keys that nobody has said a word about, there are none', async () => {
      await expect(said()).resolves.toEqual({});
    });

    it('each key has its own word, and the last one about it counts', async () => {
      await say(first, NOON);
      await say(second, NOON + HOUR);
      await say(first, NOON + 2 * HOUR);
      await expect(said()).resolves.toEqual({ [first]: NOON + 2 * HOUR, [second]: NOON + HOUR });
    });

    it('of two who speak at the same moment, neither is lost', async () => {
      await Promise.all([say(first, NOON), say(second, NOON)]);
      await expect(said()).resolves.toEqual({ [first]: NOON, [second]: NOON });
    });

    it('what does not parse is no word (R8)', async () => {
      await world.byHand.garbleAcknowledgements(user);
      await expect(said()).rejects.toThrow(UnreadableRecordError);
    });
  });

  describe('emergencies', () => {
    const [whose, others] = ['all', 'owner#platform'];

    it('there is none before one begins, and each choice of users has its own', async () => {
      await expect(world.emergencies.read(whose)).resolves.toBeUndefined();
      await expect(world.emergencies.begin(whose, NOON, undefined)).resolves.toBe(true);
      await expect(world.emergencies.read(whose)).resolves.toBe(NOON);
      await expect(world.emergencies.read(others)).resolves.toBeUndefined();
    });

    it('of two who begin one at the same moment, one does, and the other learns of it', async () => {
      const both = await Promise.all(
        [NOON, NOON + 1].map((since) => world.emergencies.begin(others, since, undefined)),
      );
      expect(both.toSorted()).toEqual([false, true]);
      await expect(world.emergencies.read(others)).resolves.toBe(NOON + both.indexOf(true));
    });

    it('a new one takes the place of the one that was read, and of no other', async () => {
      await expect(world.emergencies.begin(whose, NOON + HOUR, NOON + 1)).resolves.toBe(false);
      await expect(world.emergencies.read(whose)).resolves.toBe(NOON);
      await expect(world.emergencies.begin(whose, NOON + HOUR, NOON)).resolves.toBe(true);
      await expect(world.emergencies.read(whose)).resolves.toBe(NOON + HOUR);
    });

    it('asked again by who did not hear the answer, it has begun', async () => {
      await expect(world.emergencies.begin(whose, NOON + HOUR, NOON)).resolves.toBe(true);
      await expect(world.emergencies.read(whose)).resolves.toBe(NOON + HOUR);
    });

    it('what does not parse is no beginning, and nothing is written over it (R8)', async () => {
      await world.byHand.garbleEmergency(whose);
      await expect(world.emergencies.read(whose)).rejects.toThrow(UnreadableRecordError);
      await expect(world.emergencies.begin(whose, NOON, undefined)).resolves.toBe(false);
    });
  });

  describe('settings', () => {
    it('settings are what Terraform wrote, or nothing', async () => {
      await expect(world.settings.read(user.stableKey)).resolves.toBeUndefined();
      const written = {
        stableKey: user.stableKey,
        accountId: user.accountId,
        userName: user.userName,
        userId: user.userId,
        secretArn: user.secretArn,
        overlapSeconds: 0,
        gracePeriodSeconds: 604_800,
        maximumKeyAgeSeconds: 7_776_000,
        whenStillInUse: 'hold',
      } as const;
      await world.byHand.writeSettings(user, written);
      await expect(world.settings.read(user.stableKey)).resolves.toMatchObject(written);
    });

    it('what does not parse is no settings (R8)', async () => {
      await world.byHand.garbleSettings(user);
      await expect(world.settings.read(user.stableKey)).rejects.toThrow(UnreadableRecordError);
    });
  });
}
