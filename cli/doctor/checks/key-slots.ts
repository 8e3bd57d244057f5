import { concurrently } from '../../concurrently';
import { type Check, problem } from '../check';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const SLOTS = 2;
const AT_A_TIME = 8;

export const keySlots: Check = {
  name: 'key-slots',
  looksAt: 'whether the users that exist have room for a first key',
  permissions: ['iam:ListAccessKeys', 'iam:ListUsers', 'secretsmanager:ListSecrets'],
  async run({ expected, account }) {
    const [users, secrets] = await Promise.all([account.users(), account.secrets()]);
    // Who has a secret already has its first key.
    const wanted = expected.users.filter(
      ({ userName, secretName }) => users.has(userName) && !secrets.has(secretName),
    );
    const found = await concurrently(wanted, AT_A_TIME, async ({ userName }) => {
      const keys = await account.keys.list(userName);
      if (keys.length < SLOTS) return [];
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
