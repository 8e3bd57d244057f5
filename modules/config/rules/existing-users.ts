import type { Draft } from '../draft';
import type { Finding } from '../problem';

/** What only the creator of a user decides: of an existing one Terraform looks up name and path. */
const CREATORS_KEYS = ['path', 'policyArns', 'permissionsBoundaryArn'] as const;

/** An existing user is taken over as it is. */
export function checkExistingUsers(draft: Draft): Finding[] {
  return draft.stacks.flatMap(({ users }) =>
    users.flatMap(({ path, values }) => [
      ...(values.existing === true && values.import === true
        ? [
            {
              path: [...path, 'import'],
              rule: 'an IAM user is either taken over as it is (existing) or moved into our state (import)',
              write: 'one of the two',
            },
          ]
        : []),
      ...CREATORS_KEYS.filter((key) => values.existing === true && values[key] !== undefined).map(
        (key): Finding => ({
          path: [...path, key],
          rule: `with existing: true the IAM user stays as it is, so ${key} is not for this file`,
          write: `no ${key}, or import: true instead of existing: true`,
        }),
      ),
    ]),
  );
}
