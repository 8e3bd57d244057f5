import type { KeysToTakeOver } from './entries';
import { forgettingIn } from './forget';
import { keysIn, type ForeignState } from './state-file';
import { forgettingSteps, stepsText, type ToForget } from './steps';
import type { Finding } from './survey';

/** The state of another configuration, and the file that it came from. */
export interface GivenState {
  readonly file: string;
  readonly state: ForeignState;
}

export function statesToForget(
  states: readonly GivenState[],
  userNames: readonly string[],
  whole: boolean,
): readonly ToForget[] {
  const names = new Set(userNames.map((name) => name.toLowerCase()));
  return states.flatMap(({ file, state }) => {
    const forgetting = forgettingIn(state, names, { whole });
    return forgetting === undefined ? [] : [{ file, forgetting }];
  });
}

/**
 * The keys that the stack did not make, of users whose secret holds a key by now.
 *
 * @throws Error in the wrong order: where a state that was given owns one of the keys (its Terraform would activate the key
 * again, or make another one in its place), where a user has no key in its secret yet, or where a key is being made
 */
export function keysToTakeOver(
  findings: readonly Finding[],
  userNames: readonly string[],
  states: readonly GivenState[],
): KeysToTakeOver {
  const names = new Set(userNames.map((name) => name.toLowerCase()));
  const theirs = findings.filter(({ user }) => names.has(user.userName.toLowerCase()));
  const early = unique(theirs.filter(({ user }) => user.rotation?.hasCurrentKey !== true));
  if (early.length > 0) {
    throw new Error(
      `The secret of ${early.join(', ')} holds no key of this stack yet, so nothing was written. First apply without takeOver and move the applications to the secret; check --prefix and --region, too.`,
    );
  }
  const unclear = unique(theirs.filter(({ user }) => user.rotation?.itsKeys === undefined));
  if (unclear.length > 0) {
    throw new Error(
      `Which keys of ${unclear.join(', ')} this stack made is not known at the moment, because one is being made, one of them has just changed, or the journal cannot be read. Nothing was written: try again in some minutes.`,
    );
  }
  const foreign = theirs.filter(({ user, key }) => user.rotation?.itsKeys?.has(key.id) === false);
  const owned = keysIn(states.map(({ state }) => state));
  const stillOwned = foreign.filter(({ key }) => owned.has(key.id));
  if (stillOwned.length > 0) {
    const toForget = statesToForget(states, unique(stillOwned), false);
    throw new Error(
      [
        'Another Terraform still owns a key, so nothing was written. Once the key is retired here, its next apply would activate it again, or make another key in its place:',
        ...stillOwned.map(
          ({ user, key }) => `  ${key.id} of ${user.userName}: ${owned.get(key.id)?.address ?? ''}`,
        ),
        'Have it forget them first, and give its state again:',
        stepsText(toForget.flatMap((one) => forgettingSteps(one))),
      ].join('\n'),
    );
  }
  const keys = new Map<string, readonly string[]>();
  for (const { user, key } of foreign) keys.set(user.userName, [...(keys.get(user.userName) ?? []), key.id]);
  return keys;
}

const unique = (findings: readonly Finding[]): readonly string[] => [
  ...new Set(findings.map(({ user }) => user.userName)),
];
