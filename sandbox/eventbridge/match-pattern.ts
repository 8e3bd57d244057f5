/** An event as EventBridge delivers it. */
export type BusEvent = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a pattern of a rule: every field of the pattern is in the event, with one of the values.
 * What of EventBridge's language nothing here uses is an error and not a match.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isMap(pattern)) throw new Error(`An event pattern is a map; found ${JSON.stringify(pattern)}.`);
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') {
      if (!Array.isArray(wanted)) throw new Error('$or is a list of patterns.');
      return wanted.some((choice) => matchesPattern(choice, event));
    }
    const value = isMap(event) && Object.hasOwn(event, field) ? event[field] : undefined;
    if (!Array.isArray(wanted)) return matchesPattern(wanted, value);
    // Of a list in the event one entry has to match; what is absent matches nothing but `exists: false`.
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return wanted.some((rule) => values.some((one) => matchesRule(rule, one)));
  });
}

function matchesRule(rule: unknown, value: unknown): boolean {
  if (!isMap(rule)) return value !== undefined && rule === value;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(text(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(text(operand));
    case 'wildcard':
      return typeof value === 'string' && wildcard(text(operand)).test(value);
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === text(operand).toLowerCase();
    case 'exists':
      return (value !== undefined) === operand;
    case 'anything-but':
      return value !== undefined && ![operand].flat().some((excluded) => matchesRule(excluded, value));
    default:
      throw new Error(`The local AWS does not know the operator ${JSON.stringify(rule)} of event patterns.`);
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function text(operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new Error(`An operator of an event pattern wants a text; found ${JSON.stringify(operand)}.`);
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
