import { secretName } from '../../../contract/names';
import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import type { LocalAws } from '../../../sandbox/local-aws';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Account } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const deployer = aUser('ci-deployer', {
  path: '/service/',
  policyArns: [READ_ONLY],
  readers: ['arn:aws:iam::111122223333:root'],
  selfRenewal: true,
  sesSmtp: { region: 'eu-west-1' },
  owner: 'the "platform" ${team}',
});
/** Called as an ARN ends. */
const backup = aUser('s3-backup');
let reports = aUser('reports', { policyArns: [READ_ONLY] });

const ofUser = (key: string): string[] => [
  `aws_cloudwatch_log_group.${key}`,
  `aws_cloudwatch_metric_alarm.${key}_rotation_failed`,
  `aws_cloudwatch_metric_alarm.${key}_throttled`,
  `aws_dynamodb_table_item.${key}`,
  `aws_iam_role.${key}`,
  `aws_iam_role_policy.${key}`,
  `aws_iam_user.${key}`,
  `aws_lambda_function.${key}`,
  `aws_lambda_invocation.${key}_first_key`,
  `aws_lambda_invocation.${key}_removal_guard`,
  `aws_lambda_permission.${key}`,
  `aws_secretsmanager_secret.${key}`,
  `aws_secretsmanager_secret_rotation.${key}`,
  `terraform_data.${key}_role`,
];

/** What all users share and what names them. */
const SHARED = { 'aws_iam_role_policy.retire': 'update', 'aws_cloudwatch_dashboard.dashboard': 'update' };

