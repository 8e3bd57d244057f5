import { DAY, HOUR, MINUTE, SECOND } from '../../../contract/instant';
import { GAUGES, HEARTBEAT } from '../../../contract/telemetry-names';
import { startApplication } from '../../../sandbox/demo/application';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { requirePublished } from '../../support/published-events';
import { eventsEmittedIn, metricsIn } from '../../support/emitted-by-functions';
import { Stage } from '../../e2e/stack/support/stage';

const OVERLAP = 24 * HOUR;
const GRACE_PERIOD = 7 * DAY;
const ROTATION = 'iam-key-rotation-rotate';
const RETIREMENT = 'iam-key-rotation-retire';
const RETIREMENT_ROLE = 'arn:aws:iam::111122223333:role/iam-key-rotation-retire';

/** The tests share a stack and its time, which only goes forward; each has a user of its own. */
describeWithTools('the second half of a key’s life', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    const users = ['deployer', 'reporter', 'mailer', 'leaky', 'crowded_leak', 'crasher', 'hurried'];
    await stage.stack.apply(
      aStack(
        users.map((user) => aUser(user)),
        { functions: 'shared', secretRecoveryDays: 0 },
      ),
    );
  });
  afterAll(() => stage.close());

  const previousOf = async (user: string) => (await stage.journal(user)).previous[0]!;

  it('goes from current to previous, retired and deleted, each at its hour and not before', async () => {
    const old = await stage.rotateAway('deployer');
    const { replacedAt } = await previousOf('deployer');

    stage.goTo(replacedAt + OVERLAP - 5 * MINUTE);
    expect((await stage.sweep()).result).toMatchObject({ acts: {}, failedUsers: [] });
    expect(await stage.account.statusOf('deployer', old)).toBe('Active');

    stage.goTo(replacedAt + OVERLAP + SECOND);
    expect((await stage.sweep()).result).toMatchObject({ acts: { deactivate: 1 }, failedUsers: [] });
    expect(await stage.account.statusOf('deployer', old)).toBe('Inactive');
    await expect(stage.account.whoIs(old)).rejects.toThrow('security token');

    const { deactivatedAt } = await previousOf('deployer');
    stage.goTo(deactivatedAt! + GRACE_PERIOD - 5 * MINUTE);
    expect((await stage.sweep()).result).toMatchObject({ acts: {} });
    expect(await stage.account.statusOf('deployer', old)).toBe('Inactive');

    stage.goTo(deactivatedAt! + GRACE_PERIOD + SECOND);
    expect((await stage.sweep()).result).toMatchObject({ acts: { delete: 1 } });
    const current = await stage.currentKey('deployer');
    expect(await stage.account.keysOf('deployer')).toEqual([`${current.AccessKeyId} Active`]);
    expect(await stage.journal('deployer')).toMatchObject({
      current: { keyId: current.AccessKeyId },
      previous: [],
    });
  });

  it('is held while the old key is in use, tells who uses it, and is released when the use ends', async () => {
    const old = await stage.rotateAway('reporter');
    const { replacedAt } = await previousOf('reporter');
    stage.goTo(replacedAt + OVERLAP - 2 * HOUR);
    await stage.account.whoIs(old);

    stage.goTo(replacedAt + OVERLAP + SECOND);
    const first = await stage.sweep();
    expect(first.result).toMatchObject({ acts: {}, holds: 1 });
    expect(await stage.account.statusOf('reporter', old)).toBe('Active');
    expect(first.log).toMatch(/Still in use: last used at \S+ for sts in eu-west-1/);
    expect(first.log).toContain('who uses the held key');
    expect(first.log).toContain('"principal":"arn:aws:iam::111122223333:user/reporter"');
    expect(first.log).toContain('"call":"sts.amazonaws.com GetCallerIdentity"');
    expect(first.log).toContain('"sourceAddress":"127.0.0.1"');
    expect(first.log).toMatch(/"userAgent":"aws-sdk-js/);
    expect(await previousOf('reporter')).toMatchObject({ phase: 'overlap', hold: { cause: 'stillInUse' } });

    // In use for a day more; CloudTrail is asked once for each hold, when it begins.
    stage.goTo(replacedAt + 2 * OVERLAP);
    await stage.account.whoIs(old);
    const second = await stage.sweep();
    expect(second.result).toMatchObject({ acts: {}, holds: 1 });
    expect(second.log).not.toContain('who uses the held key');

    // A job that runs once a day uses it still, until it has been missing for longer than that.
    stage.goTo(replacedAt + 2 * OVERLAP + 31 * HOUR);
    expect((await stage.sweep()).result).toMatchObject({ acts: { deactivate: 1 }, holds: 0 });
    expect(await stage.account.statusOf('reporter', old)).toBe('Inactive');
    expect((await previousOf('reporter')).hold).toBeUndefined();
  });

  it('goes back to the previous key in its overlap, while the application goes on', async () => {
    const old = await stage.rotateAway('mailer');
    const rejected = await stage.currentKey('mailer');
    const application = startApplication(stage.aws, 'iam-key-rotation/mailer');

    const { exitCode, stdout } = await stage.command(
      'rollback',
      '--user',
      'mailer',
      '--leave',
      rejected.AccessKeyId,
    );

    const { calls, refusals } = await application.stop();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        `mailer: ${old.AccessKeyId} is current again; ${rejected.AccessKeyId} stays usable for the overlap and is ` +
        'then retired.\n',
    });
    expect(await stage.currentKey('mailer')).toEqual(old);
    expect({ refusals, worked: calls > 3 }).toEqual({ refusals: [], worked: true });
    expect(await previousOf('mailer')).toMatchObject({ keyId: rejected.AccessKeyId, phase: 'overlap' });
  });

  it('goes back to the previous key in its grace period, too: it is re-activated and proved first', async () => {
    const current = await stage.currentKey('mailer');
    const { replacedAt, keyId } = await previousOf('mailer');
    stage.goTo(replacedAt + OVERLAP + 2 * DAY);
    await stage.sweep();
    expect(await previousOf('mailer')).toMatchObject({ keyId, phase: 'deactivated' });
    const application = startApplication(stage.aws, 'iam-key-rotation/mailer');

    const { exitCode } = await stage.command('rollback', '--user', 'mailer', '--leave', current.AccessKeyId);

    const { refusals, keyIds } = await application.stop();
    expect(exitCode).toBe(0);
    expect((await stage.currentKey('mailer')).AccessKeyId).toBe(keyId);
    expect(refusals).toEqual([]);
    expect(keyIds).toContain(current.AccessKeyId);

    // And the key that was rejected last is retired like any previous key.
    const rejected = await previousOf('mailer');
    expect(rejected).toMatchObject({ keyId: current.AccessKeyId, phase: 'overlap' });
    stage.goTo(rejected.replacedAt + OVERLAP + 31 * HOUR);
    await stage.sweep();
    expect(await stage.account.statusOf('mailer', current)).toBe('Inactive');
  });

  it('says what to do where there is no previous key to go back to', async () => {
    const { AccessKeyId } = await stage.currentKey('deployer');

    const { exitCode, stderr } = await stage.command(
      'rollback',
      '--user',
      'deployer',
      '--leave',
      AccessKeyId,
    );

    expect(exitCode).toBe(1);
    expect(stderr).toContain('The user has no previous key to return to');
    expect(stderr).toContain('aws secretsmanager rotate-secret --secret-id arn:aws:secretsmanager:');
    expect(stderr).not.toMatch(/\bat \S+ \(?\S+\.[cm]?[jt]s:\d+/);
  });

  it('R3: an emergency rotation leaves exactly one key, in one go', async () => {
    const leaked = await stage.currentKey('leaky');

    const { exitCode, stdout } = await stage.command(
      'emergency',
      '--user',
      'leaky',
      '--leaked',
      leaked.AccessKeyId,
    );

    const current = await stage.currentKey('leaky');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `leaky: leaked key ${leaked.AccessKeyId} is deleted; ${current.AccessKeyId} is current.\n`,
    });
    expect(await stage.account.keysOf('leaky')).toEqual([`${current.AccessKeyId} Active`]);
    expect(await stage.account.whoIs(current)).toBe('arn:aws:iam::111122223333:user/leaky');
    await expect(stage.account.whoIs(leaked)).rejects.toThrow('security token');
  });

  it('asks before the previous key gives way to an emergency, and then leaves exactly one key', async () => {
    const previous = await stage.rotateAway('crowded_leak');
    const leaked = await stage.currentKey('crowded_leak');
    const emergency = ['emergency', '--user', 'crowded_leak', '--leaked', leaked.AccessKeyId];

    const asked = await stage.command(...emergency);
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toContain(`--give-way ${previous.AccessKeyId}`);
    expect(await stage.account.statusOf('crowded_leak', leaked)).toBe('Active');

    const done = await stage.command(...emergency, '--give-way', previous.AccessKeyId);
    expect(done.exitCode).toBe(0);
    const current = await stage.currentKey('crowded_leak');
    expect(await stage.account.keysOf('crowded_leak')).toEqual([`${current.AccessKeyId} Active`]);
  });

  it.each(['before', 'after'] as const)(
    'R5: a sweep that is killed right %s it deactivated or deleted a key is finished by the next hour’s',
    async (when) => {
      const old = await stage.rotateAway('crasher');
      const { replacedAt } = await previousOf('crasher');
      const kill = (action: string) =>
        stage.aws.inject({
          match: { action, principalArn: RETIREMENT_ROLE },
          fault: { kind: 'killFunction', when },
        });

      stage.goTo(replacedAt + OVERLAP + SECOND);
      const deactivating = kill('UpdateAccessKey');
      expect((await stage.sweep()).result).toBeUndefined();
      expect(deactivating.hits).toBe(1);
      expect(await stage.account.statusOf('crasher', old)).toBe(when === 'before' ? 'Active' : 'Inactive');

      stage.goTo(stage.now() + HOUR);
      expect((await stage.sweep()).result).toMatchObject({ acts: { deactivate: 1 }, failedUsers: [] });
      expect(await stage.account.statusOf('crasher', old)).toBe('Inactive');

      const { deactivatedAt } = await previousOf('crasher');
      stage.goTo(deactivatedAt! + GRACE_PERIOD + SECOND);
      const deleting = kill('DeleteAccessKey');
      expect((await stage.sweep()).result).toBeUndefined();
      expect(deleting.hits).toBe(1);

      stage.goTo(stage.now() + HOUR);
      expect((await stage.sweep()).result).toMatchObject({ failedUsers: [] });
      const current = await stage.currentKey('crasher');
      expect(await stage.account.keysOf('crasher')).toEqual([`${current.AccessKeyId} Active`]);
      expect((await stage.journal('crasher')).previous).toEqual([]);
    },
  );

  it('requests a rotation that was deferred as soon as a slot is free', async () => {
    await stage.rotateAway('hurried');
    expect(await stage.rotate('hurried')).toContain('RotationFailed');
    const current = await stage.currentKey('hurried');
    const { previous, wanted } = await stage.journal('hurried');
    expect(wanted).toMatchObject({ reason: 'both key slots are taken' });

    stage.goTo(previous[0]!.replacedAt + OVERLAP + SECOND);
    const waiting = await stage.sweep();
    expect(waiting.result).toMatchObject({ acts: { deactivate: 1 } });
    expect(waiting.log).toContain('both slots are taken');

    stage.goTo(stage.now() + GRACE_PERIOD + MINUTE);
    expect((await stage.sweep()).result).toMatchObject({ acts: { delete: 1, requestRotation: 1 } });
    await stage.aws.rotationsSettled();

    expect((await stage.currentKey('hurried')).AccessKeyId).not.toBe(current.AccessKeyId);
    expect((await stage.journal('hurried')).wanted).toBeUndefined();
  });

  it('R10: leaves Terraform nothing to do after all of it', async () => {
    expect((await stage.stack.terraform.plan()).exitCode).toBe(0);
  });

  it('goes on where the event bus is away: the event is lost, and that is logged', async () => {
    const bus = stage.aws.inject({
      match: { service: 'events', action: 'PutEvents' },
      fault: { kind: 'cut' },
      times: Infinity,
    });
    try {
      await stage.rotateAway('deployer');
    } finally {
      bus.remove();
    }
    expect(stage.aws.functionLogs(ROTATION)).toContain('the event bus did not accept these events');
  });

  it('tells all of this on the event bus, as published, and no secret or whole key id with it', () => {
    const told = eventsEmittedIn(stage.aws);
    for (const event of told) requirePublished(event);
    const of = (user: string): unknown[] =>
      told.filter(({ detail }) => detail['user'] === user).map((event) => event['detail-type']);
    expect(of('deployer')).toEqual(
      expect.arrayContaining(['Key Created', 'Key Promoted', 'Key Deactivated', 'Key Deleted']),
    );
    expect(of('reporter')).toEqual(
      expect.arrayContaining(['Key Held', 'Finding Began', 'Key Released', 'Finding Ended']),
    );
    expect(of('mailer')).toContain('Key Rolled Back');
  });

  it('is measured: the functions’ logs hold the metrics, for the stack and where it says so by step and user', () => {
    const ofRotations = metricsIn(stage.aws.functionLogs(ROTATION));
    const ofRuns = metricsIn(stage.aws.functionLogs(RETIREMENT));
    const names = (metrics: typeof ofRuns): string[] => [...new Set(metrics.map(({ name }) => name))];
    expect(names(ofRotations)).toEqual(
      expect.arrayContaining([
        'RotationSucceeded',
        'RotationSeconds',
        'SecondsUntilKeyWorked',
        'KeysCreated',
      ]),
    );
    expect(names(ofRuns)).toEqual(
      expect.arrayContaining([...GAUGES, HEARTBEAT, 'KeysDeactivated', 'KeysDeleted']),
    );
    for (const { namespace, dimensions } of [...ofRotations, ...ofRuns]) {
      expect({ namespace, stack: dimensions['Stack'] }).toEqual({
        namespace: 'IamKeyRotation',
        stack: 'iam-key-rotation',
      });
    }
    const held = ofRuns.filter(({ name }) => name === 'KeysHeld').map(({ values: [value] }) => value);
    expect(held).toContain(1);
    expect(held).toContain(0);
  });
});
