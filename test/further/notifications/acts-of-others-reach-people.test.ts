import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

import { FAULTS, type FaultKind } from '../../../contract/faults';
import { HOUR } from '../../../contract/instant';
import { aStack, aUser } from '../../modules/support/configurations';
import { synthesize } from '../../modules/support/synthesize';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Stage } from '../retirement/support/stage';
import { Inbox, type ReceivedMessage } from './support/inbox';
import { startTrail } from './support/trail';
import { Watch } from './support/watch';

jest.setTimeout(300_000);

const PREFIX = 'iam-key-rotation';
const CONFIGURATION = aStack(
  [
    aUser('watched', { readers: ['arn:aws:iam::111122223333:role/ci'] }),
    ...['abandoned', 'untested', 'leaked', 'unknown', 'throttled'].map((user) => aUser(user)),
  ],
  { functions: 'shared', secretRecoveryDays: 0, auditTrail: { kind: 'existing' } },
);

/**
 * What somebody outside of the product does, and AWS reports: each fault of docs/runbook.md of that sort is made here, has
 * to reach people, and has to end once the runbook's first step was taken. The account has a trail, and the tests share a
 * stack and its time, which only goes forward.
 */
describeWithTools('what others do reaches people', () => {
  let stage: Stage;
  let watch: Watch;
  let inbox: Inbox;
  let secrets: SecretsManagerClient;

  beforeAll(async () => {
    stage = await Stage.open({ callsReachEventBus: true });
    await stage.stack.apply(CONFIGURATION);
    await startTrail(stage.aws);
    const topicArn = `arn:aws:sns:${stage.aws.region}:${stage.aws.accountId}:${PREFIX}-alerts`;
    inbox = await Inbox.subscribe(stage.aws, topicArn, 'everything');
    secrets = new SecretsManagerClient(stage.aws.clientConfig());
    const functions = ['rotate', 'retire', 'notify'].map((name) => `${PREFIX}-${name}`);
    watch = new Watch(stage.aws, synthesize(CONFIGURATION), functions, []);
    await watch.look();
  });
  afterAll(() => stage.close());

  const settled = async () => {
    await stage.aws.rotationsSettled();
    await stage.aws.eventsDelivered();
  };
  const rotate = async (user: string) => {
    const events = await stage.rotate(user);
    await settled();
    return events;
  };
  /** In the next hour: what passes by itself is told when the next run finds it, too. */
  const sweep = async () => {
    stage.goTo(stage.now() + HOUR);
    await stage.sweep();
    await settled();
  };
  /** Makes a value current that no rotation has made: the one that is there, once more. */
  const putByHand = async (user: string) => {
    const SecretId = `${PREFIX}/${user}`;
    const { SecretString, VersionId: ours } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const { VersionId: byHand } = await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    await settled();
    return { ours: ours!, byHand: byHand! };
  };
  const moveBack = async (user: string, { ours, byHand }: { ours: string; byHand: string }) => {
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: ours, RemoveFromVersionId: byHand };
    await secrets.send(new UpdateSecretVersionStageCommand({ SecretId: `${PREFIX}/${user}`, ...move }));
  };
  /** Tests put values and move labels by hand, which is noticed as well; only the test of that looks at it. */
  const messages = async (kind?: string): Promise<readonly ReceivedMessage[]> =>
    (await inbox.take()).filter(({ attributes }) =>
      kind === undefined ? attributes['kind'] !== 'suspiciousAct' : attributes['kind'] === kind,
    );
  const subjects = async (): Promise<readonly string[]> =>
    (await messages()).map(({ subject }) => subject).sort();
  const about = (kind: FaultKind, user: string): string => `${FAULTS[kind].title} (${PREFIX}/${user})`;

  it('rotation-abandoned: somebody puts a value while a rotation is under way; the next one settles it', async () => {
    const allowAgain = await stage.account.deny(
      `${PREFIX}-rotate`,
      'secretsmanager:UpdateSecretVersionStage',
    );
    await rotate('abandoned');
    await allowAgain();
    const before = await putByHand('abandoned');
    expect(await subjects()).toEqual([
      about('rotationFailed', 'abandoned'),
      about('rotationAbandoned', 'abandoned'),
    ]);

    await moveBack('abandoned', before);
    // IAM has to have shown for a while that the key of the abandoned rotation is there and served nowhere.
    stage.goTo(stage.now() + HOUR);
    expect(await rotate('abandoned')).toContain('RotationSucceeded');
    expect(await subjects()).toEqual([
      `Over: ${about('rotationFailed', 'abandoned')}`,
      `Over: ${about('rotationAbandoned', 'abandoned')}`,
    ]);
  });

  it('rotation-test-failed: the configuration is changed while the function cannot work; the test is made again', async () => {
    const test = async () => {
      await secrets.send(
        new RotateSecretCommand({
          ...{ SecretId: `${PREFIX}/untested`, RotateImmediately: false },
          RotationRules: { AutomaticallyAfterDays: 30 },
        }),
      );
      await settled();
    };
    const allowAgain = await stage.account.deny(`${PREFIX}-rotate`, 'dynamodb:GetItem');
    await test();
    await allowAgain();
    // The function says of itself that it failed; that is over with the next rotation.
    expect(await subjects()).toEqual([
      about('rotationFailed', 'untested'),
      about('rotationTestFailed', 'untested'),
    ]);

    await test();
    expect(await subjects()).toEqual([`Over: ${about('rotationTestFailed', 'untested')}`]);
    await rotate('untested');
    expect(await subjects()).toEqual([`Over: ${about('rotationFailed', 'untested')}`]);
  });

  it('current-key-leaked: an emergency rotation cannot make its new key; it is run again', async () => {
    const { AccessKeyId: leaked } = await stage.currentKey('leaked');
    const emergency = () => stage.command('emergency', '--user', 'leaked', '--leaked', leaked);
    const fault = stage.aws.inject({
      match: { action: 'CreateAccessKey' },
      fault: { kind: 'refuse', code: 'LimitExceeded', message: 'Somebody else’s limit.', status: 409 },
      times: 10,
    });
    expect((await emergency()).exitCode).not.toBe(0);
    await sweep();
    expect(await subjects()).toContain(about('currentKeyLeaked', 'leaked'));

    fault.remove();
    expect(await emergency()).toMatchObject({ exitCode: 0 });
    expect((await stage.currentKey('leaked')).AccessKeyId).not.toBe(leaked);
    expect(await stage.account.keysOf('leaked')).toEqual([
      `${(await stage.currentKey('leaked')).AccessKeyId} Active`,
    ]);
    await sweep();
    expect(await subjects()).toContain(`Over: ${about('currentKeyLeaked', 'leaked')}`);
  });

  it('unknown-state: AWSCURRENT is on a version that the journal does not know; the label is moved back', async () => {
    const labels = await putByHand('unknown');
    await sweep();
    expect(await subjects()).not.toContain(about('unknownState', 'unknown'));
    await sweep();
    const [message] = await messages('unknownState');
    expect(message!.subject).toBe(about('unknownState', 'unknown'));
    expect(message!.text).toContain(`AWSCURRENT is on ${labels.byHand}`);

    await moveBack('unknown', labels);
    await sweep();
    expect(await subjects()).toContain(`Over: ${about('unknownState', 'unknown')}`);
  });

  it('function-throttled: somebody gives the function no concurrency; the limit is taken away', async () => {
    const lambda = new LambdaClient(stage.aws.clientConfig());
    const FunctionName = `${PREFIX}-rotate`;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await watch.look();
    expect(await rotate('throttled')).toContain('RotationFailed');
    expect(await watch.look()).toContain('function-throttled');
    await watch.setState('function-throttled', 'ALARM');
    // Two services report it, whichever is faster.
    expect([...(await subjects())].sort()).toEqual([
      about('rotationFailed', 'throttled'),
      `${FAULTS.functionThrottled.title} (${PREFIX})`,
    ]);

    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await rotate('throttled')).toContain('RotationSucceeded');
    expect(await watch.look()).not.toContain('function-throttled');
    await watch.setState('function-throttled', 'OK');
    expect(await subjects()).toEqual([
      `Over: ${about('rotationFailed', 'throttled')}`,
      `Over: ${FAULTS.functionThrottled.title} (${PREFIX})`,
    ]);
  });

  it('suspicious-act: somebody who is no reader reads a secret; the key in it is replaced', async () => {
    await inbox.take();
    const iam = new IAMClient(stage.aws.clientConfig());
    await iam.send(new CreateUserCommand({ UserName: 'intruder' }));
    await iam.send(
      new AttachUserPolicyCommand({
        ...{ UserName: 'intruder', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'intruder' }));
    const intruder = stage.aws.clientConfig({
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    });
    const read = await new SecretsManagerClient(intruder).send(
      new GetSecretValueCommand({ SecretId: `${PREFIX}/watched` }),
    );
    await settled();
    const [message, ...others] = await messages('suspiciousAct');
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: about('suspiciousAct', 'watched'),
      attributes: { user: 'watched', severity: 'critical' },
    });
    expect(message!.text).toContain(
      `arn:aws:iam::111122223333:user/intruder called secretsmanager:GetSecretValue on ${PREFIX}/watched`,
    );
    expect(message!.text).not.toContain(AccessKey!.AccessKeyId);

    const stolen = JSON.parse(read.SecretString!) as { AccessKeyId: string; SecretAccessKey: string };
    expect(
      await stage.command('emergency', '--user', 'watched', '--leaked', stolen.AccessKeyId),
    ).toMatchObject({ exitCode: 0 });
    await expect(stage.account.whoIs(stolen)).rejects.toThrow(
      'security token included in the request is invalid',
    );
  });
});
