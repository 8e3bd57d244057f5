import { arnParts } from '../../aws/aws-values';
import type { Draft } from '../draft';
import type { Problem, Path } from '../problem';

/**
 * Readers of another account need a customer key: the policy of `aws/secretsmanager` admits its own account only.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function checkReaders(draft: Draft): Problem[] {
  return draft.stacks.flatMap(({ path: stackPath, values: ofStack, users }) => {
    const { accountId } = ofStack;
    return users.flatMap(({ path, values }) => {
      const keyIsMissing =
        (values.kmsKeyArn ?? ofStack.kmsKeyArn) === undefined &&
        [path, stackPath].every((owner) => draft.isSound([...owner, 'kmsKeyArn']));
      return (values.readers ?? []).flatMap((reader: string | undefined, index): Problem[] => {
        if (reader === undefined || accountId === undefined) return [];
        if (arnParts(reader).accountId === accountId) return [];
        const copiesAt = values.replicaRegions === undefined ? stackPath : path;
        const unreadable = Object.entries(values.replicaRegions ?? ofStack.replicaRegions ?? {})
          .filter(([, copy]) => copy.kmsKeyArn === undefined)
          .map(([region]) => region)
          .filter((region) => draft.isSound([...copiesAt, 'replicaRegions', region, 'kmsKeyArn']));
        if (!keyIsMissing) return unreadable.map((region) => unreadableCopy(region, path, index));
        return [
          {
            path: [...path, 'readers', index],
            rule: `a reader of another account than the stack's (${accountId}) needs a customer key that encrypts the secret: AWS's own key admits no other account`,
            write: `kmsKeyArn: for the user or the stack, with a key whose policy allows that account kms:Decrypt; or a role of account ${accountId}`,
          },
        ];
      });
    });
  });
}

function unreadableCopy(region: string, path: Path, index: number): Problem {
  return {
    path: [...path, 'readers', index],
    rule: `a reader of another account needs a customer key for every copy of the secret, too, and the one in ${region} has none`,
    write: `${region}: { kmsKeyArn: … } under replicaRegions, with a key of that region; or replicaRegions: {} for this user`,
  };
}
