import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockAws } from '../support/mock-aws';

import { SecretsManagerSecretStore } from '../../../handlers/aws/secrets-manager-secret-store';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { decodeSecretValue } from '../../../handlers/core/model/secret-value';
import { SecretMaterial } from '../../../contract/secret-material';
import { ARN, NOON, secretText } from '../support/fixtures';

const client = new SecretsManagerClient({ region: 'eu-west-1' });
const onceOnly = new SecretsManagerClient({ region: 'eu-west-1', maxAttempts: 1 });
const secretsManager = mockAws(client);
const secretsManagerOnce = mockAws(onceOnly);
const store = new SecretsManagerSecretStore(client, onceOnly);
/** What the SDK gives for a change that AWS made. */
const done = { $metadata: { requestId: '00000000-0000-0000-0000-000000000000' } };

const TOKEN = 'terraform-20261123164717235100000001';
const OLD = '11111111-1111-4111-8111-111111111111';
const refused = { $metadata: { httpStatusCode: 400, attempts: 1 }, message: 'as Secrets Manager puts it' };

afterEach(() => {
  secretsManager.reset();
  secretsManagerOnce.reset();
});

describe('describing a secret', () => {
  test('a description has versions by label, also several on one version, without foreign labels', async () => {
    secretsManager.on(DescribeSecretCommand).resolves({
      ARN,
      RotationEnabled: true,
      RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-rotate',
      VersionIdsToStages: { [OLD]: ['AWSPREVIOUS', 'mine'], [TOKEN]: ['AWSPENDING', 'AWSCURRENT'] },
    });
    await expect(store.describe(ARN)).resolves.toEqual({
      arn: ARN,
      rotationEnabled: true,
      rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-rotate',
      labels: { AWSPREVIOUS: OLD, AWSPENDING: TOKEN, AWSCURRENT: TOKEN },
      deletedDate: undefined,
      copies: [],
    });
  });

  test('a description has the user id that Terraform has tagged the secret with', async () => {
    const Tags = [
      { Key: 'owner', Value: 'a-team' },
      { Key: 'iam-key-rotation:user-id', Value: 'AIDACIDEPLOYEREXAMPLE' },
    ];
    secretsManager.on(DescribeSecretCommand).resolves({ ARN, Tags });
    await expect(store.describe(ARN)).resolves.toMatchObject({ userId: 'AIDACIDEPLOYEREXAMPLE' });
  });

  test('a description says that the secret is scheduled for deletion', async () => {
    secretsManager.on(DescribeSecretCommand).resolves({ ARN, DeletedDate: new Date(NOON) });
    await expect(store.describe(ARN)).resolves.toMatchObject({ deletedDate: NOON });
  });

  test('a description has the status of each copy, and one that AWS did not have is unknown', async () => {
    secretsManager.on(DescribeSecretCommand).resolves({
      ARN,
      ReplicationStatus: [
        { Region: 'eu-central-1', Status: 'InSync' },
        { Region: 'eu-north-1', Status: 'Failed', StatusMessage: 'no such key' },
        { Region: 'us-east-1', Status: 'Paused' as 'Failed' },
      ],
    });
    const { copies } = await store.describe(ARN);
    expect(copies).toEqual([
      { region: 'eu-central-1', status: 'InSync' },
      { region: 'eu-north-1', status: 'Failed', message: 'no such key' },
      { region: 'us-east-1', status: 'Unknown' },
    ]);
  });

  test('bytes that a person stored are a value, which is no document of ours, and no missing answer', async () => {
    const bytes = new TextEncoder().encode('{"Version":1}');
    secretsManager.on(GetSecretValueCommand).resolves({ ARN, VersionId: OLD, SecretBinary: bytes });
    const stored = await store.read(ARN, { label: 'AWSCURRENT' });
    expect(stored?.versionId).toBe(OLD);
    expect(decodeSecretValue(stored!.text)).toBeUndefined();
  });

  test('a secret without a value has no labels, and RotationEnabled may be left out (F 1.15, 1.25)', async () => {
    secretsManager.on(DescribeSecretCommand).resolves({ ARN });
    await expect(store.describe(ARN)).resolves.toMatchObject({ rotationEnabled: undefined, labels: {} });
  });

  test.each([
    ['names no secret', {}],
    ['is about another secret', { ARN: `${ARN}x` }],
    ['has AWSCURRENT on two versions', { ARN, VersionIdsToStages: { a: ['AWSCURRENT'], b: ['AWSCURRENT'] } }],
    [
      'has labels that are no list',
      { ARN, VersionIdsToStages: { a: 'AWSCURRENT' as unknown as string[], b: ['AWSPENDING'] } },
    ],
  ])('an answer that %s is no clear answer (R8)', async (_what, answer) => {
    secretsManager.on(DescribeSecretCommand).resolves(answer);
    await expect(store.describe(ARN)).rejects.toThrow(CallUnansweredError);
  });

  test('a version with the name of a property that every object has is a version like any other', async () => {
    const odd = '{"__proto__":["AWSPREVIOUS"],"constructor":["AWSCURRENT"]}';
    const VersionIdsToStages = JSON.parse(odd) as Record<string, string[]>;
    secretsManager.on(DescribeSecretCommand).resolves({ ARN, VersionIdsToStages });
    const { labels } = await store.describe(ARN);
    expect(labels).toEqual({ AWSCURRENT: 'constructor', AWSPREVIOUS: '__proto__' });
  });
});

