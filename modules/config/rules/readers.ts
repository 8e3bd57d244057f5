import { arnParts } from '../aws-values';
import type { Draft } from '../draft';
import type { Finding } from '../problem';

/**
 * Readers of another account need a customer key: the policy of `aws/secretsmanager` admits its own account only.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function checkReaders(draft: Draft): Finding[] {
  return draft.stacks.flatMap(({ path: stackPath, values: { accountId, kmsKeyArn }, users }) => {
    const keyIsMissing = kmsKeyArn === undefined && draft.isSound([...stackPath, 'kmsKeyArn']);
    return users.flatMap(({ path, values }) =>
      (values.readers ?? []).flatMap((reader: string | undefined, index): Finding[] => {
        if (reader === undefined || accountId === undefined || !keyIsMissing) return [];
        if (arnParts(reader).accountId === accountId) return [];
        return [
          {
            path: [...path, 'readers', index],
            rule: `a reader of another account than the stack's (${accountId}) needs a customer key that encrypts the secret: AWS's own key admits no other account`,
            write: `kmsKeyArn: for the stack, with a key whose policy allows that account kms:Decrypt; or a role of account ${accountId}`,
          },
        ];
      }),
    );
  });
}
