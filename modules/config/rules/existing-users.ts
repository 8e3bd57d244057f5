import type { Draft } from '../draft';
import type { Problem } from '../problem';

/** An existing user is taken over as it is, or moved into the state. */
export function checkExistingUsers(draft: Draft): Problem[] {
  return draft.stacks.flatMap(({ users }) =>
    users
      .filter(({ values }) => values.existing === true && values.import === true)
      .map(({ path }) => ({
        path: [...path, 'import'],
        rule: 'an IAM user is either taken over as it is (existing) or moved into our state (import)',
        write: 'one of the two',
      })),
  );
}
