import type { PolicyStatement } from '../aws/policy-document';
import { listedUsers, ROTATION_KEY_ACTIONS, taggedUsers } from './policies';

/** A user that a function of the whole stack works on. */
export interface SharedFunctionUser {
  readonly arn: string;
  /** Undefined: not made by us, so neither its path nor its tags are ours. */
  readonly path: string | undefined;
}

/**
 * All inline policies of a role together may have 10,240 characters, white space not counted; the rest of a shared
 * function's policy takes about 2,000 of them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const CHARACTERS_FOR_USERS = 8_000;

/** @param others what a stack that asks for more has besides, as it stands in the policy */
export const charactersForUsersBeside = (...others: readonly (readonly unknown[])[]): number =>
  others.reduce((room, other) => room - JSON.stringify(other).length + 2, CHARACTERS_FOR_USERS);

/** For a user that we look up, the ARN is a reference here; this is how long the real one is, generously. */
const LONGEST_USUAL_ARN = 150;

/**
 * The key actions on all users of a stack: by their ARNs as long as they fit. Above that (from about 100 users on)
 * the users that we make are told by their path together with the tag of their stack: what remains then is that
 * somebody who may tag users under such a path can bring one into the function's reach. Users that are only
 * looked up are always named, because they do not carry our tag.
 */
export function usersOfStack(
  users: readonly SharedFunctionUser[],
  place: { readonly arnOfPath: (path: string) => string },
  tag: { readonly key: string; readonly value: string },
  {
    actions = ROTATION_KEY_ACTIONS,
    characters = CHARACTERS_FOR_USERS,
  }: { readonly actions?: readonly string[]; readonly characters?: number } = {},
): readonly PolicyStatement[] {
  if (users.length === 0) {
    return []; // A statement without a resource is refused.
  }
  const size = users.reduce(
    (sum, user) => sum + (user.path === undefined ? LONGEST_USUAL_ARN : user.arn.length) + 3,
    0,
  );
  if (size <= characters) {
    return [
      listedUsers(
        users.map((user) => user.arn),
        actions,
      ),
    ];
  }
  const lookedUp = users.filter((user) => user.path === undefined).map((user) => user.arn);
  const paths = new Set(users.flatMap((user) => user.path ?? []));
  return [
    ...(lookedUp.length === 0 ? [] : [listedUsers(lookedUp, actions)]),
    taggedUsers([...paths].sort().map(place.arnOfPath), tag, actions),
  ];
}
