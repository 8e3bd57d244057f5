import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import {
  fromRotatedSecret,
  type FromRotatedSecretInit,
  refreshOnRejectedKey,
  type RotatedCredentialsProvider,
} from '../../client';
import { jsonAnswer } from '../../sandbox/front/answers';
import { ADMIN } from '../sandbox/support/front-alone';
import { type LocalServices, startLocalServices } from './support/local-services';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:iam-key-rotation/app-AbCdEf';

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices({ 'lambda:Invoke': async () => jsonAnswer({}) });
});
afterEach(() => services.stop());

const rotated = (init: Partial<FromRotatedSecretInit> = {}): RotatedCredentialsProvider =>
  fromRotatedSecret({ secretId: SECRET, clientConfig: services.client(), ...init });
const sts = (credentials: RotatedCredentialsProvider): STSClient =>
  new STSClient({ endpoint: services.endpoint, region: 'eu-west-1', credentials });
const whoAmI = async (client: STSClient): Promise<string | undefined> =>
  (await client.send(new GetCallerIdentityCommand({}))).Arn;

/** As versions of the SDK see the provider that do not know `memoized`, and keep credentials until they expire. */
const forgotten = (provider: RotatedCredentialsProvider): RotatedCredentialsProvider =>
  Object.assign((request?: object) => provider(request), {
    keyRejected: (keyId: string) => provider.keyRejected(keyId),
  }) as unknown as RotatedCredentialsProvider;

// The SDK says so of every request with a stream that fails.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());
afterAll(() => jest.restoreAllMocks());

describe('With rotated credentials,', () => {
  it('a client signs with the secret’s current key, which is read once for all requests of all clients', async () => {
    const { id } = services.rotate();
    const credentials = rotated();
    const [one, two] = [sts(credentials), sts(credentials)];

    for (let request = 0; request < 5; request += 1) {
      await Promise.all([whoAmI(one), whoAmI(two), whoAmI(two)]);
    }

    expect(new Set(services.uses('sts'))).toEqual(new Set([`${id} ok`]));
    expect(services.reads()).toEqual(['AWSCURRENT']);
  });

  it.each([
    ['asks the provider itself', (provider: RotatedCredentialsProvider) => provider],
    ['keeps credentials of its own', forgotten],
  ])('a client that %s takes up a new key', async (_how, seenAs) => {
    const first = services.rotate();
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'setTimeout', 'setInterval', 'nextTick', 'queueMicrotask'],
    });
    try {
      const client = sts(seenAs(rotated()));
      await whoAmI(client);
      const second = services.rotate();
      for (let minute = 0; minute < 5; minute += 1) {
        jest.setSystemTime(Date.now() + 60_000);
        await whoAmI(client);
        await sleep(20);
      }
      await whoAmI(client);
      expect(services.uses('sts').at(0)).toBe(`${first.id} ok`);
      expect(services.uses('sts').at(-1)).toBe(`${second.id} ok`);
    } finally {
      jest.useRealTimers();
    }
  });

  it('a client that keeps credentials of its own asks the provider once in 50 s, not at every request', async () => {
    services.rotate();
    const credentials = rotated();
    const asked = jest.fn(credentials);
    const client = sts(asked as unknown as RotatedCredentialsProvider);
    for (let request = 0; request < 5; request += 1) await whoAmI(client);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('a client reads the secret in the region of its ARN, else of the client that asks', async () => {
    services.rotate();
    const { endpoint, credentials } = services.client();
    const clientConfig = { endpoint, credentials };
    await whoAmI(sts(rotated({ clientConfig })));
    await whoAmI(sts(rotated({ clientConfig, secretId: 'iam-key-rotation/app' })));

    const regions = services.recorder
      .calls()
      .filter(({ service }) => service === 'secretsmanager')
      .map(({ region }) => region);
    expect(regions).toEqual(['eu-central-1', 'eu-west-1']);
  });

  it('a client does not keep the process alive', async () => {
    services.rotate();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, 'support', 'one-call.ts')],
      {
        env: {
          PATH: process.env['PATH'],
          AWS_ENDPOINT_URL: services.endpoint,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
          AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
        },
      },
    );
    expect(stdout).toBe('arn:aws:iam::111122223333:user/app');
  });
});

