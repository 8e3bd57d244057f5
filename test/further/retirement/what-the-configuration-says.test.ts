import type { StackConfiguration } from '../../../modules/config/configuration';
import { DAY, HOUR, MINUTE, SECOND } from '../../../contract/instant';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';

const OVERLAP = 24 * HOUR;
const GRACE_PERIOD = 7 * DAY;
const EXEMPTION = { reason: 'waits for the new gateway', days: 40 };

/** The tests are one story: each begins where the one before ended. */
describeWithTools('what the configuration says of old keys', () => {
  let stage: Stage;
  let exemptUntil: number;
  let keyOfLegacy: StoredKey;
  let keysOfCrowded: readonly StoredKey[];

  /** A stack that is seen for the first time only reports. */
  const stackOf = (
    retirement: 'act' | 'report',
    more: StackConfiguration['users'] = [],
  ): StackConfiguration =>
    aStack(
      [
        aUser('legacy', { existing: true, takeOver: 'all' }),
        aUser('frozen', {
          exemption: { reason: EXEMPTION.reason, until: new Date(exemptUntil).toISOString() },
        }),
        aUser('impatient', { whenStillInUse: 'retire' }),
        ...more,
      ],
      { functions: 'shared', secretRecoveryDays: 0, retirement },
    );

  beforeAll(async () => {
    stage = await Stage.open();
    exemptUntil = stage.now() + EXEMPTION.days * DAY;
    await stage.account.createUser('legacy', '/old/');
    keyOfLegacy = await stage.account.createKey('legacy');
    await stage.account.createUser('crowded', '/');
    keysOfCrowded = [await stage.account.createKey('crowded'), await stage.account.createKey('crowded')];
    await stage.stack.apply(stackOf('report'));
  });
  afterAll(() => stage.close());

  it('is done every hour: Scheduler’s schedule is there, and names the function, its role and the queue', async () => {
    const { stack } = stage;
    expect(await stack.applied('aws_scheduler_schedule.retire')).toMatchObject({
      state: 'ENABLED',
      schedule_expression: 'rate(1 hour)',
      target: [
        {
          arn: (await stack.applied('aws_lambda_function.retire'))['arn'],
          role_arn: (await stack.applied('aws_iam_role.retire-schedule'))['arn'],
          dead_letter_config: [{ arn: (await stack.applied('aws_sqs_queue.retire-failed'))['arn'] }],
        },
      ],
    });
  });

  describe('to report', () => {
    it('decides what is due and says so, and changes neither a key nor a label nor a journal', async () => {
      const old = await stage.rotateAway('impatient');
      const { previous } = await stage.journal('impatient');
      stage.goTo(previous[0]!.replacedAt + OVERLAP + SECOND);
      const users = ['legacy', 'frozen', 'impatient'];
      const keysBefore = await Promise.all(users.map((user) => stage.account.keysOf(user)));
      const journalsBefore = await Promise.all(users.map((user) => stage.journal(user)));
      const seen = stage.aws.calls().length;

      const { result, log } = await stage.sweep();

      expect(result).toMatchObject({ acts: {}, failedUsers: [] });
      expect(log).toMatch(
        new RegExp(`"user":"impatient",.*"what":"deactivate",.*"keyId":"${old.AccessKeyId}"`),
      );
      expect(log).toMatch(
        new RegExp(`"user":"legacy",.*"what":"takeOver",.*"keyId":"${keyOfLegacy.AccessKeyId}"`),
      );
      expect(await Promise.all(users.map((user) => stage.account.keysOf(user)))).toEqual(keysBefore);
      expect(await Promise.all(users.map((user) => stage.journal(user)))).toEqual(journalsBefore);
      const changes = stage.aws
        .calls()
        .slice(seen)
        .filter(({ principal }) => principal?.arn.endsWith('-retire') === true)
        .filter(({ action }) => !/^(List|Get|Describe|Scan|Lookup|PutLogEvents|CreateLog)/.test(action))
        .map(({ service, action, parameters }) => [service, action, JSON.stringify(parameters['Key'])])
        // What people are told, and that they were: a finding is one, whoever may act on it.
        .filter(([service, , key]) => service !== 'events' && key?.includes('findings#') !== true);
      // Its own claim to be the only run, and the end of it.
      const ownRecord = ['dynamodb', 'UpdateItem', '{"pk":{"S":"sweep"}}'];
      expect(changes).toEqual([ownRecord, ownRecord]);
    });
  });

  describe('to act', () => {
    it('is a change of the function alone', async () => {
      expect(await stage.stack.changes(stackOf('act'))).toEqual({ 'aws_lambda_function.retire': 'update' });
      await stage.stack.applyChanges();
    });

    it('retires a key although it is in use, and reports it, where it says retire', async () => {
      const { previous } = await stage.journal('impatient');
      const { SecretAccessKey, AccessKeyId } = await stage.account.storedKey(
        'iam-key-rotation/impatient',
        'AWSPREVIOUS',
      );
      await stage.account.whoIs({ AccessKeyId, SecretAccessKey });

      const { log } = await stage.sweep();

      expect(await stage.account.keysOf('impatient')).toContain(`${AccessKeyId} Inactive`);
      expect(log).toContain('Deactivated although in use: last used at');
      expect(previous[0]?.keyId).toBe(AccessKeyId);
    });
  });

  describe('of a key that the user had already', () => {
    it('it is taken over, and held while it is in use', async () => {
      const { previous } = await stage.journal('legacy');
      expect(previous).toMatchObject([{ keyId: keyOfLegacy.AccessKeyId, origin: 'takenOver' }]);
      await stage.account.whoIs(keyOfLegacy);
      stage.goTo(stage.now() + OVERLAP);

      const { result, log } = await stage.sweep();

      expect(result).toMatchObject({ holds: 1 });
      expect(log).toContain('"principal":"arn:aws:iam::111122223333:user/old/legacy"');
      expect(await stage.account.statusOf('legacy', keyOfLegacy)).toBe('Active');
    });

    it('it is retired when its use has ended', async () => {
      stage.goTo(stage.now() + 31 * HOUR);
      expect((await stage.sweep()).result).toMatchObject({ acts: { deactivate: 1 } });
      expect(await stage.account.statusOf('legacy', keyOfLegacy)).toBe('Inactive');

      stage.goTo(stage.now() + GRACE_PERIOD + MINUTE);
      expect((await stage.sweep()).result).toMatchObject({ failedUsers: [] });
      const current = await stage.currentKey('legacy');
      expect(await stage.account.keysOf('legacy')).toEqual([`${current.AccessKeyId} Active`]);
    });
  });

  describe('of an exempted user', () => {
    it('its configuration can be tested, as Secrets Manager does when it is attached', () => {
      expect(stage.aws.events().map(({ eventName }) => eventName)).not.toContain('TestRotationFailed');
      expect(
        stage.aws
          .events()
          .filter(
            ({ eventName, additionalEventData }) =>
              /^TestRotationSucceeded$/.test(eventName) &&
              JSON.stringify(additionalEventData).includes('frozen'),
          ),
      ).toHaveLength(1);
    });

    it('a rotation is deferred, with the reason and the end in its log, and reported every hour', async () => {
      const current = await stage.currentKey('frozen');

      expect(await stage.rotate('frozen')).toContain('RotationFailed');

      expect(await stage.account.keysOf('frozen')).toEqual([`${current.AccessKeyId} Active`]);
      const until = new Date(exemptUntil).toISOString();
      expect(stage.aws.functionLogs('iam-key-rotation-rotate')).toContain(
        `The configuration exempts frozen until ${until}: waits for the new gateway. No key was changed.`,
      );
      const { result, log } = await stage.sweep();
      expect(result).toMatchObject({ failedUsers: [] });
      expect(log).toContain(`Exempted until ${until}: waits for the new gateway.`);
      expect(log).not.toContain('exemptionEndsSoon');
    });

    it('the end is reported before it comes', async () => {
      stage.goTo(exemptUntil - 13 * DAY);

      expect((await stage.sweep()).log).toContain('from then on frozen is rotated');
    });

    it('the rotation is requested when the exemption has ended', async () => {
      const old = await stage.currentKey('frozen');
      stage.goTo(exemptUntil + SECOND);

      expect((await stage.sweep()).result).toMatchObject({ acts: { requestRotation: 1 } });
      await stage.aws.rotationsSettled();

      expect(await stage.currentKey('frozen')).not.toEqual(old);
    });
  });

  describe('of a user whose two keys are both its own', () => {
    const crowded = aUser('crowded', { existing: true, takeOver: 'all' });

    it('apply fails, names both keys, and says what to do', async () => {
      const said = await stage.stack.failToApply(stackOf('act', [crowded]));

      for (const { AccessKeyId } of keysOfCrowded) {
        expect(said).toContain(`${AccessKeyId} (Active) is an unmanaged key`);
      }
      expect(said).toContain('aws iam delete-access-key --user-name crowded');
      expect(await stage.account.keysOf('crowded')).toEqual(
        keysOfCrowded.map(({ AccessKeyId }) => `${AccessKeyId} Active`),
      );
    });

    it('it succeeds once a person has made room', async () => {
      await stage.account.deleteKey('crowded', keysOfCrowded[0]!);

      await stage.stack.apply(stackOf('act', [crowded]));

      const current = await stage.currentKey('crowded');
      expect(await stage.account.whoIs(current)).toBe('arn:aws:iam::111122223333:user/crowded');
    });
  });

  it('R10: leaves Terraform nothing to do after all of it', async () => {
    expect((await stage.stack.terraform.plan()).exitCode).toBe(0);
  });
});
