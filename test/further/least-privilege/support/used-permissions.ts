import { countCalls, KILLED_AFTER, mishap } from '../../faults/support/mishaps';
import { ACCOUNT_ID, configurationOf, type GovernedStack, PREFIX, ROLE_PATH } from './governed-stack';

const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT_ID}:role${ROLE_PATH}${PREFIX}-${name}`;
const { users: USERS } = configurationOf('shared');
const [CREATE] = countCalls([['the new key', 'iam:CreateAccessKey']]);
const KILLED_AFTER_CREATING = mishap(CREATE!, '', KILLED_AFTER);

/** Runs a stack through all that its functions ever do. The tests are one story: each begins where the one before ended. */
export function allowAllThatIsNeededAndNoMore(
  rotationRoles: readonly string[],
  stage: () => GovernedStack,
): void {
  describe('roles that may do nothing but what they need', () => {
    let governed: GovernedStack;

    beforeAll(() => {
      governed = stage();
    });

    it('suffice for first keys', async () => {
      for (const { key, userName } of USERS) {
        const { AccessKeyId } = await governed.account.storedKey(`${PREFIX}/${key}`);
        expect(await governed.account.keysOf(userName)).toEqual([`${AccessKeyId} Active`]);
      }
    });

    it('suffice for rotations, with and without overlap', async () => {
      expect(await governed.rotate('deployer')).toEqual(['RotationStarted', 'RotationSucceeded']);
      expect(await governed.rotate('mailer')).toEqual(['RotationStarted', 'RotationSucceeded']);
    });

    it('suffice to defer a rotation', async () => {
      expect(await governed.rotate('mailer')).toContain('RotationFailed');
    });

    it('suffice to hold a key that is in use, and to find out who uses it', async () => {
      governed.letPass(23);
      await governed.account.whoIs(await governed.account.storedKey(`${PREFIX}/deployer`, 'AWSPREVIOUS'));
      governed.letPass(2);

      expect(await governed.sweep()).toContain('"holds":1');
    });

    it('suffice to deactivate a previous key', async () => {
      governed.letPass(31);

      expect(await governed.sweep()).toContain('"acts":{"deactivate":1}');
    });

    it('suffice to re-activate it when a person has moved AWSCURRENT back', async () => {
      await governed.moveLabelBack('deployer');

      expect(await governed.rotate('deployer')).toContain('RotationFailed');
      expect(await governed.account.keysOf('deployer')).toEqual([
        expect.stringContaining(' Active'),
        expect.stringContaining(' Active'),
      ]);
    });

    it('suffice to delete a retired key, to make up for a deferred rotation, and to clean up after a crash', async () => {
      governed.letPass(30);
      expect(await governed.sweep()).toContain('"acts":{"deactivate":1}');
      governed.letPass(5 * 24);
      expect(await governed.sweepThrough(KILLED_AFTER_CREATING)).toContain('and it struck 1 times');
      governed.letPass(3 * 24);
      expect(await governed.sweepThrough(KILLED_AFTER_CREATING)).toContain('and it struck 1 times');

      for (const { key, userName } of USERS) {
        const { AccessKeyId } = await governed.account.storedKey(`${PREFIX}/${key}`);
        expect(await governed.account.keysOf(userName)).toHaveLength(2);
        expect(await governed.account.keysOf(userName)).toContain(`${AccessKeyId} Active`);
      }
    });

    it('suffice for what Lambda and Scheduler do with them when a run fails', async () => {
      const { authorizer } = governed;
      const onFailure = await governed.stack.applied('aws_lambda_function_event_invoke_config.retire');
      const [
        {
          on_failure: [failed],
        },
      ] = onFailure['destination_config'] as [{ on_failure: [{ destination: string }] }];
      const schedule = await governed.stack.applied('aws_scheduler_schedule.retire');
      const [target] = schedule['target'] as [
        { arn: string; role_arn: string; dead_letter_config: [{ arn: string }] },
      ];

      expect(await authorizer.allowsAws(roleArn('retire'), 'sqs:SendMessage', failed.destination)).toBe(true);
      expect(await authorizer.allowsAws(target.role_arn, 'lambda:InvokeFunction', target.arn)).toBe(true);
      expect(
        await authorizer.allowsAws(target.role_arn, 'sqs:SendMessage', target.dead_letter_config[0].arn),
      ).toBe(true);
      expect(await authorizer.unusedGrants(target.role_arn)).toEqual([]);
    });

    it('were refused nothing', () => {
      expect(governed.authorizer.refusals()).toEqual([]);
    });

    it.each([...rotationRoles, 'retire'])('hold nothing that was not needed: %s', async (role) => {
      expect(await governed.authorizer.unusedGrants(roleArn(role))).toEqual([]);
    });
  });
}
