import { DAY, MINUTE } from '../../../contract/instant';
import type { RecordedCall } from '../../../sandbox/front/recorder';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Operator, type Run } from './support/operator';

const USERS = ['ci-deployer', 'mailer', 'reports'] as const;

/** Longer than a lease and two clocks' difference together: then the next command, or function, may go on. */
const UNTIL_THE_LEASE_IS_OVER = 3 * MINUTE;

/** No command makes so many calls. */
const MOST_CALLS = 100;

const nameOf = ({ service, action }: RecordedCall): string => `${service}:${action}`;

describeWithTools('a command that changes keys and is killed at each of its calls in turn', () => {
  let stage: Stage;
  let operator: Operator;
  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(aStack(USERS.map((user) => aUser(user))));
    operator = await Operator.in(stage.aws);
  });
  afterAll(() => stage.close());

  const secretOf = (user: string): string => `iam-key-rotation/${user}`;
  const arnOf = (user: string): string => `arn:aws:iam::${stage.aws.accountId}:user/${user}`;
  /** @throws Error if the key does not work, or is somebody else's */
  const requireWorking = async (user: string, key: StoredKey): Promise<void> =>
    expect(await stage.account.whoIs(key)).toBe(arnOf(user));

  /** After it, the user has its current key alone. */
  async function retireAllBut(user: string): Promise<void> {
    stage.goTo(stage.now() + 2 * DAY);
    await stage.sweep();
    stage.goTo(stage.now() + 8 * DAY);
    await stage.sweep();
    expect(await stage.account.keysOf(user)).toEqual([
      `${(await stage.currentKey(user)).AccessKeyId} Active`,
    ]);
  }

  /**
   * @param args the command, made anew each time
   * @param check what has to be true after it was killed
   * @returns the calls that it was killed in
   */
  async function killAtEachCall(
    args: () => Promise<readonly string[]>,
    check: (killed: Run, args: readonly string[]) => Promise<void>,
  ): Promise<readonly string[]> {
    const killedIn: string[] = [];
    for (let nth = 1; nth <= MOST_CALLS; nth += 1) {
      const command = await args();
      const killed = await operator.runKilledAtCall(nth, ...command);
      if (killed === undefined) return killedIn;
      expect(killed).toMatchObject({ exitCode: null });
      killedIn.push(nameOf(killed.calls.at(-1)!));
      await check(killed, command);
    }
    throw new Error(`There was no end: ${killedIn.join(', ')}`);
  }

  it('rotate: what was begun comes to its end by itself, the old key works on, and the next rotation succeeds', async () => {
    const user = 'ci-deployer';
    let former: StoredKey;
    const killedIn = await killAtEachCall(
      async () => {
        await stage.aws.rotationsSettled();
        await retireAllBut(user);
        former = await stage.currentKey(user);
        return ['rotate', user];
      },
      async ({ calls }) => {
        await requireWorking(user, await stage.currentKey(user));
        await stage.aws.rotationsSettled();

        const isBegun = calls.map(nameOf).includes('secretsmanager:RotateSecret');
        const current = await stage.currentKey(user);
        const formerKey = `${former.AccessKeyId} Active`;
        const expected = isBegun ? [formerKey, `${current.AccessKeyId} Active`] : [formerKey];
        expect(current.AccessKeyId === former.AccessKeyId).toBe(!isBegun);
        expect(await stage.account.keysOf(user)).toEqual(expected);
        expect(await stage.account.labelsOf(secretOf(user))).not.toContain('AWSPENDING');
        await requireWorking(user, current);
        // It is in its overlap, or nothing has replaced it.
        await requireWorking(user, former);

        await retireAllBut(user);
        expect(await operator.run('rotate', user)).toMatchObject({ exitCode: 0 });
        await requireWorking(user, await stage.currentKey(user));
        await requireWorking(user, current);
      },
    );
    expect(killedIn).toContain('secretsmanager:RotateSecret');
    // It was killed while it followed the rotation, too.
    expect(killedIn.slice(killedIn.indexOf('secretsmanager:RotateSecret') + 1)).toContain('dynamodb:GetItem');
  });

  it('rollback: a working key is served at every moment, and the same command completes it', async () => {
    const user = 'mailer';
    await stage.rotateAway(user);
    const target = async (): Promise<StoredKey> => stage.account.storedKey(secretOf(user), 'AWSPREVIOUS');
    let [left, wanted] = [await stage.currentKey(user), await target()];
    const killedIn = await killAtEachCall(
      async () => {
        [left, wanted] = [await stage.currentKey(user), await target()];
        return ['rollback', '--user', user, '--leave', left.AccessKeyId];
      },
      async (_killed, command) => {
        await requireWorking(user, await stage.currentKey(user));
        stage.goTo(stage.now() + UNTIL_THE_LEASE_IS_OVER);

        const again = await operator.run(...command);

        expect(`${again.exitCode} ${again.stdout}`).toMatch(/^(0 .*is current again|\d .*nothing was done)/);
        expect((await stage.currentKey(user)).AccessKeyId).toBe(wanted.AccessKeyId);
        expect(await stage.account.labelsOf(secretOf(user))).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
        // The key that was left is in its overlap.
        for (const key of [wanted, left]) await requireWorking(user, key);
        expect(await stage.journal(user)).toMatchObject({
          current: { keyId: wanted.AccessKeyId },
          previous: [{ keyId: left.AccessKeyId }],
        });
      },
    );
    expect(killedIn).toContain('secretsmanager:UpdateSecretVersionStage');
  });

  it('emergency: a working key is served at every moment, and the same command makes an end of the leaked one', async () => {
    const user = 'reports';
    let leaked = await stage.currentKey(user);
    const killedIn = await killAtEachCall(
      async () => {
        leaked = await stage.currentKey(user);
        return ['emergency', '--user', user, '--leaked', leaked.AccessKeyId];
      },
      async (_killed, command) => {
        await requireWorking(user, await stage.currentKey(user));
        stage.goTo(stage.now() + UNTIL_THE_LEASE_IS_OVER);

        const again = await operator.run(...command);

        // It was deleted already where it was killed at its end.
        expect(`${again.exitCode} ${again.stdout}${again.stderr}`).toMatch(
          new RegExp(`^0 .*is deleted|^1 .*has no key ${leaked.AccessKeyId}`, 's'),
        );
        const current = await stage.currentKey(user);
        expect(current.AccessKeyId).not.toBe(leaked.AccessKeyId);
        await requireWorking(user, current);
        expect(await stage.account.keysOf(user)).toEqual([`${current.AccessKeyId} Active`]);
      },
    );
    for (const call of ['iam:CreateAccessKey', 'secretsmanager:PutSecretValue', 'iam:DeleteAccessKey'])
      expect(killedIn).toContain(call);
  });
});
