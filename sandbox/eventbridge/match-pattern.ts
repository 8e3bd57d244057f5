import { type Event, type Field, fieldsOf, joined, type Membership } from './event-fields';
import { fieldMatcher, type FieldMatcher, InvalidPattern, isMap, OPERATORS } from './field-matchers';

/** An event as EventBridge delivers it. */
export type BusEvent = Event;

export { InvalidPattern };

/** A pattern that was read, and judges events. */
export type EventPattern = (event: BusEvent) => boolean;

/** What one way through the choices of a pattern wants, by the path of the field. */
type Wish = ReadonlyMap<string, readonly FieldMatcher[]>;

/**
 * Reads an event pattern. It judges as EventBridge's own matcher does, and refuses what that refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * https://github.com/aws/event-ruler
 *
 * @throws InvalidPattern where EventBridge would not take the pattern
 */
export function readPattern(pattern: unknown): EventPattern {
  const wishes = wishesOf(pattern, '', [new Map()]).map(inOrder);
  return (event) => {
    const fields = fieldsOf(event);
    return wishes.some((wish) => isGranted([...wish], fields, new Map()));
  };
}

/** @throws InvalidPattern where EventBridge would not take the pattern */
export const matchesPattern = (pattern: unknown, event: unknown): boolean =>
  readPattern(pattern)(event as BusEvent);

/** Each `$or` makes as many of every wish so far as it has choices. */
function wishesOf(pattern: unknown, path: string, before: readonly Wish[]): readonly Wish[] {
  if (!isMap(pattern)) throw new InvalidPattern(`${path || 'The pattern'} must be an object or an array.`);
  if (Object.keys(pattern).length === 0) throw new InvalidPattern('Empty objects are not allowed.');
  return Object.entries(pattern).reduce<readonly Wish[]>((wishes, [name, wanted]) => {
    if (isChoice(name, wanted)) return wanted.flatMap((choice) => wishesOf(choice, path, wishes));
    const field = joined(path, name);
    if (!Array.isArray(wanted)) return wishesOf(wanted, field, wishes);
    if (wanted.length === 0) throw new InvalidPattern('Empty arrays are not allowed.');
    const matchers = wanted.map(fieldMatcher);
    return wishes.map((wish) => new Map([...wish, [field, matchers]]));
  }, before);
}

/** Only two patterns or more, none of which could be an operator, are a choice; else `$or` is the name of a field. */
const isChoice = (name: string, wanted: unknown): wanted is readonly unknown[] =>
  name === '$or' &&
  Array.isArray(wanted) &&
  wanted.length > 1 &&
  wanted.every((choice) => isMap(choice) && !Object.keys(choice).some((field) => OPERATORS.has(field)));

/** In the order of the matcher of AWS, which decides of which entry of a list it is that a field has to be absent. */
const inOrder = (wish: Wish): Wish => new Map([...wish].sort(([one], [other]) => (one < other ? -1 : 1)));

/** All fields that match have to be of the same entry of a list, where they are in one. */
function isGranted(
  wish: readonly (readonly [path: string, matchers: readonly FieldMatcher[]])[],
  fields: readonly Field[],
  within: Membership,
): boolean {
  const [first, ...rest] = wish;
  if (first === undefined) return true;
  const [path, matchers] = first;
  const reachable = fields
    .filter((field) => field.path === path)
    .flatMap(({ value, membership }) => {
      const together = united(within, membership);
      return together === undefined ? [] : [{ value, together }];
    });
  const wantsAbsence = matchers.some((matcher) => matcher.absent);
  if (wantsAbsence && reachable.length === 0 && isGranted(rest, fields, within)) return true;
  return reachable.some(
    ({ value, together }) =>
      matchers.some((matcher) => !matcher.absent && matcher.matches(value)) &&
      isGranted(rest, fields, together),
  );
}

function united(one: Membership, other: Membership): Membership | undefined {
  const contradicts = [...other].some(([list, entry]) => (one.get(list) ?? entry) !== entry);
  return contradicts ? undefined : new Map([...one, ...other]);
}
