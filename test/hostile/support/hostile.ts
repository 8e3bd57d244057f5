import { inspect } from 'node:util';

import * as fc from 'fast-check';

/** What somebody writes who wants more than to be read: to Terraform, a shell, a terminal, a page, a spreadsheet, a path, an object. */
export const TEXTS_WITH_A_MEANING = [
  ...['${aws_iam_user.x.arn}', '%{ if true }x%{ endif }', '$${x}', '%%{x}', '{{x}}', '<detail.user>'],
  ...['$(id)', '`id`', "'; id; '", '"; id; "', '& id &', '| id', '\\', "'", '"', '--help', '-rf'],
  ...[
    '\u001b[2J\u001b[31m',
    '\r\nFirst: run this',
    'a\u2028b',
    '\u202eevil',
    '\u0000',
    '::set-output name=x::y',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '<!channel>',
    '@here',
    '[x](https://evil.example)',
  ],
  ...['=1+1', '+1', '-1', '@SUM(A1)', 'a;=1+1;', '__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    '..\\..\\x',
    'a/../../b',
    '.',
    '',
    ' ',
    '*',
    'arn:aws:iam::aws:policy/x',
  ],
  ...[
    '1E+200',
    '-0',
    'NaN',
    '9'.repeat(400),
    '2026-02-30T25:61:00Z',
    '+275760-09-13T00:00:00.001Z',
    'é\u0301',
    '\ud800',
  ],
];

export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS_WITH_A_MEANING) },
  fc
    .tuple(fc.constantFrom(...TEXTS_WITH_A_MEANING), fc.constantFrom(...TEXTS_WITH_A_MEANING))
    .map((two) => two.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('x'.repeat(70_000)),
);

/** What a terminal or a mail program would obey or hide. */
export const UNSEEN = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u;

/** Deeper than any function can call itself. */
const DEEP = 60_000;
const deepList = (): unknown => JSON.parse(`${'['.repeat(DEEP)}${']'.repeat(DEEP)}`);
const deepMap = (): unknown => JSON.parse(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`);
const polluting = (): unknown =>
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');

/** Whatever JSON can say. Each is made anew: what is put into itself would have no end. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileTexts },
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 2),
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .constantFrom(
      deepList,
      deepMap,
      polluting,
      () => ({}),
      () => [],
    )
    .map((make) => make()),
  fc.dictionary(hostileTexts, hostileTexts, { maxKeys: 3 }),
);

/** Some parts of a value are exchanged, taken out, or added. */
export function damaged(template: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    place: fc.nat(),
    key: fc.oneof(fc.nat(), hostileTexts),
    to: fc.oneof({ weight: 5, arbitrary: hostileValues }, fc.constant(TAKEN_OUT)),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const whole = structuredClone(template);
    for (const { place, key, to } of changes) {
      const containers = containersIn(whole, 6);
      const container = containers[place % containers.length];
      if (container === undefined) return null;
      const keys = Object.keys(container);
      const one = keys[(typeof key === 'string' ? key.length : key) % Math.max(keys.length, 1)];
      // JSON has lists without names.
      const name = typeof key === 'string' && !Array.isArray(container) ? key : (one ?? '0');
      if (to === TAKEN_OUT) Reflect.deleteProperty(container, name);
      else
        Reflect.defineProperty(container, name, {
          ...{ value: to, enumerable: true, configurable: true, writable: true },
        });
    }
    return whole;
  });
}

const TAKEN_OUT = Symbol('taken out');

function containersIn(value: unknown, depth: number): object[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return [value, ...Object.values(value).flatMap((inner) => containersIn(inner, depth - 1))];
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** What is hostile about an input is told by what must not happen. */
interface Expected {
  /** The errors that the call is documented to end with: these classes, and no others but those derived from them. */
  readonly errors?: readonly ErrorClass[];
  /** What no error may show. */
  readonly secrets?: readonly string[];
}

/**
 * What the call gave, or the documented error that it ended with.
 *
 * @throws whatever else it ended with; or an Error if it changed what all objects have, or an error shows a secret
 */
export async function outcomeOf<T>(
  call: () => T | Promise<T>,
  { errors = [], secrets = [] }: Expected = {},
): Promise<{ readonly value: T } | { readonly error: Error }> {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  const outcome = await Promise.resolve()
    .then(call)
    .then(
      (value) => ({ value }),
      (error: unknown) => {
        if (!(error instanceof Error) || !isOneOf(error, errors)) throw error;
        return { error };
      },
    );
  if ('error' in outcome) {
    const shown = `${inspect(outcome.error, { depth: 20 })} ${JSON.stringify(outcome.error)}`;
    if (secrets.some((secret) => shown.includes(secret))) throw new Error('The error shows a secret.');
  }
  if (Object.getOwnPropertyNames(Object.prototype).join() !== before)
    throw new Error('Object.prototype was changed.');
  return outcome;
}

/** TypeError and RangeError are of the class Error, too, and nobody documents them. */
const isOneOf = (error: Error, classes: readonly ErrorClass[]): boolean =>
  classes.some((one) => (one === Error ? error.constructor === Error : error instanceof one));
