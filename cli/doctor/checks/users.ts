import { type Check, problem } from '../check';
import { applied } from '../remedies';

export const users: Check = {
  name: 'users',
  looksAt: 'the IAM users whose keys are rotated',
  permissions: ['iam:ListUsers'],
  async run({ expected, account }) {
    const found = await account.users();
    return expected.users
      .filter(({ userName }) => !found.has(userName))
      .map(({ stableKey, userName }) =>
        problem(
          userName,
          `The account has no IAM user of this name, whose key ${stableKey} is about: it was deleted or renamed.`,
          `If it was renamed, give it its name back, or change userName in the configuration. If it was deleted: ${applied(expected)} It is made anew, with a new key.`,
        ),
      );
  },
};
