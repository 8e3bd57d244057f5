import { type Check, problem } from '../check';
import { isSpeltOtherwise, otherSpelling } from '../user-names';

export const existingUsers: Check = {
  name: 'existing-users',
  looksAt: 'whether the users are there that the configuration says exist',
  permissions: ['iam:ListUsers'],
  async run({ expected, account }) {
    const found = await account.users();
    const made = new Map(expected.named('aws_iam_user').map(({ name, address }) => [name, address]));
    const isThere = (userName: string): boolean => {
      const address = made.get(userName);
      return address === undefined || expected.stack.imported?.includes(address) === true;
    };
    return expected.users
      .filter(({ userName }) => isThere(userName) && !found.has(userName))
      .map((user) => {
        const { stableKey, userName } = user;
        const spelling = otherSpelling(userName, found);
        if (spelling !== undefined) return isSpeltOtherwise(user, spelling, expected);
        return problem(
          userName,
          'The account has no IAM user of this name.',
          `Correct userName of ${stableKey} in the configuration, or take existing or import out: the user is then made.`,
        );
      });
  },
};
