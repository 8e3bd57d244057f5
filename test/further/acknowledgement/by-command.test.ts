import { DAY, HOUR, MINUTE } from '../../../contract/instant';
import type { PreviousKey } from '../../../handlers/core/model/journal';
import type { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { about, over, WatchedStage } from '../notifications/support/watched-stage';

const waiting = (atMaximumKeyAge: 'hold' | 'retire') =>
  ({ by: 'command', remindAfterSeconds: (3 * DAY) / 1000, atMaximumKeyAge }) as const;

const CONFIGURATION = aStack(
  [
    aUser('vendor', { acknowledgement: waiting('hold') }),
    aUser('forgotten', { acknowledgement: waiting('retire') }),
  ],
  {
    functions: 'shared',
    secretRecoveryDays: 0,
    alerts: {
      emails: ['oncall@example.com'],
      topicArns: [],
      runbookUrl: 'https://wiki.example.com/runbook',
      perFunctionAlarms: true,
    },
  },
);

/** Real bundles under the policies of their roles as synthesized. The tests share a stack and its time, which only goes forward. */
describeWithTools('a previous key of a user whose keys somebody acknowledges', () => {
  let watched: WatchedStage;
  let stage: Stage;

  beforeAll(async () => {
    watched = await WatchedStage.open(CONFIGURATION);
    ({ stage } = watched);
    for (const user of ['vendor', 'forgotten'])
      expect(await watched.rotate(user)).toContain('RotationSucceeded');
  });
  afterAll(() => stage.close());

  const previousOf = async (user: string): Promise<PreviousKey> => (await stage.journal(user)).previous[0]!;
  /** Of the visits so far, and as often as it was sent. */
  const said = async (subject: string): Promise<number> =>
    (await watched.subjects()).filter((one) => one === subject).length;

  it('is held past its overlap until somebody acknowledges the current one (R14)', async () => {
    const { keyId, replacedAt } = await previousOf('vendor');
    stage.goTo(replacedAt + 24 * HOUR - 10 * MINUTE);
    await watched.sweep();
    expect((await previousOf('vendor')).hold).toBeUndefined();

    stage.goTo(replacedAt + 24 * HOUR + MINUTE);
    await watched.sweep();
    expect(await previousOf('vendor')).toMatchObject({
      keyId,
      phase: 'overlap',
      hold: { cause: 'notAcknowledged' },
    });
    expect(await stage.account.keysOf('vendor')).toContain(`${keyId} Active`);
    expect(await watched.subjects()).toEqual([]);

    const { stdout } = await stage.command('status', 'vendor');
    expect(stdout).toMatch(/held: Waits since \S+ for an acknowledgement of the current key AKIA/);
  });

  it('people are reminded once that nobody has acknowledged the current key', async () => {
    const { replacedAt } = await previousOf('vendor');
    stage.goTo(replacedAt + 3 * DAY - HOUR);
    await watched.sweep();
    expect(await watched.subjects()).toEqual([]);

    watched.letPass(2 * HOUR);
    await watched.sweep();
    expect(await said(about('notAcknowledged', 'vendor'))).toBe(1);
    watched.letPass(DAY);
    await watched.sweep();
    expect(await watched.subjects()).toEqual([]);
  });

  it('waits on after a word about another key, and is retired by the next sweep after one about the current key', async () => {
    const { keyId } = await previousOf('vendor');
    const { AccessKeyId } = await stage.currentKey('vendor');
    const wrong = await stage.command('acknowledge', '--user', 'vendor', '--key', keyId);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain(`${keyId} is not the current key of vendor; that is ${AccessKeyId}.`);
    await watched.sweep();
    expect(await stage.account.keysOf('vendor')).toContain(`${keyId} Active`);

    const right = await stage.command('acknowledge', '--user', 'vendor', '--key', AccessKeyId);
    expect(right).toMatchObject({ exitCode: 0 });
    await watched.sweep();
    expect(await stage.account.keysOf('vendor')).toEqual([`${keyId} Inactive`, `${AccessKeyId} Active`]);
    expect(await said(over('notAcknowledged', 'vendor'))).toBe(1);
    const told = stage.aws.busEvents().filter((event) => event['detail-type'] === 'Key Acknowledged');
    expect(told).toMatchObject([
      {
        detail: {
          user: 'vendor',
          keyIdSuffix: AccessKeyId.slice(-4),
          by: expect.stringMatching(/^arn:aws:/) as string,
        },
      },
    ]);
  });

  it('people hear a week before that a key reaches the maximum key age unacknowledged, and it is retired then where the configuration says so', async () => {
    const { keyId, replacedAt } = await previousOf('forgotten');
    // It was made when the stack was.
    stage.goTo(replacedAt + 82 * DAY);
    await watched.sweep();
    expect(await said(about('acknowledgementOverdue', 'forgotten'))).toBe(0);
    watched.letPass(DAY + HOUR);
    await watched.sweep();
    expect(await said(about('acknowledgementOverdue', 'forgotten'))).toBe(1);
    expect(await stage.account.keysOf('forgotten')).toContain(`${keyId} Active`);

    watched.letPass(7 * DAY);
    const { log } = await stage.sweep();
    expect(log).toContain('retiredUnacknowledged');
    expect(await stage.account.keysOf('forgotten')).toContain(`${keyId} Inactive`);
    await watched.settled();
    expect(await watched.subjects()).toContain(over('acknowledgementOverdue', 'forgotten'));
  });
});
