import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'jsonc-parser';
import tseslint from 'typescript-eslint';

type Rules = Readonly<Record<string, unknown>>;

const PREFIX = '@typescript-eslint/';

/** Oxlint has not got it. */
const MISSING = ['no-unsafe-class-instance-assignment'];

function rulesThatNeedTypes(): readonly string[] {
  const { rules: known } = tseslint.plugin as unknown as {
    readonly rules: Readonly<Record<string, { meta: { docs?: { requiresTypeChecking?: unknown } } }>>;
  };
  return [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked]
    .flatMap(({ rules }) => Object.entries((rules ?? {}) as Rules))
    .filter(([name, severity]) => name.startsWith(PREFIX) && severity !== 'off')
    .map(([name]) => name.slice(PREFIX.length))
    .filter((name) => known[name]?.meta.docs?.requiresTypeChecking);
}

describe('the rules that need types', () => {
  const { rules } = parse(readFileSync(join(__dirname, '../.oxlintrc.json'), 'utf8')) as {
    readonly rules: Rules;
  };

  it('are all that typescript-eslint recommends to those who are strict, but for the one that Oxlint has not got', () => {
    const recommended = rulesThatNeedTypes();

    expect(recommended.length).toBeGreaterThan(40);
    expect(recommended.filter((name) => rules[`typescript/${name}`] === undefined)).toEqual(MISSING);
  });

  it('are errors, not warnings', () => {
    const severities = Object.values(rules).map((rule) => (Array.isArray(rule) ? rule[0] : rule) as unknown);

    expect(new Set(severities)).toEqual(new Set(['error']));
  });
});
