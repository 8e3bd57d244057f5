import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';

import { SecretsManagerTokens } from '../../../handlers/aws/secrets-manager-tokens';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { mockAws } from '../support/mock-aws';

const client = new SecretsManagerClient({ region: 'eu-west-1' });
const secretsManager = mockAws(client);
const tokens = new SecretsManagerTokens(client);
const refused = { $metadata: { httpStatusCode: 400, attempts: 1 }, message: 'no' };

afterEach(() => secretsManager.reset());

test('the text that AWSCURRENT holds is read each time', async () => {
  secretsManager
    .on(GetSecretValueCommand)
    .resolvesOnce({ SecretString: 'a' })
    .resolves({ SecretString: 'b' });
  expect((await tokens.read('ci/token'))?.reveal()).toBe('a');
  expect((await tokens.read('ci/token'))?.reveal()).toBe('b');
  expect(secretsManager.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
    SecretId: 'ci/token',
    VersionStage: 'AWSCURRENT',
  });
});

test('a secret that is not there, or has no value yet, holds no token', async () => {
  secretsManager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException(refused));
  await expect(tokens.read('ci/token')).resolves.toBeUndefined();
});

test('bytes are no token', async () => {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: Buffer.from('token') });
  await expect(tokens.read('ci/token')).rejects.toThrow(CallUnansweredError);
});

test('a refusal says which call was refused', async () => {
  const denied = new SecretsManagerServiceException({
    ...{ name: 'AccessDeniedException', $fault: 'client', ...refused },
  });
  secretsManager.on(GetSecretValueCommand).rejects(denied);
  await expect(tokens.read('ci/token')).rejects.toThrow(CallRefusedError);
});
