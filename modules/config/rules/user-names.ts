import type { Draft } from '../draft';
import { type Problem, formatPath, type Path } from '../problem';

/** No IAM user twice in an account: two rotations of one user would use up its two key slots. */
export function checkUserNames(draft: Draft): Problem[] {
  const userOfName = new Map<string, Path>();
  return draft.stacks.flatMap(({ values: { accountId }, users }) =>
    users.flatMap((user): Problem[] => {
      const path = [...user.path, 'userName'];
      if (accountId === undefined || !draft.isSound(path)) return [];
      const userName = user.values.userName ?? user.key;
      // IAM's names are unique without regard to case.
      const name = `${accountId} ${userName.toLowerCase()}`;
      const other = userOfName.get(name);
      if (other === undefined) {
        userOfName.set(name, user.path);
        return [];
      }
      // Two equal keys in one stack, or in two shards of one, are told as such.
      if (user.values.userName === undefined && sameKeyIgnoringCase(other, user.path)) return [];
      return [
        {
          path: user.values.userName === undefined ? user.path : path,
          found: `the IAM user '${userName}'`,
          rule: `an IAM user is rotated in one place only, and ${formatPath(other)} is the same user of account ${accountId}`,
          write: 'only one of the two entries',
        },
      ];
    }),
  );
}

const sameKeyIgnoringCase = (one: Path, other: Path): boolean =>
  formatPath([one[1] ?? '', one.at(-1) ?? '']).toLowerCase() ===
  formatPath([other[1] ?? '', other.at(-1) ?? '']).toLowerCase();
