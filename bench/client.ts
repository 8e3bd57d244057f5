/*
 * What rotated credentials cost an application: the time to get them from memory, measured on this machine, and the
 * reads of the secret per hour and process, counted in virtual time, so the same on every machine.
 *
 * `npm run bench:client` prints both as JSON, with units in its names. `npm run bench:client -- full` has applications
 * make 50 calls a second on the local AWS through 20 rotations, an outage of two minutes, an emergency, a rollback and
 * rotations without overlap, and prints how many failed. It takes about a quarter of an hour.
 */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';

import { fromRotatedSecret } from '../client';
import { HOUR, MINUTE, SECOND } from '../contract/instant';
import { runApplications, tableOf } from '../test/e2e/client/support/run-applications';
import { rotatedKey } from '../test/client/support/keys';
import { SecretUnderTest } from '../test/client/support/secret-under-test';

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

async function main(): Promise<void> {
  if (process.argv[2] === 'full') {
    const size = { rotations: 20, rotationsWithoutOverlap: 5, outageSeconds: (2 * MINUTE) / SECOND };
    const times = { refreshSeconds: 12, propagationSeconds: 2, farPropagationSeconds: 6 };
    const report = await runApplications({ ...size, ...times }, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${tableOf(report)}\n`);
    return;
  }
  const figures = {
    fromMemory: await microsecondsFromMemory(),
    readsOfTheSecretPerHour: {
      inUse: await readsPerHour(() => undefined),
      whileTheSecretCannotBeRead: await readsPerHour((secret) => (secret.failure = 'it could not be read.')),
      whileEveryCallIsRefused: await readsPerHour((secret) =>
        secret.credentials.keyRejected('AKIAAEXAMPLE', 'certain'),
      ),
    },
  };
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}

void main();