const all = (addresses: readonly string[], action: string): Record<string, string> =>
  Object.fromEntries(addresses.map((address) => [address, action]));

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a stack with a function for each user', () => {
  let stage: Stage;
  let aws: LocalAws;
  let account: Account;
  let stack: AppliedStack;
  let before: Readonly<Record<string, readonly string[]>>;

  /** Secrets are deleted at once, so that a name can be used again. */
  const stackOf = (users: UserConfiguration[], own: Partial<StackConfiguration> = {}): StackConfiguration =>
    aStack(users, { secretRecoveryDays: 0, ...own });

  beforeAll(async () => {
    // New keys come and go here, as they do.
    stage = await Stage.open({ accessKeys: {} });
    ({ aws, account, stack } = stage);
    before = await account.inventory();
  });
  afterAll(() => stage.close());

  it('has keys that work once it is applied, and then nothing is left to do', async () => {
    await stack.apply(stackOf([deployer, backup]));

    for (const [key, arn] of [
      ['ci-deployer', 'arn:aws:iam::111122223333:user/service/ci-deployer'],
      ['s3-backup', 'arn:aws:iam::111122223333:user/s3-backup'],
    ] as const) {
      const stored = await account.storedKey(secretName('iam-key-rotation', key));
      expect(await account.whoIs(stored)).toBe(arn);
      expect(await account.keysOf(key)).toEqual([`${stored.AccessKeyId} Active`]);
    }
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('has the SMTP password of the first key in the secret of the user that sends mail, and in no other', async () => {
    const stored = await account.storedKey('iam-key-rotation/ci-deployer');
    expect(stored).toMatchObject({ SmtpUserName: stored.AccessKeyId, SmtpRegion: 'eu-west-1' });
    expect(await account.storedKey('iam-key-rotation/s3-backup/key')).not.toHaveProperty('SmtpPassword');
  });

  it('R7: has no secret access key in its state, and the key’s id only as the result of the first key', async () => {
    const { AccessKeyId, SecretAccessKey } = await account.storedKey('iam-key-rotation/s3-backup/key');

    expect(stack.state()).toContain(AccessKeyId);
    expect(stack.state()).not.toContain(SecretAccessKey);
  });

  it('R9: rotates with what the policies of its role allow, and with nothing else', async () => {
    const secret = 'iam-key-rotation/ci-deployer';
    const first = await account.storedKey(secret);

    const permit = await account.deny('iam-key-rotation-ci-deployer', 'iam:ListAccessKeys');
    expect(await account.rotate(secret)).toContain('RotationFailed');
    expect(await account.storedKey(secret)).toEqual(first);
    await permit();

    expect(await account.rotate(secret)).toContain('RotationSucceeded');
    const second = await account.storedKey(secret);
    expect(second.AccessKeyId).not.toBe(first.AccessKeyId);
    expect(await account.whoIs(second)).toBe('arn:aws:iam::111122223333:user/service/ci-deployer');
    expect(await account.whoIs(first)).toBe('arn:aws:iam::111122223333:user/service/ci-deployer');
  });

  it('R10: has nothing left to do after a rotation', async () => {
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('stays as it is when the users change their order', async () => {
    expect(await stack.changes(stackOf([backup, deployer]))).toEqual({});
  });

  it('gets a user without anybody else noticing', async () => {
    const withReports = stackOf([deployer, reports, backup]);

    expect(await stack.changes(withReports)).toEqual({
      ...all([...ofUser('reports'), `aws_iam_user_policy_attachment.reports["${READ_ONLY}"]`], 'create'),
      ...SHARED,
    });
    await stack.applyChanges();
    expect(await account.whoIs(await account.storedKey('iam-key-rotation/reports'))).toContain(
      'user/reports',
    );
  });

  it('changes a schedule without rotating', async () => {
    const key = await account.storedKey('iam-key-rotation/reports');
    const seen = aws.events().length;
    reports = { ...reports, schedule: { ...reports.schedule, expression: 'cron(0 7 2 * ? *)' } };
    const rescheduled = stackOf([deployer, reports, backup]);

    expect(await stack.changes(rescheduled)).toEqual({
      'aws_secretsmanager_secret_rotation.reports': 'update',
    });
    await stack.applyChanges();
    await aws.rotationsSettled();
    expect(await account.storedKey('iam-key-rotation/reports')).toEqual(key);
    const events = aws.events().slice(seen);
    expect(events.map(({ eventName }) => eventName)).not.toContain('RotationStarted');
  });

  it('renames an IAM user in one apply, with its key, its policies and its function’s permissions', async () => {
    const key = await account.storedKey('iam-key-rotation/reports');
    reports = { ...reports, userName: 'reports@example', path: '/team/' };
    const renamed = stackOf([deployer, reports, backup]);

    await stack.apply(renamed);

    expect(await account.whoIs(key)).toBe('arn:aws:iam::111122223333:user/team/reports@example');
    expect(await account.storedKey('iam-key-rotation/reports')).toEqual(key);
    expect(await account.policiesOf('reports@example')).toEqual([READ_ONLY]);
    expect(await stack.changes(renamed)).toEqual({});
  });

  it('refuses to lose a user whose removal was not announced, and destroys nothing', async () => {
    const addresses = await stack.addresses();
    const inventory = await account.inventory();

    const said = await stack.failToApply(stackOf([deployer, reports]));

    expect(said).toContain('rotated user s3-backup');
    expect(said).toContain('`decommission: true`');
    expect(await stack.addresses()).toEqual(addresses);
    expect(await account.inventory()).toEqual(inventory);
    expect(await account.whoIs(await account.storedKey('iam-key-rotation/s3-backup/key'))).toContain(
      'user/s3-backup',
    );
  });

  it('takes the announcement as a change of the guard alone', async () => {
    const announced = stackOf([deployer, reports, { ...backup, decommission: true }]);

    expect(await stack.changes(announced)).toEqual({
      'aws_lambda_invocation.s3-backup_removal_guard': 'update',
    });
    await stack.applyChanges();
  });

  it('then loses the user, and nobody else notices', async () => {
    const without = stackOf([deployer, reports]);

    expect(await stack.changes(without)).toEqual({
      ...all(ofUser('s3-backup'), 'delete'),
      ...SHARED,
    });
    await stack.applyChanges();
    const names = Object.values(await account.inventory()).flat();
    expect(names.filter((name) => name.includes('s3-backup'))).toEqual([]);
  });

  it('takes the user back, with a new key', async () => {
    await stack.apply(stackOf([deployer, reports, backup]));

    const stored = await account.storedKey('iam-key-rotation/s3-backup/key');
    expect(await account.whoIs(stored)).toBe('arn:aws:iam::111122223333:user/s3-backup');
    expect(await account.keysOf('s3-backup')).toEqual([`${stored.AccessKeyId} Active`]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('is not destroyed while it is protected', async () => {
    const inventory = await account.inventory();

    const { exitCode } = await stack.terraform.run('destroy', '-auto-approve', '-input=false', '-no-color');

    expect(exitCode).toBe(1);
    expect(await account.inventory()).toEqual(inventory);
  });

  it('leaves nothing behind when it is destroyed without protection', async () => {
    await stack.apply(stackOf([deployer, reports, backup], { protection: false }));

    await stack.terraform.destroy();

    expect(await stack.addresses()).toEqual([]);
    expect(await account.inventory()).toEqual(before);
  });
});
