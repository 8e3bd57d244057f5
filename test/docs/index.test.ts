import { dirname, join, normalize } from 'node:path';

import { linksOf } from './support/markdown';
import { repositoryFiles, textOf } from './support/repository';

const INDEX = 'docs/README.md';
const ENTRIES = textOf(INDEX)
  .split('\n')
  .filter((line) => line.startsWith('- '));
const PAGES = repositoryFiles().filter((file) => /^docs\/.*\.md$/.test(file) && file !== INDEX);

const targetOf = (entry: string): string | undefined =>
  linksOf(entry).map(({ file }) => normalize(join(dirname(INDEX), file)))[0];

it.each(PAGES)('docs/README.md has %s', (page) => {
  expect(ENTRIES.filter((entry) => targetOf(entry) === page)).toHaveLength(1);
});

it('docs/README.md says in one line for each page what is on it', () => {
  for (const entry of ENTRIES) expect(entry).toMatch(/^- \[[^\]]+\]\([^)]+\): .{10,}\.$/);
});

it('docs/README.md is what README.md sends its readers to', () => {
  expect(linksOf(textOf('README.md')).map(({ file }) => file)).toContain(INDEX);
});
