import { emergencyDocument, type EmergencyDocument } from '../../../cli/emergency/emergency-document';
import { MINUTE } from '../../../contract/instant';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { Operator } from '../../published/commands/support/operator';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const USERS = ['alone', 'in_overlap', 'by_hand', 'other_team'] as const;

/** Longer than a lease and two clocks' difference together: then the next command may go on. */
const UNTIL_THE_LEASE_IS_OVER = 3 * MINUTE;

/** The tests are one story: each begins where the one before ended. */
describeWithTools('all keys of a stack may have leaked', () => {
  let stage: Stage;
  let operator: Operator;
  const leaked = new Map<string, StoredKey>();
  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(
      aStack(
        USERS.map((user) => aUser(user, { owner: user === 'other_team' ? 'other' : 'platform' })),
        { functions: 'shared' },
      ),
    );
    operator = await Operator.in(stage.aws);
    await stage.rotateAway('in_overlap');
    await stage.account.createKey('by_hand');
    for (const user of USERS) leaked.set(user, await stage.currentKey(user));
    stage.goTo(stage.now() + 10 * MINUTE);
  });
  afterAll(() => stage.close());

  const keysOfAll = async (): Promise<readonly (readonly string[])[]> =>
    Promise.all(USERS.map((user) => stage.account.keysOf(user)));
  /** Ids of the keys that were made since, by the events on the bus. */
  const madeSince = async (from: number): Promise<number> => {
    await stage.aws.eventsDelivered();
    return stage.aws
      .busEvents()
      .slice(from)
      .filter((event) => event['detail-type'] === 'Key Promoted').length;
  };
  const COMMAND = ['emergency', '--owner', 'platform', '--yes', '--expect', '2', '--json'] as const;

  it.each([
    ['no terminal', ['--owner', 'platform'], 'There is no terminal to confirm this plan on'],
    [
      'another number',
      ['--owner', 'platform', '--yes', '--expect', '3'],
      '--expect says 3, and the plan is about 2 users',
    ],
    ['an owner of nobody', ['--owner', 'nobody', '--yes', '--expect', '0'], 'Owners are: platform, other'],
    ['a user whom nobody has', ['--users', 'alone,nobody', '--yes', '--expect', '2'], 'holds no user nobody'],
  ])('with %s nothing is changed, and it is said', async (_what, options, why) => {
    const before = await keysOfAll();
    const { exitCode, stdout, stderr } = await operator.run('emergency', ...options);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(why);
    expect(await keysOfAll()).toEqual(before);
    expect(await stage.account.item('emergency#owner#platform')).toBeUndefined();
  });

  it('the plan names each key, what becomes of it, and what cannot be done', async () => {
    const { stderr } = await operator.run('emergency', '--owner', 'platform');
    const keyOf = (user: string): string => leaked.get(user)!.AccessKeyId;
    expect(stderr).toContain(`alone: ${keyOf('alone')} is replaced, and kept Inactive for the grace period.`);
    expect(stderr).toMatch(
      /in_overlap: \w+ is replaced, .*; \w+, the key before it, is deleted: its slot is needed/,
    );
    expect(stderr).toContain(`emergency --user by_hand --leaked ${keyOf('by_hand')} --give-way`);
    expect(stderr).not.toContain('other_team');
  });

  it('killed in the midst of it and started again, every key is replaced once, and a working one is always served', async () => {
    const from = stage.aws.busEvents().length;
    const others = await stage.account.keysOf('other_team');
    const byHand = await stage.account.keysOf('by_hand');
    let kills = 0;
    for (const nth of [14, 22, 31, 25, 40]) {
      const killed = await operator.runKilledAtCall(nth, ...COMMAND);
      if (killed === undefined) break;
      kills += 1;
      expect(killed).toMatchObject({ exitCode: null });
      for (const user of USERS)
        expect(await stage.account.whoIs(await stage.currentKey(user))).toContain(`user/${user}`);
      stage.goTo(stage.now() + UNTIL_THE_LEASE_IS_OVER);
    }
    expect(kills).toBeGreaterThan(2);

    const { exitCode, stdout } = await operator.run(...COMMAND);

    const document: EmergencyDocument = emergencyDocument.parse(JSON.parse(stdout));
    expect(document.users.find(({ user }) => user === 'by_hand')).toMatchObject({ outcome: 'notReplaced' });
    expect(exitCode).toBe(1);
    for (const user of ['alone', 'in_overlap']) {
      const { AccessKeyId } = await stage.currentKey(user);
      const former = leaked.get(user)!.AccessKeyId;
      expect(document.users.find((one) => one.user === user)).toMatchObject({ keyId: AccessKeyId });
      expect((await stage.account.keysOf(user)).toSorted()).toEqual(
        [`${AccessKeyId} Active`, `${former} Inactive`].toSorted(),
      );
      expect(await stage.account.whoIs(await stage.currentKey(user))).toContain(`user/${user}`);
      expect((await stage.journal(user)).attempt).toBeUndefined();
    }
    // A process that is killed loses the events that it had not sent yet, and never sends one twice.
    expect(await madeSince(from)).toBeLessThanOrEqual(2);
    expect(await stage.account.keysOf('other_team')).toEqual(others);
    expect(await stage.account.keysOf('by_hand')).toEqual(byHand);
  });

  it('the same command once more changes nothing, and says how a new one is begun', async () => {
    const before = await keysOfAll();
    const { stderr, stdout } = await operator.run(...COMMAND);
    expect(stderr).toContain('Nothing is left to do');
    expect(stderr).toContain('--new');
    expect(JSON.parse(stdout)).toMatchObject({ planned: 2 });
    expect(await keysOfAll()).toEqual(before);
  });

  it('once a person has made room, the same command replaces the last one, and it is done', async () => {
    const former = leaked.get('by_hand')!.AccessKeyId;
    const [byHand] = (await stage.account.keysOf('by_hand')).filter((key) => !key.startsWith(former));
    const room = ['emergency', '--user', 'by_hand', '--leaked', former, '--give-way', byHand!.split(' ')[0]!];
    expect(await operator.run(...room)).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await operator.run('emergency', '--owner', 'platform');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Emergency of .*: 0 users replaced now, 3 before, 0 not replaced\.\n$/,
      ) as string,
    });
  });
});