describe('reading a value', () => {
  const text = JSON.stringify({ SecretAccessKey: secretText() });

  test.each([
    ['version', { versionId: TOKEN }, { VersionId: TOKEN }],
    ['label', { label: 'AWSCURRENT' }, { VersionStage: 'AWSCURRENT' }],
  ] as const)(
    'reading by %s asks for that alone, and the value does not print',
    async (_by, version, asked) => {
      secretsManager.on(GetSecretValueCommand).resolves({ ARN, VersionId: TOKEN, SecretString: text });
      const stored = await store.read(ARN, version);
      expect(stored?.versionId).toBe(TOKEN);
      expect(stored?.text.reveal()).toBe(text);
      expect(JSON.stringify(stored)).not.toContain(text);
      expect(secretsManager.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
        SecretId: ARN,
        ...asked,
      });
    },
  );

  test('a version that a rotation has only announced has no value (F 1.5)', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException(refused));
    await expect(store.read(ARN, { versionId: TOKEN })).resolves.toBeUndefined();
  });

  test('an answer without a value is no clear answer, rather than no value', async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ VersionId: TOKEN });
    await expect(store.read(ARN, { versionId: TOKEN })).rejects.toThrow(CallUnansweredError);
  });
});

test.each([
  ['another secret', { ARN: `${ARN}x`, VersionId: TOKEN }],
  ['another version', { ARN, VersionId: OLD }],
])('a value of %s than was asked for is no clear answer (R8)', async (_of, answer) => {
  secretsManager.on(GetSecretValueCommand).resolves({ ...answer, SecretString: 'a value' });
  await expect(store.read(ARN, { versionId: TOKEN })).rejects.toThrow(CallUnansweredError);
});

describe('storing a value', () => {
  const version = { versionId: TOKEN, text: new SecretMaterial('the value'), label: 'AWSPENDING' as const };

  test('storing a value names token and label, because without the label AWSCURRENT would move at once (F 1.8)', async () => {
    secretsManager.on(PutSecretValueCommand).resolves({ VersionId: TOKEN });
    await store.put(ARN, { ...version, rotationToken: undefined });
    expect(secretsManager.commandCalls(PutSecretValueCommand)[0]?.args[0].input).toEqual({
      SecretId: ARN,
      ClientRequestToken: TOKEN,
      SecretString: 'the value',
      VersionStages: ['AWSPENDING'],
      RotationToken: undefined,
    });
  });

  test('storing a value passes the RotationToken on where the event had one (F 1.1)', async () => {
    secretsManager.on(PutSecretValueCommand).resolves({ VersionId: TOKEN });
    const rotationToken = 'r'.repeat(36);
    await store.put(ARN, { ...version, rotationToken: new SecretMaterial(rotationToken) });
    expect(secretsManager.commandCalls(PutSecretValueCommand)[0]?.args[0].input).toMatchObject({
      RotationToken: rotationToken,
    });
  });

  test.each([
    ['no version', {}],
    ['another version', { VersionId: OLD }],
  ])('an answer that names %s leaves it open whether it was stored', async (_which, answer) => {
    secretsManager.on(PutSecretValueCommand).resolves(answer);
    const storing = store.put(ARN, { ...version, rotationToken: undefined });
    await expect(storing).rejects.toThrow(CallUnansweredError);
  });

  test('another value under the same token is a conflict', async () => {
    secretsManager.on(PutSecretValueCommand).rejects(new ResourceExistsException(refused));
    await expect(store.put(ARN, { ...version, rotationToken: undefined })).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind: 'conflict',
    });
  });
});

describe('labels', () => {
  test.each<[string, () => Promise<void>, object]>([
    [
      'moving a label names the version that it leaves, which makes it a compare-and-swap (F 1.9)',
      () => store.moveLabel(ARN, 'AWSCURRENT', { from: OLD, to: TOKEN }),
      { VersionStage: 'AWSCURRENT', RemoveFromVersionId: OLD, MoveToVersionId: TOKEN },
    ],
    [
      'removing a label names the version that it leaves, and no other',
      () => store.removeLabel(ARN, 'AWSPENDING', TOKEN),
      { VersionStage: 'AWSPENDING', RemoveFromVersionId: TOKEN },
    ],
  ])('%s', async (_title, change, named) => {
    secretsManagerOnce.on(UpdateSecretVersionStageCommand).resolves(done);
    await change();
    const [made] = secretsManagerOnce.commandCalls(UpdateSecretVersionStageCommand);
    expect(made?.args[0].input).toEqual({ SecretId: ARN, ...named });
  });

  test('an answer without a request id of AWS leaves it open whether a label was moved', async () => {
    secretsManagerOnce.on(UpdateSecretVersionStageCommand).resolves({ $metadata: {} });
    await expect(store.moveLabel(ARN, 'AWSCURRENT', { from: OLD, to: TOKEN })).rejects.toThrow(
      CallUnansweredError,
    );
  });

  test('moving a label that is elsewhere by now is refused', async () => {
    secretsManagerOnce.on(UpdateSecretVersionStageCommand).rejects(new InvalidParameterException(refused));
    await expect(store.removeLabel(ARN, 'AWSPENDING', TOKEN)).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind: 'invalid',
    });
  });
});
