import {
  CHARACTERS_OF_SELF_RENEWAL,
  IAM_POLICY_NAME,
  MOST_CHARACTERS_OF_INLINE_POLICIES,
} from '../../aws/aws-values';
import { SELF_RENEWAL_POLICY_NAME } from '../../aws/names';
import type { Draft, DraftStack, DraftUser } from '../draft';
import type { Path, Problem } from '../problem';
import { policyText } from '../schema/inline-policy';

/** Names that IAM refuses or that are ours, and what the policies of a user come to together. */
export function checkInlinePolicies(draft: Draft): Problem[] {
  return draft.stacks.flatMap((stack) =>
    stack.users.flatMap((user) => {
      const { inlinePolicies = {} } = user.values;
      const path = [...user.path, 'inlinePolicies'];
      const documents = Object.values(inlinePolicies);
      return [
        ...checkNames(Object.keys(inlinePolicies), path),
        // Where one was refused, what they come to is not known.
        ...(documents.length > 0 && draft.isSoundThroughout(path)
          ? checkLength(documents, path, roomFor(stack, user))
          : []),
      ];
    }),
  );
}

function checkNames(names: readonly string[], path: Path): Problem[] {
  const seen = new Map<string, string>();
  return names.flatMap((name): Problem[] => {
    const at = [...path, name];
    const found = `the policy '${name}'`;
    if (!IAM_POLICY_NAME.test(name)) {
      const rule = "an inline policy's name has 1 to 128 letters, digits and +=,.@_-";
      return [{ path: at, found, rule, write: 'read-reports:' }];
    }
    if (name.toLowerCase() === SELF_RENEWAL_POLICY_NAME) {
      const rule = `${SELF_RENEWAL_POLICY_NAME} is written by iam-key-rotation itself, for selfRenewal`;
      return [{ path: at, found, rule, write: 'another name' }];
    }
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin !== undefined) {
      const rule = `IAM takes names of policies that differ only in case for the same, and there is '${twin}' already`;
      return [{ path: at, found, rule, write: 'another name' }];
    }
    return [];
  });
}

/** What is left beside the policy for `selfRenewal`. */
function roomFor({ values: { kmsKeyArn } }: DraftStack, { values }: DraftUser): number {
  const renews = values.selfRenewal === true && (values.kmsKeyArn ?? kmsKeyArn) !== undefined;
  return MOST_CHARACTERS_OF_INLINE_POLICIES - (renews ? CHARACTERS_OF_SELF_RENEWAL : 0);
}

/** As IAM counts. */
const withoutSpace = (text: string): number => text.replaceAll(/\s/g, '').length;

function checkLength(documents: readonly unknown[], path: Path, room: number): Problem[] {
  const count = documents.reduce<number>((sum, document) => sum + withoutSpace(policyText(document)), 0);
  if (count <= room) return [];
  const rest =
    room === MOST_CHARACTERS_OF_INLINE_POLICIES
      ? ''
      : `, of which selfRenewal with a customer key needs some`;
  return [
    {
      path,
      found: `policies of ${count} characters`,
      rule: `IAM takes ${MOST_CHARACTERS_OF_INLINE_POLICIES} characters for all inline policies of a user${rest}: at most ${room} here`,
      write: 'shorter policies, or a managed policy under policyArns',
    },
  ];
}
