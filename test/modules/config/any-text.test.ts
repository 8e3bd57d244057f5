import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';

import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { ConfigurationError } from '../../../modules/config/problem';
import { everyPlace } from './schema/every-key';

type Data = Record<string, unknown>;

/** Values that people write by mistake, and any others. */
const values = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, '', 0, 90, -1, 1.5, true, '90', '24h', '0h', '999d', '1h', [], {}, [null], ['']],
    ...['cron(0 4 1 * ? *)', 'rate(60 days)', 'hold', 'all', '2027-01-31', '2027-02-30T00:00Z'],
    ...['AKIAIOSFODNN7EXAMPLE', 'arn:aws:iam::111122223333:role/x', '111122223333', '${x}', '%{if}'],
  ),
  fc.constantFrom('constructor', '__proto__', 'toString', 'retire', 'on', 'off', '*', '&a', '\u{1F511}'),
  fc.jsonValue(),
);

const example = readFileSync(resolve(__dirname, '../../../rotation.yaml'), 'utf8');

/** All maps in a value. */
const mapsIn = (value: unknown): Data[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(mapsIn);
  return Array.isArray(value) ? inner : [value as Data, ...inner];
};

/** Those of the file, and others. */
const KEYS = [
  ...everyPlace().flatMap(({ path }) => path.filter((step) => typeof step === 'string')),
  ...['constructor', '__proto__', 'a b', ''],
];

it('whatever a file says is a configuration or a ConfigurationError whose places are in the file, and nothing else', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...KEYS), fc.nat()), values), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(changes, (list) => {
      const data = parse(example) as Data;
      for (const [mapIndex, where, value] of list) {
        const maps = mapsIn(data);
        const map = maps[mapIndex % maps.length] ?? data;
        const keys = Object.keys(map);
        const key = typeof where === 'string' ? where : (keys[where % Math.max(keys.length, 1)] ?? 'x');
        // A value of its own each time: put into itself it would have no end.
        const own = { value: structuredClone(value), enumerable: true, configurable: true, writable: true };
        Object.defineProperty(map, key, own);
      }
      const text = stringify(data);
      const lines = text.split('\n').length;
      try {
        parseConfiguration('rotation.yaml', text);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { line, found, rule, write } of error.problems) {
          expect(line).toBeLessThanOrEqual(lines);
          for (const part of [found, rule, write]) expect(part).not.toMatch(/undefined|NaN|\[object/);
        }
      }
    }),
    { numRuns: 500 },
  );
});

it('a file that is cut off anywhere is a configuration or a ConfigurationError', () => {
  for (let end = 0; end < example.length; end += 23) {
    try {
      parseConfiguration('rotation.yaml', example.slice(0, end));
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
    }
  }
});
