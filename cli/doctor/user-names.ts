import { problem, type Finding } from './check';
import type { Expected, ExpectedUser } from './expected';
import { folderOf } from './remedies';

/** How the account spells a name that it has in other letters, upper or lower case. Names are one without regard to that: F 2.12. */
export function otherSpelling(
  userName: string,
  existing: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>,
): string | undefined {
  if (existing.has(userName)) return undefined;
  const wanted = userName.toLowerCase();
  return [...existing.keys()].find((name) => name.toLowerCase() === wanted);
}

export const isSpeltOtherwise = (
  { stableKey, userName }: ExpectedUser,
  spelling: string,
  expected: Pick<Expected, 'source'>,
): Finding =>
  problem(
    userName,
    `The account has this IAM user as ${spelling}, and the configuration writes ${userName}. To IAM that is one name, so no other user can have it; but the permissions of the functions name the user of the configuration, and may not be about this one.`,
    `Write ${spelling} as the userName of ${stableKey} in the configuration, and apply in ${folderOf(expected)}.`,
  );
