import type { Draft, DraftStack } from '../draft';
import { formatPath, type Problem } from '../problem';
import { suggest } from '../suggest';

/** What answers leaks has names of its own, and drills have a user of the stack. */
export function checkLeaks(draft: Draft): Problem[] {
  return [...draft.stacks.flatMap(checkReservedKeys), ...checkDrillUsers(draft)];
}

/** The responder's function and role would be called as those of such a user; with `notify` there is none. */
function checkReservedKeys({ users, values: { onLeak } }: DraftStack): Problem[] {
  if (onLeak !== 'replace') return [];
  return users
    .filter(({ key }) => key.toLowerCase() === 'respond')
    .map(({ key, path }) => ({
      path,
      found: `'${key}'`,
      rule: `in a stack with onLeak: replace, ${key} is reserved for what a stack has for all its users`,
      write: `${key}_user:, with userName: ${key} if the IAM user is called so`,
    }));
}

/** In the stack or in one of its shards, which share path and values. */
function checkDrillUsers(draft: Draft): Problem[] {
  const stacks = new Map(draft.stacks.map((stack) => [formatPath(stack.path), stack]));
  return [...stacks.values()].flatMap(({ path, values: { leakDrill } }): Problem[] => {
    if (leakDrill === undefined) return [];
    const keys = draft.stacks
      .filter((stack) => formatPath(stack.path) === formatPath(path))
      .flatMap(({ users }) => users.map(({ key }) => key));
    if (keys.includes(leakDrill)) return [];
    return [
      {
        path: [...path, 'leakDrill'],
        found: `'${leakDrill}'`,
        rule: 'the user for drills is a user of the stack, named by its stable key',
        write: suggest(leakDrill, keys) ?? `a key under users; or put ${leakDrill}: {} there`,
      },
    ];
  });
}
