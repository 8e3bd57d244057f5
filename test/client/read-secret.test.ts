import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { inspect } from 'node:util';

import { RotatedSecretError } from '../../client/errors';
import { readSecret } from '../../client/read-secret';

const $metadata = { httpStatusCode: 400 };
const PAIR = { Version: 1, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'not-a-secret' };
const secrets = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'eu-west-1' });
const read = (label: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT') => readSecret(client, 'app', label);
const failWith = (error: unknown) => secrets.on(GetSecretValueCommand).rejects(error as Error);
const failure = (): Promise<unknown> => read().catch((error: unknown) => error);
/** An error that the SDK's model of Secrets Manager does not name. */
const serviceError = (name: string, message: string): Error =>
  new SecretsManagerServiceException({ name, $fault: 'client', message, $metadata });
beforeEach(() => secrets.reset());

it('a read gives the key under the label', async () => {
  secrets
    .on(GetSecretValueCommand, { SecretId: 'app', VersionStage: 'AWSPREVIOUS' })
    .resolves({ SecretString: JSON.stringify(PAIR) });
  expect((await read('AWSPREVIOUS'))?.accessKeyId).toBe(PAIR.AccessKeyId);
});

it('a read gives nothing if there is no previous version', async () => {
  failWith(new ResourceNotFoundException({ message: 'not found', $metadata }));
  expect(await read('AWSPREVIOUS')).toBeUndefined();
});

it('a missing current version is an error that names what to check', async () => {
  failWith(
    new ResourceNotFoundException({
      message: "Secrets Manager can't find the specified secret.",
      $metadata,
    }),
  );
  await expect(read()).rejects.toThrow(
    "Secret app: it could not be read in eu-west-1: ResourceNotFoundException: Secrets Manager can't find the specified secret. " +
      'Check the name and the region; an ARN names both. A secret is empty until the first `apply` has ended.',
  );
});

it('a denial is an error that says who has to be allowed what', async () => {
  failWith(serviceError('AccessDeniedException', 'User x is not authorized'));
  await expect(read()).rejects.toThrow(
    /AccessDeniedException: User x is not authorized Allow the caller secretsmanager:GetSecretValue .* `readers`\.$/,
  );
});

it('a read without credentials, or without a region, fails and says so', async () => {
  failWith(Object.assign(new Error('Could not load any'), { name: 'CredentialsProviderError' }));
  await expect(read()).rejects.toThrow('there are no credentials to read it with: Could not load any');
  failWith(new Error('Region is missing'));
  await expect(read()).rejects.toThrow(
    'its region is not known: set AWS_REGION, or name the secret by its ARN.',
  );
});

it('the error of a read names what happened on the way', async () => {
  failWith(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
  await expect(read()).rejects.toThrow(/: Error ECONNREFUSED\.$/);
});

it('a value that is no key pair is refused, and the format is named', async () => {
  secrets.on(GetSecretValueCommand).resolves({ SecretString: '{"password":"not-a-secret"}' });
  await expect(read()).rejects.toThrow(
    'its AWSCURRENT value is no credential_process document with Version 1, AccessKeyId and SecretAccessKey.',
  );
  secrets.on(GetSecretValueCommand).resolves({ SecretBinary: Buffer.from('not-a-secret') });
  await expect(read()).rejects.toThrow('no credential_process document');
});

it('R7: nothing of an answer that cannot be parsed is shown, however the error is printed', async () => {
  const broken = '{"SecretString":"not-a-secret';
  const parserError = Object.assign(new SyntaxError(`Unterminated string in JSON: ${broken}`), {
    $responseBodyText: broken,
    $metadata: { httpStatusCode: 200 },
  });
  failWith(parserError);
  expect(inspect(await failure(), { depth: null })).not.toContain('not-a-secret');

  secrets.on(GetSecretValueCommand).resolves({ SecretString: broken });
  expect(inspect(await failure(), { depth: null })).not.toContain('not-a-secret');
});

const isCallerRefused = async (error: unknown): Promise<boolean> => {
  failWith(error);
  const thrown = await failure();
  return thrown instanceof RotatedSecretError && thrown.isCallerRefused;
};

it.each(['AccessDeniedException', 'UnrecognizedClientException', 'InvalidSignatureException'])(
  '%s is a refusal of the reader',
  async (name) => {
    expect(await isCallerRefused(serviceError(name, 'no'))).toBe(true);
  },
);

it('a lack of credentials is a refusal of the reader', async () => {
  const error = Object.assign(new Error('Could not load any'), { name: 'CredentialsProviderError' });
  expect(await isCallerRefused(error)).toBe(true);
});

it.each(['ResourceNotFoundException', 'ThrottlingException'])(
  '%s is no refusal of the reader',
  async (name) => {
    expect(await isCallerRefused(serviceError(name, 'no'))).toBe(false);
  },
);

it('a failure on the way is no refusal of the reader', async () => {
  expect(await isCallerRefused(new Error('socket hang up'))).toBe(false);
});
