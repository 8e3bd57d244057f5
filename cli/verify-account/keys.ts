import {
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';

import { MINUTE, SECOND } from '../../contract/instant';
import { LISTING_LAG, PROOF_INTERVAL, PROOF_WAIT, PROOFS_IN_A_ROW } from '../../handlers/core/model/timing';
import type { Account } from './account';
import { inWords, refusalOf, type Refusal } from './asking';
import { doesNotHold, holds, notTried, type Finding } from './assumption';
import { createClients, type Clients, type Credentials } from './clients';
import type { Part } from './resources';

/* Access keys in IAM, and what STS says of them. */

const user = (part: string): Part => ({ kind: 'user', part });
export const NEW_KEY_USER = user('new-key');
export const INACTIVE_KEY_USER = user('inactive-key');
export const LISTED_KEY_USER = user('listed-key');
export const THREE_KEYS_USER = user('three-keys');
export const LAST_USE_USER = user('last-use');

/** What STS says of a key that it does not know. */
const UNKNOWN_KEY = 'InvalidClientTokenId';

/** How often a key is used once more after it was proved. */
const LOOKS_AFTERWARDS = 15;

/** How long a key that was deactivated may still work before a person would notice. */
const REVOCATION_LIMIT = MINUTE;

const withKey = (account: Account, credentials: Credentials): Clients =>
  createClients({ region: account.caller.region, credentials });

const identity = ({ sts }: Clients): Promise<Refusal | undefined> =>
  refusalOf(sts.send(new GetCallerIdentityCommand({})));

export async function newKeyWorks(account: Account): Promise<Finding> {
  const clients = withKey(account, await account.makeAccessKey(await account.makeUser(NEW_KEY_USER)));
  const began = Date.now();
  const refusals: Refusal[] = [];
  let firstSuccess: number | undefined;
  let inARow = 0;
  while (inARow < PROOFS_IN_A_ROW) {
    if (Date.now() - began > PROOF_WAIT) {
      return doesNotHold(
        `It did not work ${PROOFS_IN_A_ROW} times in a row within ${inWords(PROOF_WAIT)}; ${codes(refusals)}.`,
      );
    }
    const refusal = await identity(clients);
    if (refusal === undefined) firstSuccess ??= Date.now() - began;
    else refusals.push(refusal);
    inARow = refusal === undefined ? inARow + 1 : 0;
    await account.pause(PROOF_INTERVAL);
  }
  const proved = Date.now() - began;
  const other = refusals.find(({ code }) => code !== UNKNOWN_KEY);
  if (other) return doesNotHold(`While it was new it was refused with ${other.code}: ${other.message}`);
  for (let look = 1; look <= LOOKS_AFTERWARDS; look += 1) {
    const refusal = await identity(clients);
    if (refusal) {
      return doesNotHold(
        `It was refused (${refusal.code}) again, after it had worked ${PROOFS_IN_A_ROW} times in a row.`,
      );
    }
    await account.pause(PROOF_INTERVAL);
  }
  return holds(
    `It worked first after ${inWords(firstSuccess ?? proved)}, and ${PROOFS_IN_A_ROW} times in a row after ` +
      `${inWords(proved)}; ${codes(refusals)}; then ${LOOKS_AFTERWARDS} times more.`,
  );
}

const codes = (refusals: readonly Refusal[]): string =>
  refusals.length === 0
    ? 'it was never refused'
    : `it was refused ${refusals.length === 1 ? 'once' : `${refusals.length} times`} (${[...new Set(refusals.map(({ code }) => code))].join(', ')})`;

export async function inactiveKeyIsRefused(account: Account): Promise<Finding> {
  const userName = await account.makeUser(INACTIVE_KEY_USER);
  const key = await account.makeAccessKey(userName);
  const clients = withKey(account, key);
  await worksAtLast(account, clients);
  await account.clients.iam.send(
    new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: key.accessKeyId, Status: 'Inactive' }),
  );
  const refused = await account.until(() => identity(clients), REVOCATION_LIMIT, SECOND);
  if (!refused) return doesNotHold(`It still worked ${inWords(REVOCATION_LIMIT)} after it was deactivated.`);
  const { code } = refused.answer;
  return code === UNKNOWN_KEY
    ? holds(`It was refused with ${code} after ${inWords(refused.after)}.`)
    : doesNotHold(`It was refused with ${code} after ${inWords(refused.after)}.`);
}

