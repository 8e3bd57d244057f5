import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FAULT_KINDS, kebabCase } from '../../contract/faults';

const PROJECT = join(__dirname, '../..');
const RUNBOOK = readFileSync(join(PROJECT, 'docs/runbook.md'), 'utf8');

/** By heading. */
const SECTIONS = new Map(
  RUNBOOK.split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0]!, section]),
);
const words = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('’', "'");

it('the runbook has a section for every fault, in the order of the catalogue, and no other', () => {
  expect([...SECTIONS.keys()]).toEqual(FAULT_KINDS.map(kebabCase));
});

it.each([...SECTIONS])(
  'the runbook says of %s what it means, what to do first and how to verify',
  (_kind, section) => {
    expect(section).toMatch(
      /\*\*What it means\.\*\* .+\*\*First\.\*\* .+\*\*To verify\.\*\* .+\*\*Made by\*\* /s,
    );
  },
);

it.each([...SECTIONS])('the runbook names for %s a test that makes it', (_kind, section) => {
  const [, made = ''] = section.split('**Made by** ');
  const [, file = ''] = /`([^`]+)`/.exec(made) ?? [];
  expect(existsSync(join(PROJECT, file))).toBe(true);
  const tests = words(readFileSync(join(PROJECT, file), 'utf8'));
  const quoted = [...words(made).matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
  expect(quoted).not.toEqual([]);
  expect(quoted.filter((name) => !tests.includes(name))).toEqual([]);
});

it('the runbook leads nowhere else than where there is something', () => {
  for (const [, anchor] of RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)) expect(SECTIONS.has(anchor!)).toBe(true);
  for (const [, file] of RUNBOOK.matchAll(/\]\(([a-z]+\.md)\)/g)) {
    expect(existsSync(join(PROJECT, 'docs', file!))).toBe(true);
  }
});
