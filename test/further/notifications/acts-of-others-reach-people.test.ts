import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

import { HOUR } from '../../../contract/instant';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Stage } from '../../e2e/stack/support/stage';
import type { Inbox, ReceivedMessage } from './support/inbox';
import { startTrail } from './support/trail';
import type { Watch } from './support/watch';
import { about, over, PREFIX, WatchedStage } from './support/watched-stage';

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
  let watched: WatchedStage;
  let stage: Stage;
  let watch: Watch;
  let inbox: Inbox;
  let secrets: SecretsManagerClient;

  beforeAll(async () => {
    watched = await WatchedStage.open(CONFIGURATION, { callsReachEventBus: true });
    ({ stage, watch, inbox } = watched);
    ({ secrets } = stage.account);
    await startTrail(stage.aws);
  });
  afterAll(() => stage.close());

  /** In the next hour: what passes by itself is told when the next run finds it, too. */
  const sweep = async () => {
    watched.letPass(HOUR);
    await watched.sweep();
  };
  /** Makes a value current that no rotation has made: the one that is there, once more. */
  const putByHand = async (user: string) => {
    const SecretId = `${PREFIX}/${user}`;
    const { SecretString, VersionId: ours } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const { VersionId: byHand } = await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    await watched.settled();
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

  it('rotation-abandoned: somebody puts a value while a rotation is under way; the next one settles it', async () => {
    const allowAgain = await stage.account.deny(
      `${PREFIX}-rotate`,
      'secretsmanager:UpdateSecretVersionStage',
    );
    await watched.rotate('abandoned');
    await allowAgain();
    const before = await putByHand('abandoned');
    expect(await subjects()).toEqual([
      about('rotationFailed', 'abandoned'),
      about('rotationAbandoned', 'abandoned'),
    ]);

    await moveBack('abandoned', before);
    // IAM has to have shown for a while that the key of the abandoned rotation is there and served nowhere.
    watched.letPass(HOUR);
    expect(await watched.rotate('abandoned')).toContain('RotationSucceeded');
    expect(await subjects()).toEqual([
      over('rotationFailed', 'abandoned'),
      over('rotationAbandoned', 'abandoned'),
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
      await watched.settled();
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
    expect(await subjects()).toEqual([over('rotationTestFailed', 'untested')]);
    await watched.rotate('untested');
    expect(await subjects()).toEqual([over('rotationFailed', 'untested')]);
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
    expect(await subjects()).toContain(over('currentKeyLeaked', 'leaked'));
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
    expect(await subjects()).toContain(over('unknownState', 'unknown'));
  });

  it('function-throttled: somebody gives the function no concurrency; the limit is taken away', async () => {
    const { lambda } = stage.account;
    const FunctionName = `${PREFIX}-rotate`;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await watch.look();
    expect(await watched.rotate('throttled')).toContain('RotationFailed');
    expect(await watch.look()).toContain('function-throttled');
    await watch.setState('function-throttled', 'ALARM');
    // Two services report it, whichever is faster.
    expect([...(await subjects())].sort()).toEqual([
      about('rotationFailed', 'throttled'),
      about('functionThrottled'),
    ]);

    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await watched.rotate('throttled')).toContain('RotationSucceeded');
    expect(await watch.look()).not.toContain('function-throttled');
    await watch.setState('function-throttled', 'OK');
    expect(await subjects()).toEqual([over('rotationFailed', 'throttled'), over('functionThrottled')]);
  });

  it('suspicious-act: somebody who is no reader reads a secret; the key in it is replaced', async () => {
    await inbox.take();
    const { account } = stage;
    await account.createUser('intruder', '/');
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await account.iam.send(new AttachUserPolicyCommand({ UserName: 'intruder', PolicyArn }));
    const { AccessKeyId: accessKeyId, SecretAccessKey } = await account.createKey('intruder');
    const intruder = stage.aws.clientConfig({ accessKeyId, secretAccessKey: SecretAccessKey });
    const read = await new SecretsManagerClient(intruder).send(
      new GetSecretValueCommand({ SecretId: `${PREFIX}/watched` }),
    );
    await watched.settled();
    const [message, ...others] = await messages('suspiciousAct');
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: about('suspiciousAct', 'watched'),
      attributes: { user: 'watched', severity: 'critical' },
    });
    expect(message!.text).toContain(
      `arn:aws:iam::111122223333:user/intruder called secretsmanager:GetSecretValue on ${PREFIX}/watched`,
    );
    expect(message!.text).not.toContain(accessKeyId);

    const stolen = JSON.parse(read.SecretString!) as { AccessKeyId: string; SecretAccessKey: string };
    expect(
      await stage.command('emergency', '--user', 'watched', '--leaked', stolen.AccessKeyId),
    ).toMatchObject({ exitCode: 0 });
    await expect(stage.account.whoIs(stolen)).rejects.toThrow(
      'security token included in the request is invalid',
    );
  });
});
