import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';

import { ACCESS_KEYS_PER_USER } from '../../../handlers/core/model/access-key';
import type { VersionLabel } from '../../../handlers/core/model/ports';
import { concurrently } from '../../concurrently';
import { type Check, problem } from '../check';

const AT_A_TIME = 8;

export const keySlots: Check = {
  name: 'key-slots',
  looksAt: 'whether the users that exist have room for a first key',
  permissions: ['iam:ListAccessKeys', 'iam:ListUsers', 'secretsmanager:ListSecrets'],
  async run({ expected, account }) {
    const [users, secrets] = await Promise.all([account.users(), account.secrets()]);
    const wanted = expected.users.filter(
      ({ userName, secretName }) => users.has(userName) && !holdsKey(secrets.get(secretName)),
    );
    const found = await concurrently(wanted, AT_A_TIME, async ({ userName }) => {
      const keys = await account.keys.list(userName);
      if (keys.length < ACCESS_KEYS_PER_USER) return [];
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
    return found.flat();
  },
};

const CURRENT: VersionLabel = 'AWSCURRENT';

/** Whether the first key was made: an apply that failed leaves a secret in which no version is the current one. */
const holdsKey = (secret: SecretListEntry | undefined): boolean =>
  secret !== undefined &&
  secret.DeletedDate === undefined &&
  Object.values(secret.SecretVersionsToStages ?? {}).some((labels) => labels.includes(CURRENT));