/** @throws Error if a new key does not work: that is another check's finding. */
async function worksAtLast(account: Account, clients: Clients): Promise<void> {
  const worked = await account.until(
    async () => ((await identity(clients)) === undefined ? true : undefined),
    PROOF_WAIT,
    PROOF_INTERVAL,
  );
  if (!worked)
    throw new Error(`The new key that this check needs did not work within ${inWords(PROOF_WAIT)}.`);
}

export async function listingShowsKeys(account: Account): Promise<Finding> {
  const UserName = await account.makeUser(LISTED_KEY_USER);
  const { accessKeyId: AccessKeyId } = await account.makeAccessKey(UserName);
  const isListed = async (): Promise<boolean> => {
    const { AccessKeyMetadata = [] } = await account.clients.iam.send(
      new ListAccessKeysCommand({ UserName }),
    );
    return AccessKeyMetadata.some((key) => key.AccessKeyId === AccessKeyId);
  };
  const shown = await account.until(async () => ((await isListed()) ? true : undefined), LISTING_LAG);
  if (!shown) return doesNotHold(`A new key was not listed within ${inWords(LISTING_LAG)}.`);
  await account.clients.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  const gone = await account.until(async () => ((await isListed()) ? undefined : true), LISTING_LAG);
  if (!gone) return doesNotHold(`A deleted key was still listed after ${inWords(LISTING_LAG)}.`);
  return holds(
    `A new key was listed after ${inWords(shown.after)}, and gone ${inWords(gone.after)} after it was deleted.`,
  );
}

export async function thirdKeyIsRefused(account: Account): Promise<Finding> {
  const userName = await account.makeUser(THREE_KEYS_USER);
  await account.makeAccessKey(userName);
  await account.makeAccessKey(userName);
  const refusal = await refusalOf(account.makeAccessKey(userName));
  if (!refusal) return doesNotHold('IAM made a third key.');
  // The SDK gives the code with and without `Exception`.
  return /^LimitExceeded(Exception)?$/.test(refusal.code)
    ? holds(`IAM refused the third: ${refusal.code}, "${refusal.message}".`)
    : doesNotHold(`IAM refused the third with ${refusal.code}, "${refusal.message}".`);
}

/** AWS rounds: a key that is used again within 15 minutes shows the first of these uses. */
const LAST_USE_GRANULARITY = 15 * MINUTE;

export async function lastUseIsShown(account: Account): Promise<Finding> {
  const key = await account.makeAccessKey(await account.makeUser(LAST_USE_USER));
  const lastUse = async () =>
    (await account.clients.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId })))
      .AccessKeyLastUsed;
  const before = await lastUse();
  if (before?.LastUsedDate !== undefined) {
    return doesNotHold(`A key that was never used has the date ${before.LastUsedDate.toISOString()}.`);
  }
  await worksAtLast(account, withKey(account, key));
  const used = Date.now();
  const shown = await account.until(
    async () => (await lastUse())?.LastUsedDate,
    account.patience,
    Math.min(account.patience / 10, MINUTE),
  );
  if (!shown) {
    return notTried(
      `A key that was never used has no date. A use was not shown within ${inWords(account.patience)}: give --patience more minutes.`,
    );
  }
  const { answer: date, after } = shown;
  return Math.abs(date.getTime() - used) <= LAST_USE_GRANULARITY
    ? holds(
        `Before the use there was no date. The use was shown after ${inWords(after)}, as of ${date.toISOString()}.`,
      )
    : doesNotHold(`The use of ${new Date(used).toISOString()} is shown as of ${date.toISOString()}.`);
}
