import { randomUUID } from 'node:crypto';

import { RotateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';

import { MINUTE, SECOND } from '../../contract/instant';
import { READ_LAG } from '../../handlers/core/model/timing';
import type { Account, MadeSecret } from './account';
import { inWords, persistently, refusalOf } from './asking';
import { doesNotHold, holds, notTried, type Finding } from './assumption';
import type { Part } from './resources';
import { labelled } from './values';
import { FAILING_TEST, SLOW_FAILURE, type SeenStep } from './witness';

/* What Secrets Manager does around a rotation that fails, and around the test of a configuration. */

const secret = (part: string): Part => ({ kind: 'secret', part });
export const RETRIED_SECRET = secret('retried');
export const STUCK_SECRET = secret('stuck');
export const PENDING_OFF_SECRET = secret(SLOW_FAILURE);
export const TEST_ALONE_SECRET = secret('test-alone');
export const FAILING_TEST_SECRET = secret(FAILING_TEST);

/** How long Secrets Manager may take to begin, and a log to show it. */
const BEGINNING = 3 * MINUTE;

const rotation = async (account: Account, { arn: SecretId }: MadeSecret, token: string, now = true) =>
  new RotateSecretCommand({
    ...{ SecretId, ClientRequestToken: token, RotateImmediately: now },
    RotationLambdaARN: (await account.witness()).functionArn,
    RotationRules: { AutomaticallyAfterDays: 1000 },
  });

/** The permission of a function that is new may not be known yet. */
async function rotate(account: Account, made: MadeSecret, token: string, now = true): Promise<void> {
  const command = await rotation(account, made, token, now);
  await persistently(() => account.clients.secrets.send(command), /^AccessDenied/, {
    signal: account.signal,
    limit: MINUTE,
  });
}

const invocations = async (account: Account, made: MadeSecret): Promise<readonly SeenStep[]> =>
  (await account.witness()).stepsOf(made);

/** Waits until the function was invoked for this rotation. @throws Error if that does not happen. */
async function hasBegun(account: Account, made: MadeSecret, token: string): Promise<void> {
  const begun = await account.until(
    async () => ((await invocations(account, made)).some((seen) => seen.token === token) ? true : undefined),
    BEGINNING,
    5 * SECOND,
  );
  if (!begun) throw new Error(`Secrets Manager did not invoke the function within ${inWords(BEGINNING)}.`);
}

export async function failedRotationIsRetried(account: Account): Promise<Finding> {
  const made = await account.makeSecret(RETRIED_SECRET, 'value');
  const token = randomUUID();
  await rotate(account, made, token);
  await account.pause(account.patience);
  const tries = await invocations(account, made);
  const [first, ...more] = tries;
  if (!first) return doesNotHold(`The function was not invoked within ${inWords(account.patience)}.`);
  const odd = tries.find((one) => one.token !== token || one.step !== 'createSecret');
  if (odd) {
    const what = odd.token === token ? `with ${odd.step}` : 'with another token';
    return doesNotHold(`A try began ${what}.`);
  }
  if (more.length === 0)
    return notTried(
      `There was no second try within ${inWords(account.patience)}: give --patience more minutes.`,
    );
  const times = more.map(({ at }) => inWords(at - first.at)).join(', ');
  return holds(
    `${tries.length} tries within ${inWords(account.patience)}, all with the same token and from createSecret on; ` +
      `after the first one came others at ${times}.`,
  );
}

export async function incompleteRotationIsInTheWay(account: Account): Promise<Finding> {
  const made = await account.makeSecret(STUCK_SECRET, 'value');
  const token = randomUUID();
  await rotate(account, made, token);
  await hasBegun(account, made, token);
  const refusal = await refusalOf(account.clients.secrets.send(await rotation(account, made, randomUUID())));
  const pending = await labelled(account, made.arn, 'AWSPENDING');
  const where =
    pending === token ? 'on the failed version' : pending === undefined ? 'gone' : 'on another version';
  if (!refusal) return doesNotHold(`Another rotation was begun; AWSPENDING is ${where}.`);
  return refusal.code === 'InvalidRequestException'
    ? holds(`Another rotation is refused: "${refusal.message}" AWSPENDING is ${where}.`)
    : doesNotHold(`Another rotation is refused with ${refusal.code}, "${refusal.message}".`);
}

export async function withoutPendingARotationBegins(account: Account): Promise<Finding> {
  const made = await account.makeSecret(PENDING_OFF_SECRET, 'value');
  const [token, next] = [randomUUID(), randomUUID()];
  await rotate(account, made, token);
  // The function is at work, or about to be, for some seconds.
  await account.pause(2 * SECOND);
  await account.clients.secrets.send(
    new UpdateSecretVersionStageCommand({
      ...{ SecretId: made.arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: token },
    }),
  );
  await hasBegun(account, made, token);
  await account.pause(Math.min(account.patience / 4, 5 * MINUTE));
  const old = (await invocations(account, made)).length;
  const refusal = await refusalOf(account.clients.secrets.send(await rotation(account, made, next)));
  if (refusal) return doesNotHold(`A new rotation is refused with ${refusal.code}, "${refusal.message}".`);
  await hasBegun(account, made, next);
  const tries = old === 1 ? 'once' : `${old} times`;
  return holds(
    `The rotation whose label was taken off was tried ${tries}; a new one was begun with its own token.`,
  );
}

export async function testRunsAlone(account: Account): Promise<Finding> {
  return testOf(account, await account.makeSecret(TEST_ALONE_SECRET, 'value'));
}

export async function failedTestLeavesNothing(account: Account): Promise<Finding> {
  return testOf(account, await account.makeSecret(FAILING_TEST_SECRET, 'value'));
}

/** Configures rotation with RotateImmediately=false. */
async function testOf(account: Account, made: MadeSecret): Promise<Finding> {
  const token = randomUUID();
  await rotate(account, made, token, false);
  await hasBegun(account, made, token);
  const removed = await account.until(
    async () => ((await labelled(account, made.arn, 'AWSPENDING')) === undefined ? true : undefined),
    account.patience,
    Math.min(account.patience / 10, 5 * SECOND),
  );
  const steps = (await invocations(account, made)).map(({ step }) => step);
  const other = steps.find((step) => step !== 'testSecret');
  if (other !== undefined) return doesNotHold(`The function was invoked for ${other}, too.`);
  if (!removed) return doesNotHold(`AWSPENDING was still there ${inWords(account.patience)} after the test.`);
  const current = await account.until(
    async () => ((await labelled(account, made.arn, 'AWSCURRENT')) === made.versionId ? true : undefined),
    READ_LAG,
  );
  if (!current) return doesNotHold('AWSCURRENT is on another version after the test.');
  const times = steps.length === 1 ? 'once' : `${steps.length} times`;
  return holds(
    `testSecret alone was invoked, ${times}; AWSPENDING was gone after ${inWords(removed.after)}.`,
  );
}