describe('At the sudden end of a key,', () => {
  it.each([
    ['asks the provider itself', (provider: RotatedCredentialsProvider) => provider],
    ['keeps credentials of its own', forgotten],
  ])('a client that %s makes the call once more with the new key', async (_how, seenAs) => {
    const leaked = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(seenAs(credentials)), credentials);
    await whoAmI(client);
    const next = services.rotate();
    services.keys.delete(leaked);

    expect(await whoAmI(client)).toBe('arn:aws:iam::111122223333:user/app');

    expect(services.uses('sts')).toEqual([
      `${leaked.id} ok`,
      `${leaked.id} InvalidClientTokenId`,
      `${next.id} ok`,
    ]);
    expect(services.reads()).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });

  it('a client makes the call once more also where this machine’s clock is an hour behind, which the SDK corrects and tells of every error', async () => {
    services.clock.shiftMs = 3_600_000;
    const leaked = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(credentials), credentials);
    await whoAmI(client);
    await sleep(1_000);
    services.rotate();
    services.keys.delete(leaked);

    expect(await whoAmI(client)).toBe('arn:aws:iam::111122223333:user/app');
    expect(services.uses('sts')).toHaveLength(3);
  });

  it('a client knows the words with which other services refuse a key', async () => {
    const leaked = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(
      new DynamoDBClient({ endpoint: services.endpoint, region: 'eu-west-1', credentials }),
      credentials,
    );
    await client.send(new ListTablesCommand({}));
    const next = services.rotate();
    services.keys.setStatus(leaked, 'Inactive');

    await client.send(new ListTablesCommand({}));

    expect(services.uses('dynamodb')).toEqual([
      `${leaked.id} ok`,
      `${leaked.id} UnrecognizedClientException`,
      `${next.id} ok`,
    ]);
  });

  it('a client reads the secret once for all calls that are refused together', async () => {
    const leaked = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(credentials), credentials);
    await whoAmI(client);
    services.rotate();
    services.keys.delete(leaked);

    await Promise.all(Array.from({ length: 20 }, () => whoAmI(client)));

    expect(services.reads()).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });

  it('a client goes back to the previous key if the current one is not known to a service yet', async () => {
    const first = services.rotate();
    const second = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(credentials), credentials);
    services.faults.inject({
      match: { service: 'sts' },
      fault: {
        kind: 'refuse',
        code: 'InvalidClientTokenId',
        message: 'The security token included in the request is invalid.',
        status: 403,
      },
    });

    await whoAmI(client);
    await whoAmI(client);

    expect(services.uses('sts')).toEqual([
      `${second.id} InvalidClientTokenId`,
      `${first.id} ok`,
      `${first.id} ok`,
    ]);
    expect(services.reads()).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('a client gives the refusal to its caller if the second try is refused too, and tries no more than twice', async () => {
    const only = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(credentials), credentials);
    services.keys.delete(only);

    await expect(whoAmI(client)).rejects.toThrow('The security token included in the request is invalid.');

    expect(services.uses('sts')).toEqual(Array.from({ length: 2 }, () => `${only.id} InvalidClientTokenId`));
  });

  it('a client leaves other errors alone', async () => {
    services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(sts(credentials), credentials);
    services.faults.inject({
      match: { service: 'sts' },
      fault: { kind: 'refuse', code: 'AccessDenied', message: 'User is not authorized', status: 403 },
    });

    await expect(whoAmI(client)).rejects.toThrow('User is not authorized');
    expect(services.uses('sts')).toHaveLength(1);
    expect(services.reads()).toHaveLength(1);
  });

  it('a client sends a text or bytes again, and a stream not: it has been read', async () => {
    const leaked = services.rotate();
    const credentials = rotated();
    const client = refreshOnRejectedKey(
      new LambdaClient({ endpoint: services.endpoint, region: 'eu-west-1', credentials }),
      credentials,
    );
    const invoke = (Payload: Uint8Array | Readable) =>
      client.send(new InvokeCommand({ FunctionName: 'f', Payload: Payload as Uint8Array }));
    await invoke(Buffer.from('{}'));

    const next = services.rotate();
    services.keys.delete(leaked);
    await invoke(Buffer.from('{}'));
    // The secret is looked at no more than once in a second.
    await sleep(1_100);
    const last = services.rotate();
    services.keys.delete(next);
    await expect(invoke(Readable.from([Buffer.from('{}')]))).rejects.toThrow('security token');
    await invoke(Buffer.from('{}'));

    expect(services.uses('lambda')).toEqual([
      `${leaked.id} ok`,
      `${leaked.id} UnrecognizedClientException`,
      `${next.id} ok`,
      `${next.id} UnrecognizedClientException`,
      `${last.id} ok`,
    ]);
  });

  it('a client is the same client, and nothing changes if it is made so twice', async () => {
    const leaked = services.rotate();
    const credentials = rotated();
    const client = sts(credentials);
    expect(refreshOnRejectedKey(refreshOnRejectedKey(client, credentials), credentials)).toBe(client);
    services.keys.delete(leaked);
    await expect(whoAmI(client)).rejects.toThrow('security token');
    expect(services.uses('sts')).toHaveLength(2);
  });
});

