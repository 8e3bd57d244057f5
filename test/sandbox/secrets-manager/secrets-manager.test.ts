import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

import { SandboxClock } from '../../../sandbox/clock';
import type { ApiAnswer } from '../../../sandbox/front/api-call';
import { Moto } from '../../../sandbox/moto/moto';
import { RotationEngine } from '../../../sandbox/secrets-manager/rotation-engine';
import { rotationOperations } from '../../../sandbox/secrets-manager/rotation-operations';
import type { RotationSteps } from '../../../sandbox/secrets-manager/rotation-steps';
import { KeyUse } from '../../../sandbox/secrets-manager/encryption-key';
import { secretOperations } from '../../../sandbox/secrets-manager/secret-operations';
import { Secrets } from '../../../sandbox/secrets-manager/secrets';
import { valueOperations } from '../../../sandbox/secrets-manager/value-operations';
import { ACCOUNT, type FrontAlone, startFrontAlone } from '../support/front-alone';

const DAY_MS = 86_400_000;
/** Asked of customer keys and principals alone, of which it knows none. */
class NoMoto extends Moto {
  override async json(): Promise<ApiAnswer> {
    return { status: 400, headers: {}, body: Buffer.from('{}') };
  }
}
const NO_MOTO = new NoMoto(0, 'eu-west-1');
const SecretId = 'iam-key-rotation/ci';
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:rotate`;
/** Version ids by a letter: they must have 32 characters. */
const id = (letter: string) => letter.repeat(32);

let front: FrontAlone;
let rotations: RotationEngine;
let client: SecretsManagerClient;
/** What the rotation function does; a test replaces it. */
let step: (name: string, token: string) => Promise<void>;
let obstacle: Awaited<ReturnType<RotationSteps['obstacle']>>;
let seen: string[];

beforeEach(async () => {
  [obstacle, seen] = [undefined, []];
  step = wellBehaved;
  const clock = new SandboxClock();
  const secrets = new Secrets(ACCOUNT, clock);
  const steps: RotationSteps = {
    obstacle: () => Promise.resolve(obstacle),
    run: async (_secret, _arn, name, token) => {
      seen.push(name);
      return step(name, token).then(
        () => undefined,
        (error: unknown) => `${name}: ${String(error)}`,
      );
    },
  };
  rotations = new RotationEngine(ACCOUNT, clock, steps, { attempts: 3, retryDelayMs: 1 });
  front = await startFrontAlone({
    clock,
    operations: {
      ...secretOperations(ACCOUNT, NO_MOTO, secrets, clock),
      ...valueOperations(new KeyUse(NO_MOTO, undefined), secrets, rotations, clock),
      ...rotationOperations(secrets, rotations, steps, clock),
    },
  });
  client = new SecretsManagerClient(front.client());
  await client.send(new CreateSecretCommand({ Name: SecretId }));
});
afterEach(async () => {
  await rotations.stop();
  await front.stop();
});

/** A rotation function as AWS's template has it. */
async function wellBehaved(name: string, token: string): Promise<void> {
  if (name === 'createSecret') await put(token, `value of ${token}`, ['AWSPENDING']);
  if (name === 'finishSecret') await move('AWSCURRENT', token, (await labels())['AWSCURRENT']);
}
const put = (token: string, SecretString: string, VersionStages?: string[]) =>
  client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString,
      ClientRequestToken: token,
      ...(VersionStages && { VersionStages }),
    }),
  );
const move = (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
  client.send(
    new UpdateSecretVersionStageCommand({
      ...{ SecretId, VersionStage },
      ...(MoveToVersionId && { MoveToVersionId }),
      ...(RemoveFromVersionId && { RemoveFromVersionId }),
    }),
  );
const read = (at: { VersionId?: string; VersionStage?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...at }));
const describeSecret = () => client.send(new DescribeSecretCommand({ SecretId }));
const labels = async (): Promise<Record<string, string>> => {
  const { VersionIdsToStages } = await describeSecret();
  return Object.fromEntries(
    Object.entries(VersionIdsToStages ?? {}).flatMap(([version, stages]) =>
      stages.map((stage) => [stage, version]),
    ),
  );
};
const rotate = (token: string, more = {}) =>
  client.send(
    new RotateSecretCommand({
      ...{ SecretId, ClientRequestToken: token, RotationLambdaARN: FUNCTION },
      ...{ RotationRules: { ScheduleExpression: 'rate(60 days)' }, ...more },
    }),
  );
const events = () => rotations.events().map(({ eventName }) => eventName);
const refusal = (name: string, message: RegExp) => ({
  name,
  message: expect.stringMatching(message) as string,
});

describe('versions and labels (F 1.8, F 1.9)', () => {
  test('a second put with the same token changes nothing if the value is the same, and is refused if it is another', async () => {
    await put(id('a'), '1');
    await put(id('b'), '2');
    await put(id('a'), '1');
    expect(await labels()).toEqual({ AWSCURRENT: id('b'), AWSPREVIOUS: id('a') });
    await expect(put(id('a'), '3')).rejects.toMatchObject(
      refusal('ResourceExistsException', /already in use/),
    );
  });

  test('a label is moved only by whoever names the version that it leaves', async () => {
    await put(id('a'), '1');
    await put(id('b'), '2', ['AWSPENDING']);
    await put(id('c'), '3', ['OTHER']);
    await expect(move('AWSCURRENT', id('b'))).rejects.toMatchObject(
      refusal('InvalidParameterException', /RemoveFromVersionId can't be empty/),
    );
    await expect(move('AWSCURRENT', id('b'), id('c'))).rejects.toMatchObject(
      refusal('InvalidParameterException', new RegExp(`attached to version ${id('a')}`)),
    );
    await move('AWSCURRENT', id('b'), id('a'));
    const all = { AWSCURRENT: id('b'), AWSPENDING: id('b'), AWSPREVIOUS: id('a'), OTHER: id('c') };
    expect(await labels()).toEqual(all);
  });

  test('AWSCURRENT can be moved, never removed; AWSPENDING can be removed', async () => {
    await put(id('a'), '1');
    await put(id('b'), '2', ['AWSPENDING']);
    await expect(move('AWSCURRENT', undefined, id('a'))).rejects.toMatchObject(
      refusal('InvalidParameterException', /only move/),
    );
    await move('AWSPENDING', undefined, id('b'));
    expect(await labels()).toEqual({ AWSCURRENT: id('a') });
    await expect(read({ VersionId: id('b'), VersionStage: 'AWSPENDING' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', /can't find/),
    );
    await expect(read({ VersionId: id('b') })).resolves.toMatchObject({ SecretString: '2' });
  });
});

describe('RotateSecret (F 1.1 to F 1.15)', () => {
  beforeEach(() => put(id('a'), '1'));

  test('a rotation runs the four steps on an empty version named by the token', async () => {
    let announced: unknown;
    step = async (name, token) => {
      if (name === 'createSecret') {
        announced = {
          labels: await labels(),
          error: await read({ VersionId: token }).catch((error: unknown) => (error as Error).name),
        };
      }
      await wellBehaved(name, token);
    };
    await rotate(id('b'));
    await rotations.settled();
    expect(seen).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    expect(announced).toEqual({
      labels: { AWSCURRENT: id('a'), AWSPENDING: id('b') },
      error: 'ResourceNotFoundException',
    });
    expect(events()).toEqual(['RotationStarted', 'RotationSucceeded']);
    expect(await labels()).toEqual({ AWSCURRENT: id('b'), AWSPENDING: id('b'), AWSPREVIOUS: id('a') });
    expect(await describeSecret()).toMatchObject({
      ...{ RotationEnabled: true, RotationLambdaARN: FUNCTION, LastRotatedDate: expect.any(Date) as Date },
      RotationRules: { ScheduleExpression: 'rate(60 days)' },
    });
  });

  test('a rotation tries everything again with the same token when a step fails', async () => {
    let failures = 1;
    step = async (name, token) => {
      if (name === 'testSecret' && failures-- > 0) throw new Error('no');
      await wellBehaved(name, token);
    };
    await rotate(id('b'));
    await rotations.settled();
    expect(seen.join(' ')).toBe(
      'createSecret setSecret testSecret createSecret setSecret testSecret finishSecret',
    );
    expect(events()).toEqual(['RotationStarted', 'RotationFailed', 'RotationSucceeded']);
    expect(rotations.events()[1]).toMatchObject({
      ...{ eventType: 'AwsServiceEvent', errorMessage: expect.stringContaining('testSecret') as string },
      additionalEventData: { SecretId: expect.stringContaining(SecretId) as string },
    });
  });

  test('a rotation that stays stuck blocks the next, which makes it be tried again', async () => {
    step = () => Promise.reject(new Error('no'));
    await rotate(id('b'));
    await rotations.settled();
    expect(events()).toEqual(['RotationStarted', 'RotationFailed', 'RotationFailed', 'RotationFailed']);
    step = wellBehaved;
    await expect(rotate(id('c'))).rejects.toMatchObject(
      refusal(
        'InvalidRequestException',
        /^A previous rotation isn't complete\. That rotation will be reattempted\.$/,
      ),
    );
    await rotations.settled();
    expect((await labels())['AWSCURRENT']).toBe(id('b'));
  });

  test('a rotation fails if its function stores nothing', async () => {
    step = () => Promise.resolve();
    await rotate(id('b'));
    await rotations.settled();
    expect(rotations.events()[1]?.errorMessage).toMatch(/was not created by Lambda/);
  });

  test('a rotation ends when somebody else writes another version', async () => {
    step = async (name, token) => {
      await wellBehaved(name, token);
      if (name === 'setSecret') await put(id('z'), 'by hand');
    };
    await rotate(id('b'));
    await rotations.settled();
    expect(seen).toEqual(['createSecret', 'setSecret']);
    expect(events()).toEqual(['RotationStarted', 'RotationAbandoned']);
    expect(await labels()).toEqual({ AWSCURRENT: id('z'), AWSPREVIOUS: id('a') });
  });

  test('a rotation that is not to start immediately runs testSecret alone, on the value that is there', async () => {
    let tested: unknown;
    step = async (_, token) => {
      tested = (await read({ VersionId: token, VersionStage: 'AWSPENDING' })).SecretString;
    };
    await rotate(id('b'), { RotateImmediately: false });
    await rotations.settled();
    expect(seen).toEqual(['testSecret']);
    expect(tested).toBe('1');
    expect(events()).toEqual(['TestRotationStarted', 'TestRotationSucceeded']);
    expect(await labels()).toEqual({ AWSCURRENT: id('a') });
    expect((await describeSecret()).LastRotatedDate).toBeUndefined();
  });

  test('a rotation whose request is repeated with the same token, because its answer was lost, runs once', async () => {
    await Promise.all([rotate(id('b')), rotate(id('b'))]);
    await rotations.settled();
    expect(seen).toHaveLength(4);
    await rotate(id('b'));
    await rotations.settled();
    expect(seen).toHaveLength(4);
  });

  test.each([
    ['forbidden', 'AccessDeniedException', /cannot invoke the specified Lambda function/],
    ['missing', 'ResourceNotFoundException', /can't find the Lambda function/],
  ] as const)('is refused if the function is %s', async (why, name, message) => {
    obstacle = why;
    await expect(rotate(id('b'))).rejects.toMatchObject(refusal(name, message));
    expect((await describeSecret()).RotationEnabled).toBeUndefined();
  });

  test('CancelRotateSecret stops a rotation and leaves the labels', async () => {
    step = async (name, token) => {
      await wellBehaved(name, token);
      if (name === 'createSecret') await client.send(new CancelRotateSecretCommand({ SecretId }));
    };
    await rotate(id('b'));
    await rotations.settled();
    expect(seen).toEqual(['createSecret']);
    expect(await labels()).toEqual({ AWSCURRENT: id('a'), AWSPENDING: id('b') });
    expect((await describeSecret()).RotationEnabled).toBe(false);
  });

  test('a rotation that took its label away can be followed by another', async () => {
    step = async (_, token) => {
      await move('AWSPENDING', undefined, token);
      throw new Error('no free slot');
    };
    await rotate(id('b'));
    await rotations.settled();
    expect(await labels()).toEqual({ AWSCURRENT: id('a') });
    step = wellBehaved;
    await rotate(id('c'));
    await rotations.settled();
    expect((await labels())['AWSCURRENT']).toBe(id('c'));
  });
});

test('a rotation can make the first value', async () => {
  await rotate(id('b'));
  await rotations.settled();
  expect(events()).toEqual(['RotationStarted', 'RotationSucceeded']);
  await expect(read()).resolves.toMatchObject({ VersionId: id('b') });
});

describe('deletion (F 1.24)', () => {
  test('a deleted secret blocks its value and name until the recovery window is over', async () => {
    await put(id('a'), '1');
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await expect(read()).rejects.toMatchObject(refusal('InvalidRequestException', /marked for deletion/));
    const again = () => client.send(new CreateSecretCommand({ Name: SecretId }));
    await expect(again()).rejects.toMatchObject(
      refusal('InvalidRequestException', /already scheduled for deletion/),
    );
    front.clock.shiftMs = 7 * DAY_MS;
    await expect(again()).resolves.toMatchObject({ Name: SecretId });
  });

  test('a secret that is deleted without recovery frees its name at once', async () => {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await expect(client.send(new CreateSecretCommand({ Name: SecretId }))).resolves.toMatchObject({
      Name: SecretId,
    });
  });
});

test('no secret value is recorded', async () => {
  await put(id('a'), 'very-secret');
  await read();
  expect(JSON.stringify(front.recorder.calls())).not.toContain('very-secret');
});

describe('a secret with copies in other regions', () => {
  const inRegion = (region: string): SecretsManagerClient =>
    new SecretsManagerClient({ ...front.client(), region });
  beforeEach(async () => {
    await client.send(
      new ReplicateSecretToRegionsCommand({
        SecretId,
        AddReplicaRegions: [{ Region: 'eu-central-1' }, { Region: 'us-east-1', KmsKeyId: 'a-key' }],
      }),
    );
  });

  it('a copy of a secret has the same value, labels and name, and an ARN that differs in the region', async () => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));

    const { SecretString, ARN } = await inRegion('us-east-1').send(new GetSecretValueCommand({ SecretId }));
    const primary = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(SecretString).toBe('two');
    expect(ARN).toBe(primary.ARN!.replace('eu-west-1', 'us-east-1'));
    expect(primary.PrimaryRegion).toBe('eu-west-1');
    expect(primary.ReplicationStatus).toEqual([
      { Region: 'eu-central-1', KmsKeyId: 'alias/aws/secretsmanager', Status: 'InSync' },
      { Region: 'us-east-1', KmsKeyId: 'a-key', Status: 'InSync' },
    ]);
  });

  it('a secret is not written through a copy, and a copy is not deleted as a secret', async () => {
    const copy = inRegion('eu-central-1');

    const put = new PutSecretValueCommand({ SecretId, SecretString: 'three' });
    await expect(copy.send(put)).rejects.toThrow('replica');
    await expect(copy.send(new DeleteSecretCommand({ SecretId }))).rejects.toThrow('replica');
  });

  it('a secret is deleted only after its copies', async () => {
    await expect(client.send(new DeleteSecretCommand({ SecretId }))).rejects.toThrow(
      'still has replica regions [eu-central-1, us-east-1]',
    );

    const RemoveReplicaRegions = ['eu-central-1', 'us-east-1'];
    await client.send(new RemoveRegionsFromReplicationCommand({ SecretId, RemoveReplicaRegions }));
    await client.send(new DeleteSecretCommand({ SecretId }));

    await expect(inRegion('us-east-1').send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
