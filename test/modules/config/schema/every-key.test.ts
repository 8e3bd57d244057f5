import { parse, stringify } from 'yaml';
import * as z from 'zod';

import { formatPath } from '../../../../modules/config/problem';
import { descriptionOf } from '../../../../modules/config/schema/description';
import { problemsAt } from '../refusal';
import { dataWith, everyPlace, type Place } from './every-key';

/** Of every type that YAML has; for each key some of them are wrong. */
const VALUES = [null, true, false, 0, 4711, -1, 1.5, '', '24', 'yes', ' ', [], [''], {}, { x: 1 }];

/** Whether it is the value itself that breaks a rule, and not something in it. */
const isWrong = ({ schema }: Place, value: unknown): boolean =>
  z
    .safeParse(schema, value)
    .error?.issues.some(({ code, path }) => path.length === 0 && code !== 'unrecognized_keys') ?? false;

/** The value that an error suggests, without what else it says. */
const suggested = (write: string): unknown => parse(write.split(/, (?:or|from) /)[0] ?? '');

const PLACES = everyPlace()
  .filter(({ path }) => path.length > 0)
  .map((place): [string, Place] => [formatPath(place.path), place]);

it('every key of the file is looked at here', () => {
  expect(PLACES.length).toBeGreaterThan(70);
});

it.each(PLACES)(
  'every key of the file refuses a wrong value with its place, what it is, its rule and a remedy: %s',
  (_, place) => {
    const wrong = VALUES.filter((value) => isWrong(place, value));
    expect(wrong).not.toEqual([]);
    for (const value of wrong) {
      const text = stringify(dataWith(place.path, value));
      // Where a list is one of two choices, an entry of the wrong type makes it neither of them.
      const ofValue = problemsAt(place.path, text);
      const problems = ofValue.length > 0 ? ofValue : problemsAt(place.path.slice(0, -1), text);
      expect({ value, problems: problems.length }).toEqual({ value, problems: 1 });
      const { found, rule, write } = { found: '', rule: '', write: '', ...problems[0] };
      expect(found).toMatch(/\S/);
      expect(rule).toMatch(/^\S.*[^.\s]$/);
      expect(write).toMatch(/\S/);
      expect(`${found} ${rule} ${write}`).not.toMatch(/undefined|NaN|\[object| {2}/);
    }
  },
);

it.each(PLACES.filter(([, { schema }]) => descriptionOf(schema).advice === undefined))(
  'every key of the file suggests a value that it accepts: %s',
  (_, { path, schema }) => {
    const { write } = descriptionOf(schema);
    for (const found of [undefined, ...VALUES.map(String)]) {
      expect({ path, found, ...z.safeParse(schema, suggested(write(found, undefined))) }).toMatchObject({
        path,
        found,
        success: true,
      });
    }
  },
);
