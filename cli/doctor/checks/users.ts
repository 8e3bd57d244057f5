import { type Check, CouldNotLookError, problem } from '../check';
import { applied } from '../remedies';
import { isSpeltOtherwise, otherSpelling } from '../user-names';

export const users: Check = {
  name: 'users',
  looksAt: 'the IAM users whose keys are rotated',
  permissions: ['iam:ListUsers'],
  async run({ expected, account }) {
    if (expected.users.length === 0 && !('folder' in expected.source)) {
      throw new CouldNotLookError(
        'The state holds no rotated user of this stack. If users are in other states, give each with one more --state.',
      );
    }
    const found = await account.users();
    return expected.users
      .filter(({ userName }) => !found.has(userName))
      .map((user) => {
        const { stableKey, userName } = user;
        const spelling = otherSpelling(userName, found);
        if (spelling !== undefined) return isSpeltOtherwise(user, spelling, expected);
        return problem(
          userName,
          `The account has no IAM user of this name, whose key ${stableKey} is about: it was deleted or renamed.`,
          `If it was renamed, give it its name back, or change userName in the configuration. If it was deleted: ${applied(expected)} It is made anew, with a new key.`,
        );
      });
  },
};
