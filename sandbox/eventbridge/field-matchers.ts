import { BlockList, isIP } from 'node:net';

/** EventBridge refuses such a pattern. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

/** One entry of the list that a pattern has for a field. */
export interface FieldMatcher {
  /** It wants that the field is not there, and matches no value. */
  readonly absent?: true;
  readonly matches: (value: unknown) => boolean;
}

type Test = FieldMatcher['matches'];

/** No pattern of a `$or` may have a field of such a name. */
export const OPERATORS: ReadonlySet<string> = new Set([
  ...['exactly', 'prefix', 'suffix', 'equals-ignore-case', 'wildcard'],
  ...['anything-but', 'numeric', 'cidr', 'exists'],
]);

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws InvalidPattern */
export function fieldMatcher(entry: unknown): FieldMatcher {
  if (Array.isArray(entry))
    throw new InvalidPattern('Match value must be String, number, true, false, or null.');
  if (!isMap(entry)) return { matches: (value) => value === entry };
  const [operator, operand] = onlyEntry(entry);
  if (operator !== 'exists') return { matches: test(operator, operand) };
  if (operand !== true && operand !== false)
    throw new InvalidPattern('exists match pattern must be either true or false.');
  return operand ? { matches: () => true } : { absent: true, matches: () => false };
}

function test(operator: string, operand: unknown): Test {
  switch (operator) {
    case 'exactly':
      return texts((value, wanted) => value === wanted, operand);
    case 'prefix':
      return edge((value, wanted) => value.startsWith(wanted), operand);
    case 'suffix':
      return edge((value, wanted) => value.endsWith(wanted), operand);
    case 'equals-ignore-case':
      return ignoringCase((value, wanted) => value === wanted, operand);
    case 'wildcard':
      return wildcard(text(operand));
    case 'numeric':
      return numeric(operand);
    case 'cidr':
      return cidr(text(operand));
    case 'anything-but':
      return anythingBut(operand);
    default:
      throw new InvalidPattern(`Unrecognized match type ${operator}.`);
  }
}

/** Of one value, or of none of several; of one of these operators, with one or several. It never is about absence. */
function anythingBut(operand: unknown): Test {
  if (isMap(operand)) {
    const [operator, excluded] = onlyEntry(operand);
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator))
      throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}.`);
    const tests = several(excluded).map((one) => {
      if (one === '') throw new InvalidPattern(`Null ${operator} not allowed.`);
      return test(operator, one);
    });
    return (value) => !tests.some((matches) => matches(value));
  }
  const excluded = several(operand);
  const kinds = new Set(excluded.map((one) => typeof one));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) {
    throw new InvalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported.',
    );
  }
  return (value) => !excluded.includes(value);
}

function several(operand: unknown): readonly unknown[] {
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw new InvalidPattern('Empty arrays are not allowed.');
  return values;
}

type Compare = (value: string, wanted: string) => boolean;

const texts = (compare: Compare, operand: unknown): Test => {
  const wanted = text(operand);
  return (value) => typeof value === 'string' && compare(value, wanted);
};

const ignoringCase = (compare: Compare, operand: unknown): Test =>
  texts((value, wanted) => compare(value.toLowerCase(), wanted.toLowerCase()), operand);

/** `{ "prefix": { "equals-ignore-case": "x" } }` is the only operator within these. */
function edge(compare: Compare, operand: unknown): Test {
  if (!isMap(operand)) return texts(compare, operand);
  const [operator, wanted] = onlyEntry(operand);
  if (operator !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported pattern: ${operator}.`);
  return ignoringCase(compare, wanted);
}

/** `*` is any text, `\*` an asterisk, `\\` a backslash. */
function wildcard(pattern: string): Test {
  const parts = pattern.match(/\\?[\s\S]/g) ?? [];
  if (parts.some((part) => part.startsWith('\\') && part !== '\\*' && part !== '\\\\'))
    throw new InvalidPattern('Invalid escape character in a wildcard pattern.');
  if (parts.some((part, index) => part === '*' && parts[index + 1] === '*'))
    throw new InvalidPattern('Consecutive wildcard characters are not allowed.');
  const literally = (part: string): string => part.slice(-1).replace(/[.*+?^${}()|[\]\\]/, '\\$&');
  const reads = new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : literally(part))).join('')}$`, 's');
  return (value) => typeof value === 'string' && reads.test(value);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** EventBridge compares numbers of -5e9 to 5e9. */
const BIGGEST = 5e9;

/** `["=", n]`, `[">", n]`, or from below to above: `[">=", n, "<", m]`. */
function numeric(operand: unknown): Test {
  const wrong = (): InvalidPattern =>
    new InvalidPattern(`Bad numeric match pattern: ${JSON.stringify(operand)}.`);
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw wrong();
  const bounds = Array.from({ length: operand.length / 2 }, (_, index) => {
    const [sign, bound] = operand.slice(index * 2) as [unknown, unknown];
    const compare = Object.hasOwn(COMPARISONS, String(sign)) ? COMPARISONS[String(sign)] : undefined;
    if (!compare || typeof bound !== 'number' || Math.abs(bound) > BIGGEST) throw wrong();
    return { sign: String(sign), bound, compare };
  });
  const [low, high] = bounds;
  if (low && high && !(low.sign.startsWith('>') && high.sign.startsWith('<') && low.bound < high.bound))
    throw wrong();
  return (value) =>
    typeof value === 'number' &&
    Math.abs(value) <= BIGGEST &&
    bounds.every(({ bound, compare }) => compare(value, bound));
}

/** `10.0.0.0/24`, and so with IPv6. */
function cidr(range: string): Test {
  const [address = '', bits = ''] = range.split('/');
  const version = isIP(address);
  if (version === 0 || !/^\d+$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128))
    throw new InvalidPattern(`Malformed CIDR: ${range}.`);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), family);
  return (value) => typeof value === 'string' && isIP(value) === version && addresses.check(value, family);
}

function onlyEntry(map: Readonly<Record<string, unknown>>): readonly [name: string, value: unknown] {
  const [entry, ...others] = Object.entries(map);
  if (!entry) throw new InvalidPattern('Match expression name not found.');
  if (others.length > 0) throw new InvalidPattern('Only one key allowed in match expression.');
  return entry;
}

function text(operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new InvalidPattern(`The match pattern must be a string, not ${JSON.stringify(operand)}.`);
}
