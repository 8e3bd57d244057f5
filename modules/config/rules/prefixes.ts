import type { Draft } from '../draft';
import {
  functionName,
  notificationFunctionName,
  iamEventsName,
  LONGEST_NAME,
  retirementFunctionName,
  retirementScheduleRoleName,
  roleName,
  sharedFunctionName,
} from '../../aws/names';
import { type Problem, formatPath, type Path } from '../problem';
import { effectivePrefix } from './effective-prefix';

/** The names that a stack makes from its prefix: short enough, and not those of another stack of the account. */
export function checkPrefixes(draft: Draft): Problem[] {
  const problems: Problem[] = [];
  const stackOfPrefix = new Map<string, string>();
  const userOfRole = new Map<string, Path>();

  for (const stack of draft.stacks) {
    const { accountId } = stack.values;
    const prefix = effectivePrefix(draft, stack);
    if (prefix === undefined) continue;
    const path = stack.shard === undefined ? [...stack.path, 'prefix'] : stack.namePath;

    const longest = retirementScheduleRoleName(prefix);
    if (longest.length > LONGEST_NAME) {
      problems.push({
        path,
        found: `'${prefix}' (${prefix.length} characters)`,
        rule: `functions and roles are called ${functionName('<prefix>', '<stable key>')}, in at most ${LONGEST_NAME} characters; already '${longest}' has ${longest.length}`,
        write: `a prefix of at most ${LONGEST_NAME - retirementScheduleRoleName('').length} characters, better 20`,
      });
    }

    if (accountId === undefined) continue;
    // IAM's names are those of the account, whatever the region, and they know no case.
    const inAccount = (name: string): string => `${accountId} ${name.toLowerCase()}`;
    const twin = stackOfPrefix.get(inAccount(prefix));
    if (twin !== undefined) {
      problems.push({
        path,
        found: `'${prefix}'${stack.values.prefix === undefined && stack.shard === undefined ? ' (the default)' : ''}, as in stacks.${twin}`,
        rule: `two stacks of one account (${accountId}) differ in their prefix, even in different regions, because their roles are named after it`,
        write: `prefix: ${prefix}-${stack.name}`.slice(0, 56),
      });
      continue;
    }
    stackOfPrefix.set(inAccount(prefix), stack.name);

    // `a-b` and user `c` would share a role with `a` and user `b-c`.
    const own = [
      sharedFunctionName(prefix),
      notificationFunctionName(prefix),
      retirementFunctionName(prefix),
      retirementScheduleRoleName(prefix),
      iamEventsName(prefix),
    ].map((name) => ({ name, path }));
    const ofUsers = stack.users.map((user) => ({ name: functionName(prefix, user.key), path: user.path }));
    const seenHere = new Set<string>();
    for (const { name, path: namedAt } of [...own, ...ofUsers]) {
      const role = inAccount(roleName(name));
      const other = userOfRole.get(role);
      if (other !== undefined && !seenHere.has(role)) {
        problems.push({
          path: namedAt,
          found: `a function and a role called '${name}'`,
          rule: `a name is made only once in an account (${accountId}), and ${formatPath(other)} makes this one too`,
          write: `another prefix for one of the two stacks, such as prefix: ${stack.name}-keys`,
        });
      }
      if (other === undefined) userOfRole.set(role, namedAt);
      seenHere.add(role);
    }
  }
  return problems;
}
