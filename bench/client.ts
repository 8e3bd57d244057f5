import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';

import { fromRotatedSecret } from '../client';
import { HOUR, SECOND } from '../contract/instant';
import { rotatedKey } from '../test/client/support/keys';
import { SecretUnderTest } from '../test/client/support/secret-under-test';
import { defineBenchmark } from './support/benchmark';

/** Long enough for the compiler, and for the figure not to depend on a single pause of the machine. */
const ROUNDS = 5;
const ASKED_PER_ROUND = 200_000;

/** Answers as Secrets Manager does, without a network. */
const SECRET = JSON.stringify({
  Version: 1,
  AccessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'not-a-secret',
});

async function microsecondsFromMemory(): Promise<Record<string, number>> {
  let reads = 0;
  const client = {
    config: { region: () => Promise.resolve('eu-west-1') },
    send: () => {
      reads += 1;
      return Promise.resolve({ SecretString: SECRET });
    },
  } as unknown as SecretsManagerClient;
  const credentials = fromRotatedSecret({ secretId: 'iam-key-rotation/app', client });
  const sdkClient = new STSClient({ region: 'eu-west-1', credentials });
  return {
    microsecondsPerCallOfTheProvider: await fastestRound(() => credentials()),
    microsecondsPerCallThroughTheSdk: await fastestRound(() => sdkClient.config.credentials()),
    callsMeasured: 2 * ROUNDS * ASKED_PER_ROUND,
    readsOfTheSecretMeanwhile: reads,
  };
}

async function fastestRound(ask: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let asked = 0; asked < ASKED_PER_ROUND; asked += 1) await ask();
    rounds.push(((performance.now() - start) * 1_000) / ASKED_PER_ROUND);
  }
  return Math.round(Math.min(...rounds) * 1_000) / 1_000;
}

const HOURS = 24;

/** With the default times, in a process that makes a call every second. */
async function readsPerHour(befall: (secret: SecretUnderTest) => unknown): Promise<number> {
  const secret = new SecretUnderTest({ serveStale: Number.POSITIVE_INFINITY });
  secret.current = rotatedKey('A');
  await secret.served();
  secret.reads.length = 0;
  for (let elapsed = 0; elapsed < HOURS * HOUR; elapsed += SECOND) {
    secret.nowMs += SECOND;
    secret.random = Math.random();
    await befall(secret);
    await secret.served();
  }
  return Math.round(secret.reads.length / HOURS);
}

interface ClientFigures {
  readonly fromMemory: Readonly<Record<string, number>>;
  readonly readsOfTheSecretPerHour: Readonly<
    Record<'inUse' | 'whileTheSecretCannotBeRead' | 'whileEveryCallIsRefused', number>
  >;
}

async function measure(): Promise<ClientFigures> {
  return {
    fromMemory: await microsecondsFromMemory(),
    readsOfTheSecretPerHour: {
      inUse: await readsPerHour(() => undefined),
      whileTheSecretCannotBeRead: await readsPerHour((secret) => (secret.failure = 'it could not be read.')),
      whileEveryCallIsRefused: await readsPerHour((secret) =>
        secret.credentials.keyRejected('AKIAAEXAMPLE', 'certain'),
      ),
    },
  };
}

export const client = defineBenchmark<ClientFigures>({
  name: 'client',
  title: 'The side of applications',
  measures:
    'What `fromRotatedSecret` costs an application: the time to get credentials from memory, and the reads of the secret by a ' +
    'process that makes a call every second, over a day in virtual time. How applications get through rotations, outages and ' +
    'emergencies is in [applications](applications.md#measured).',
  limits: [
    {
      what: 'microseconds from memory, through a client of the SDK',
      atMost: 5,
      why: 'Each request asks for credentials; a request takes a thousand times as long.',
      found: ({ fromMemory }) => fromMemory['microsecondsPerCallThroughTheSdk']!,
    },
    {
      what: 'reads of the secret in an hour, in use',
      atMost: 24,
      why: 'Secrets Manager is paid for by the call, and a new key is to be noticed within minutes.',
      found: ({ readsOfTheSecretPerHour }) => readsOfTheSecretPerHour.inUse,
    },
    {
      what: 'reads of the secret in an hour, at worst',
      atMost: 264,
      why: 'A process whose every call is refused must not become a load on Secrets Manager.',
      found: ({ readsOfTheSecretPerHour }) => Math.max(...Object.values(readsOfTheSecretPerHour)),
    },
  ],
  measure,
  show: ({ fromMemory, readsOfTheSecretPerHour: reads }) => [
    {
      rows: [
        ['what', 'figure'],
        ['microseconds from memory', fromMemory['microsecondsPerCallOfTheProvider']!],
        ['… through a client of the SDK', fromMemory['microsecondsPerCallThroughTheSdk']!],
        ['reads of the secret meanwhile, in 2,000,000 calls', fromMemory['readsOfTheSecretMeanwhile']!],
        ['reads of the secret per hour and process, in use', reads.inUse],
        ['… while the secret cannot be read', reads.whileTheSecretCannotBeRead],
        ['… while AWS refuses every call', reads.whileEveryCallIsRefused],
      ],
    },
  ],
});
