import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';

import { type AccessKey, ACCESS_KEYS_PER_USER } from '../../../handlers/core/model/access-key';
import { CallRefusedError, UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import type { Journal } from '../../../handlers/core/model/journal';
import type { VersionLabel } from '../../../handlers/core/model/ports';
import { concurrently } from '../../concurrently';
import type { Account } from '../account';
import { type Check, CouldNotLookError, problem } from '../check';
import type { ExpectedUser } from '../expected';

const AT_A_TIME = 8;

export const keySlots: Check = {
  name: 'key-slots',
  looksAt: 'whether the users that exist have room for a first key',
  permissions: ['dynamodb:GetItem', 'iam:ListAccessKeys', 'iam:ListUsers', 'secretsmanager:ListSecrets'],
  async run({ expected, account }) {
    const [users, secrets] = await Promise.all([account.users(), account.secrets()]);
    const wanted = expected.users.filter(
      ({ userName, secretName }) => users.has(userName) && !holdsKey(secrets.get(secretName)),
    );
    const unknown: string[] = [];
    const found = await concurrently(wanted, AT_A_TIME, async (user) => {
      const { userName } = user;
      const keys = await account.keys.list(userName);
      if (keys.length < ACCESS_KEYS_PER_USER) return [];
      const journal = await journalOf(user, account);
      if (journal === 'unreadable') unknown.push(userName);
      if (journal === 'unreadable' || isRotated(keys, journal)) return [];
      const list = keys.map(({ id, status }) => `${id} (${status})`).join(', ');
      return [
        problem(
          userName,
          `It has ${keys.length} access keys already, ${list}, and AWS allows no third: no first key can be made.`,
          'Find out which of them is not used (aws iam get-access-key-last-used --access-key-id <key id>), deactivate it, wait until nobody misses it, and delete it: ' +
            `aws iam delete-access-key --user-name ${userName} --access-key-id <key id>`,
        ),
      ];
    });
    if (unknown.length === 0) return found.flat();
    throw new CouldNotLookError(
      `These users have no room for another key, and whether a key is of this product cannot be read from their journals (docs/runbook.md): ${unknown.join(', ')}.`,
      found.flat(),
    );
  },
};

/** Undefined: nothing was done for this user yet. */
async function journalOf(
  { stableKey }: ExpectedUser,
  { journals }: Account,
): Promise<Journal | 'unreadable' | undefined> {
  try {
    return (await journals.read(stableKey)).journal;
  } catch (error) {
    if (error instanceof UnreadableRecordError) return 'unreadable';
    // Before the first apply there is no table.
    if (error instanceof CallRefusedError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

/** Under rotation already: one of the keys is the product's, or it is making one, and it makes room for the next by itself. */
const isRotated = (keys: readonly AccessKey[], journal: Journal | undefined): boolean => {
  if (journal === undefined) return false;
  const { attempt, current, previous } = journal;
  const own = new Set([attempt?.keyId, current?.keyId, ...previous.map(({ keyId }) => keyId)]);
  return attempt !== undefined || keys.some(({ id }) => own.has(id));
};

const CURRENT: VersionLabel = 'AWSCURRENT';

/** Whether the first key was made: an apply that failed leaves a secret in which no version is the current one. */
const holdsKey = (secret: SecretListEntry | undefined): boolean =>
  secret !== undefined &&
  secret.DeletedDate === undefined &&
  Object.values(secret.SecretVersionsToStages ?? {}).some((labels) => labels.includes(CURRENT));
