import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import {
  AttachUserPolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CancelRotateSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import {
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SNSClient,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';

import { doctorDocument, type DoctorDocument } from '../../../cli/doctor/doctor-document';
import { alertsSchema } from '../../../modules/config/schema/alerts';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const READER = 'arn:aws:iam::111122223333:role/ci';
const FUNCTION = 'iam-key-rotation-backup';
const SECRET = 'iam-key-rotation/backup';
const ALARM = 'iam-key-rotation/sweep-failed';
const QUARANTINE = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2';

/** The tests are one story: each begins where the one before ended, and puts right what it broke. */
describeWithTools('doctor', () => {
  const configuration = aStack([aUser('backup', { readers: [READER] })], {
    secretRecoveryDays: 0,
    alerts: alertsSchema.parse({ emails: ['oncall@example.com'] }),
  });
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.synthesize(configuration);
  });
  afterAll(() => stage.close());

  const examine = async (
    ...options: readonly string[]
  ): Promise<{ readonly exitCode: number | null; readonly document: DoctorDocument }> => {
    const { exitCode, stdout, stderr } = await stage.command(
      'doctor',
      stage.stack.directory,
      '--json',
      ...options,
    );
    if (stdout === '') throw new Error(stderr);
    return { exitCode, document: doctorDocument.parse(JSON.parse(stdout)) };
  };
  /** What was found, as `check: subject`. */
  const found = ({ checks }: DoctorDocument): readonly string[] =>
    checks.flatMap(({ name, findings }) => findings.map(({ subject }) => `${name}: ${subject}`));
  const unseen = ({ checks }: DoctorDocument): readonly string[] =>
    checks.filter(({ outcome }) => outcome === 'couldNotLook').map(({ name }) => name);
  const findings = async (): Promise<readonly string[]> => found((await examine()).document);
  /** The checks by the stack's state, and by its folder, without the remedies, which name where Terraform runs. */
  const bothWays = async (): Promise<readonly [unknown, unknown]> => {
    const file = join(stage.stack.directory, 'state.json');
    writeFileSync(file, JSON.stringify(await stage.stack.terraform.show()));
    const { stdout, stderr } = await stage.command('doctor', '--state', file, '--json');
    if (stdout === '') throw new Error(stderr);
    const byState = doctorDocument.parse(JSON.parse(stdout));
    expect(byState).toMatchObject({ states: [file], prefix: 'iam-key-rotation', region: 'eu-west-1' });
    const judged = ({ checks }: DoctorDocument): unknown =>
      checks.map(({ findings, ...check }) => ({
        ...check,
        findings: findings.map(({ severity, subject, found: text }) => ({ severity, subject, text })),
      }));
    return [judged(byState), judged((await examine()).document)];
  };
  const createReader = () =>
    stage.account.iam.send(new CreateRoleCommand({ RoleName: 'ci', AssumeRolePolicyDocument: '{}' }));

  it('finds nothing in an empty account before the first apply', async () => {
    const { exitCode, document } = await examine('--before-apply');

    expect(found(document)).toEqual([]);
    expect(unseen(document)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('finds a user who is there and names that are taken before the first apply', async () => {
    await stage.account.createUser('backup', '/');
    await stage.account.createKey('backup');
    await stage.account.createKey('backup');
    await stage.account.iam.send(
      new CreateRoleCommand({ RoleName: FUNCTION, AssumeRolePolicyDocument: '{}' }),
    );

    const { exitCode, document } = await examine('--before-apply');

    expect(found(document)).toEqual(['names: backup', `names: ${FUNCTION}`, 'key-slots: backup']);
    expect(exitCode).toBe(1);
    await stage.account.iam.send(new DeleteRoleCommand({ RoleName: FUNCTION }));
  });

  it('finds nothing in a healthy stack', async () => {
    const keys = await stage.account.keysOf('backup');
    for (const key of keys) {
      await stage.account.deleteKey('backup', { AccessKeyId: key.split(' ')[0]!, SecretAccessKey: '' });
    }
    await stage.account.iam.send(new DeleteUserCommand({ UserName: 'backup' }));
    await stage.stack.apply(configuration);
    await createReader();

    const { exitCode, document } = await examine();

    expect(found(document)).toEqual([]);
    expect(unseen(document)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('says of a healthy stack the same by its state as by its folder', async () => {
    const [byState, byFolder] = await bothWays();

    expect(byState).toEqual(byFolder);
  });

  it('does not know, of a stack that was applied, whose its names are', async () => {
    const { document, exitCode } = await examine('--before-apply');
    expect(found(document)).toEqual([]);
    expect(unseen(document)).toEqual(['names']);
    expect(exitCode).toBe(2);
  });

  it('finds a rotation that somebody cancelled', async () => {
    await stage.account.secrets.send(new CancelRotateSecretCommand({ SecretId: SECRET }));

    expect(await findings()).toEqual([`rotations: ${SECRET}`]);
    const [byState, byFolder] = await bothWays();
    expect(byState).toEqual(byFolder);
    await stage.stack.apply(configuration);
  });

  it('finds a permission that somebody took away', async () => {
    const { lambda, secrets } = stage.account;
    await lambda.send(new RemovePermissionCommand({ FunctionName: FUNCTION, StatementId: 'SecretsManager' }));

    expect(await findings()).toEqual([`permissions: ${FUNCTION}`]);
    const { ARN } = await secrets.send(new DescribeSecretCommand({ SecretId: SECRET }));
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: FUNCTION,
        StatementId: 'SecretsManager',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
        SourceArn: ARN,
      }),
    );
  });

  it('finds a reader that was deleted', async () => {
    await stage.account.iam.send(new DeleteRoleCommand({ RoleName: 'ci' }));

    expect(await findings()).toEqual([`readers: ${READER}`]);
    await createReader();
  });

  it('finds a user that AWS has put into quarantine', async () => {
    const attachment = { UserName: 'backup', PolicyArn: QUARANTINE };
    await stage.account.iam.send(new AttachUserPolicyCommand(attachment));

    expect(await findings()).toEqual(['quarantine: backup']);
    await stage.account.iam.send(new DetachUserPolicyCommand(attachment));
  });

  it('finds an alarm whose actions are switched off', async () => {
    const cloudWatch = new CloudWatchClient(stage.aws.clientConfig());
    const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
    const setActions = (ActionsEnabled: boolean) =>
      cloudWatch.send(
        new PutMetricAlarmCommand({ ...(MetricAlarms[0] as PutMetricAlarmCommandInput), ActionsEnabled }),
      );
    await setActions(false);

    expect(await findings()).toEqual([`alarms: ${ALARM}`]);
    await setActions(true);
  });

  it('finds a function whose code somebody replaced, and shows it to a person', async () => {
    const ZipFile = zipSync({ 'index.mjs': Buffer.from('export {};') });
    await stage.account.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: FUNCTION, ZipFile }));

    expect(await findings()).toEqual([`code: ${FUNCTION}`]);
    const { exitCode, stdout } = await stage.command('doctor', stage.stack.directory);
    expect(stdout).toContain(`problem  ${FUNCTION}\n  It runs other code than this stack has`);
    expect(stdout).toContain('terraform apply -replace=aws_lambda_function.backup');
    expect(exitCode).toBe(1);
    const [byState, byFolder] = await bothWays();
    expect(byState).toEqual(byFolder);
    await stage.stack.terraform.apply('-replace=aws_lambda_function.backup');
  });

  it('finds an address that is not subscribed any more', async () => {
    const sns = new SNSClient(stage.aws.clientConfig());
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    const { Subscriptions = [] } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: Topics[0]!.TopicArn }),
    );
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: Subscriptions[0]!.SubscriptionArn }));

    expect(await findings()).toEqual(['subscriptions: oncall@example.com']);
  });

  it('takes no folder beside a state', async () => {
    const { exitCode, stderr } = await stage.command(
      'doctor',
      stage.stack.directory,
      '--state',
      'state.json',
    );

    expect(stderr).toContain('both say what should be there');
    expect(exitCode).toBe(1);
  });

  it('does not look into another account', async () => {
    await stage.stack.synthesize({ ...configuration, accountId: '444455556666' });

    const { exitCode, stdout, stderr } = await stage.command('doctor', stage.stack.directory);

    expect(stderr).toContain(
      'The stack belongs to account 444455556666, and the credentials in use are of 111122223333',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });
});
