/** What a value may be: one of these. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type Matcher =
  | string
  | boolean
  | { readonly prefix: string | { readonly 'equals-ignore-case': string } }
  | { readonly 'equals-ignore-case': string }
  | { readonly suffix: string }
  | { readonly wildcard: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': readonly string[] | { readonly wildcard: readonly string[] } };

/** All of its fields; of what is under `$or`, one at least. */
export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | readonly EventPattern[] | EventPattern;
}

/** EventBridge's limit for one pattern. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const LONGEST_PATTERN = 2_048;

/** A call as CloudTrail tells EventBridge. Also of another account's principal: the event is of the account that it was done to. */
export function apiCall(accountId: string, sources: readonly string[], detail: EventPattern): EventPattern {
  return { account: [accountId], source: sources, 'detail-type': ['AWS API Call via CloudTrail'], detail };
}

/** Not one of these, which may hold `*`; or not there at all, as of a service or of another account's principal. */
export function noneOf(values: readonly string[]): readonly Matcher[] {
  return [{ exists: false }, { 'anything-but': { wildcard: values } }];
}

/** One of these names of IAM, which takes them in upper and in lower case, and records them as they were written. */
export const anyCase = (names: readonly string[]): readonly Matcher[] =>
  names.map((name) => ({ 'equals-ignore-case': name }));

/** Anything else than these. */
export const otherThan = (values: readonly string[]): readonly Matcher[] => [{ 'anything-but': values }];

/** One of these at least. `$or` needs two. */
export const anyOf = (choices: readonly [EventPattern, ...EventPattern[]]): EventPattern =>
  choices.length === 1 ? choices[0] : { $or: choices };

/** Longer than any ARN of a secret of ours: 64 characters of the stack and 72 of the name. */
const PLACE_FOR_REFERENCE = 'x'.repeat(140);

export function fits(pattern: EventPattern): boolean {
  return JSON.stringify(pattern).replaceAll(/\$\{[^{}]*\}/g, PLACE_FOR_REFERENCE).length <= LONGEST_PATTERN;
}

/** As few patterns as the limit allows, each for some of the values, in their order. */
export function split<T>(
  values: readonly T[],
  pattern: (some: readonly T[]) => EventPattern,
): readonly EventPattern[] {
  return partition(values, pattern).map(pattern);
}

/** The values in parts, each as many as fit into one pattern. */
export function partition<T>(
  values: readonly T[],
  pattern: (some: readonly T[]) => EventPattern,
): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (const value of values) {
    const last = parts.at(-1);
    if (last !== undefined && fits(pattern([...last, value]))) {
      last.push(value);
    } else {
      parts.push([value]);
    }
  }
  return parts;
}