describe('When it reads its own secret,', () => {
  /** Credentials that are accepted for as long as the test wants. */
  const bootstrap = () => {
    const key = services.keys.create({
      userId: 'AIDABOOT',
      userName: 'boot',
      arn: 'arn:aws:iam::1:user/boot',
    });
    const credentials = { accessKeyId: key.id, secretAccessKey: key.secretAccessKey };
    return { key, config: { ...services.client(credentials) } };
  };
  const lookAgain = async (credentials: RotatedCredentialsProvider): Promise<void> => {
    await sleep(1_100);
    await credentials({ forceRefresh: true });
  };

  it.each([
    ['clientConfig', (config: SecretsManagerClientConfig) => ({ clientConfig: config })],
    ['client', (config: SecretsManagerClientConfig) => ({ client: new SecretsManagerClient(config) })],
  ])(
    'a key reads its secret where the credentials of the %s have ended, which are asked with no more',
    async (_as, init) => {
      const { key, config } = bootstrap();
      const first = services.rotate();
      const credentials = rotated({ clientConfig: undefined, ...init(config) });
      await credentials();
      await lookAgain(credentials);
      services.keys.delete(key);
      const second = services.rotate();
      await lookAgain(credentials);
      await lookAgain(credentials);

      expect((await credentials()).accessKeyId).toBe(second.id);
      expect(services.uses('secretsmanager')).toEqual([
        `${key.id} ok`,
        `${key.id} ok`,
        `${key.id} UnrecognizedClientException`,
        `${first.id} ok`,
        `${second.id} ok`,
      ]);
    },
  );

  it('a key leaves the reading to the given credentials again if it is refused itself', async () => {
    const { key, config } = bootstrap();
    const first = services.rotate();
    const credentials = rotated({ clientConfig: config });
    await credentials();
    services.keys.setStatus(key, 'Inactive');
    await lookAgain(credentials);
    services.keys.setStatus(key, 'Active');
    services.rotate();
    services.keys.delete(first);
    await lookAgain(credentials);

    expect(services.uses('secretsmanager').slice(-2)).toEqual([
      `${first.id} UnrecognizedClientException`,
      `${key.id} ok`,
    ]);
  });

  it('a warning tells of the given credentials if they and the key are refused', async () => {
    const warnings: string[] = [];
    const { key, config } = bootstrap();
    const first = services.rotate();
    const credentials = rotated({
      clientConfig: config,
      logger: { info: () => undefined, warn: (message: string) => warnings.push(message) },
    });
    await credentials();
    services.keys.delete(key);
    services.keys.delete(first);
    await lookAgain(credentials);

    expect(warnings).toEqual([
      expect.stringContaining('The key that is used to read the secret is not accepted'),
    ]);
    expect(services.uses('secretsmanager')).toHaveLength(3);
  });
});
