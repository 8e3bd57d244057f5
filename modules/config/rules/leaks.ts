import type { Draft, DraftStack } from '../draft';
import type { Problem } from '../problem';

/** The responder's function and role would be called as those of such a user; with `notify` there is none. */
export function checkLeaks(draft: Draft): Problem[] {
  return draft.stacks.flatMap(checkReservedKeys);
}

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
