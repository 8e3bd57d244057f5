import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';

import { SecretMaterial } from '../../../contract/secret-material';
import { SecretsManagerSecretTargets } from '../../../handlers/aws/secrets-manager-secret-targets';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { secretText } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

const client = new SecretsManagerClient({ region: 'eu-west-1' });
const onceOnly = new SecretsManagerClient({ region: 'eu-west-1', maxAttempts: 1 });
const secretsManager = mockAws(client);
const secretsManagerOnce = mockAws(onceOnly);
const targets = new SecretsManagerSecretTargets(client, onceOnly);

const TARGET = { kind: 'secret', id: 'payments/env', fields: {} } as const;
const refused = { $metadata: { httpStatusCode: 400, attempts: 1 }, message: 'no such secret' };
const lastPut = () => secretsManagerOnce.commandCalls(PutSecretValueCommand).at(-1)!.args[0].input;

afterEach(() => {
  secretsManager.reset();
  secretsManagerOnce.reset();
});

test('the text that AWSCURRENT holds is read', async () => {
  const text = secretText();
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: text });
  expect((await targets.read(TARGET))?.reveal()).toBe(text);
  expect(secretsManager.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
    SecretId: 'payments/env',
    VersionStage: 'AWSCURRENT',
  });
});

test('a secret that is not there, or has no value yet, holds nothing', async () => {
  secretsManager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException(refused));
  await expect(targets.read(TARGET)).resolves.toBeUndefined();
});

test('bytes are handed on as a text that nothing can be merged into', async () => {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: Buffer.from('{"a":"b"}') });
  const text = (await targets.read(TARGET))!.reveal();
  expect(() => JSON.parse(text) as unknown).toThrow();
});

test('a value is put once, under a version of its own, which becomes AWSCURRENT', async () => {
  const text = new SecretMaterial(secretText());
  secretsManagerOnce
    .on(PutSecretValueCommand)
    .callsFake(({ ClientRequestToken }: { ClientRequestToken: string }) => ({
      VersionId: ClientRequestToken,
      $metadata: { requestId: '00000000-0000-0000-0000-000000000000' },
    }));
  await targets.put(TARGET, text);
  await targets.put(TARGET, text);
  const [first, second] = secretsManagerOnce
    .commandCalls(PutSecretValueCommand)
    .map(({ args }) => args[0].input);
  expect(first).toMatchObject({ SecretId: 'payments/env', SecretString: text.reveal() });
  expect(first).not.toHaveProperty('VersionStages');
  expect(first?.ClientRequestToken).not.toBe(second?.ClientRequestToken);
  expect(secretsManager.commandCalls(PutSecretValueCommand)).toEqual([]);
});

test('an answer that names another version counts as none', async () => {
  secretsManagerOnce.on(PutSecretValueCommand).resolves({ VersionId: 'another' });
  await expect(targets.put(TARGET, new SecretMaterial('{}'))).rejects.toThrow(CallUnansweredError);
});

test('a refusal that quotes the value does not hand it on (R7)', async () => {
  const text = secretText();
  secretsManagerOnce.on(PutSecretValueCommand).rejects(
    new SecretsManagerServiceException({
      ...{ name: 'InvalidParameterException', $fault: 'client', message: `bad value ${text}` },
      $metadata: { httpStatusCode: 400, attempts: 1 },
    }),
  );
  const put = targets.put(TARGET, new SecretMaterial(text));
  await expect(put).rejects.toThrow(CallRefusedError);
  await expect(put).rejects.not.toThrow(text.slice(0, 16));
  expect(lastPut().SecretString).toBe(text);
});
