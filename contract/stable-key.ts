/** The name of a user in the configuration: a Terraform address, and a part of the names of all that is made for it. */
export const STABLE_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Lambda functions' and IAM roles' names. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const LONGEST_NAME = 64;

/** Stable keys whose function and role would be called as something that the stack has for all its users, or have its address. */
export const RESERVED_STABLE_KEYS: readonly string[] = [
  'iam-events',
  'leak-events',
  'notify',
  'retire',
  'retire-schedule',
  'rotate',
];

export interface StableKeyOptions {
  /** Whether something else is called so already; case makes no difference. */
  readonly isTaken: (key: string) => boolean;
  /** In characters; see `longestStableKey`. */
  readonly longest?: number;
}

/**
 * The stable key for a name that no entry has yet, such as the name of an IAM user: the name itself where a stable key may be
 * called so, else one as like it as can be. The same name gets the same key, as long as the same keys are taken.
 *
 * @param name any text but the empty one
 */
export function stableKeyFor(name: string, { isTaken, longest = LONGEST_NAME }: StableKeyOptions): string {
  const valid = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/^(?=[\d-])/, '_');
  const word = isReserved(valid) ? '_user' : '';
  for (let number = 1; ; number += 1) {
    const ending = `${word}${number === 1 ? '' : `_${number}`}`;
    const key = `${valid.slice(0, longest - ending.length)}${ending}`;
    if (!isTaken(key) && !isReserved(key)) return key;
  }
}

/** Terraform's JSON is put together in JavaScript objects, where some words mean something already. */
export const isWordOfObjects = (key: string): boolean => key in {};

const isReserved = (key: string): boolean =>
  RESERVED_STABLE_KEYS.includes(key.toLowerCase()) || isWordOfObjects(key);
