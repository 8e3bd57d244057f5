import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

import { anchorsOf, linksOf } from './support/markdown';
import { PROJECT, repositoryFiles, textOf } from './support/repository';

/*
 * Code, tests and docs cite rules as `(R3)`, facts about AWS as `(F 1.15)`, and pages by their names. Whoever reads a
 * citation has to be able to look it up in this repository.
 */

const FILES = repositoryFiles();
const PAGES = FILES.filter((file) => file.endsWith('.md'));
/** Files whose words are ours. This one has to name what is not allowed. */
const OURS = FILES.filter(
  (file) => !/(^|\/)package-lock\.json$|\.snap$|\.png$/.test(file) && file !== 'test/docs/citations.test.ts',
);

interface Citation {
  readonly file: string;
  readonly cited: string;
}

const citationsIn = (files: readonly string[], pattern: RegExp): readonly Citation[] =>
  files.flatMap((file) => [...textOf(file).matchAll(pattern)].map(([, cited]) => ({ file, cited: cited! })));

const headingsOf = (page: string): ReadonlySet<string> =>
  new Set([...textOf(page).matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading!));

it('a rule that is cited has its paragraph in docs/design/rules.md', () => {
  const rules = headingsOf('docs/design/rules.md');
  const cited = citationsIn(OURS, /\b(R\d{1,2})\b/g);

  expect(cited.length).toBeGreaterThan(100);
  expect(cited.filter((citation) => !rules.has(citation.cited))).toEqual([]);
});

it('a fact that is cited has its paragraph in docs/design/aws-facts.md', () => {
  const facts = headingsOf('docs/design/aws-facts.md');
  const cited = citationsIn(OURS, /\bF (\d+\.\d+(?:(?:, | to | and )\d+\.\d+)*)/g).flatMap(
    ({ file, cited }) => cited.split(/, | to | and /).map((number) => ({ file, cited: `F ${number}` })),
  );

  expect(cited.length).toBeGreaterThan(60);
  expect(cited.filter((citation) => !facts.has(citation.cited))).toEqual([]);
});

it('a fact that a page of the design has a link to is the fact that the text names', () => {
  const links = [
    ...PAGES.map(textOf)
      .join('\n')
      .matchAll(/\[F (\d+)\.(\d+)\]\([^)#]*#f-(\d+)\)/g),
  ];

  expect(links).not.toEqual([]);
  expect(links.filter(([, chapter, number, anchor]) => `${chapter!}${number!}` !== anchor)).toEqual([]);
});

it('a page that is cited by its path is in the repository', () => {
  const cited = citationsIn(OURS, /(?<![\w/.-])(docs\/[\w/-]+\.(?:md|json|svg|ts))\b/g);

  expect(cited.length).toBeGreaterThan(40);
  expect(cited.filter(({ cited }) => !existsSync(join(PROJECT, cited)))).toEqual([]);
});

it('a test that a page names by its path is in the repository', () => {
  const cited = citationsIn(PAGES, /(?<![\w/.-])(test\/[\w./-]+\.test\.ts)\b/g);

  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ cited }) => !existsSync(join(PROJECT, cited)))).toEqual([]);
});

it('a page that is cited by its name is in the repository', () => {
  const names = new Set(PAGES.map((page) => basename(page)));
  const code = OURS.filter((file) => /\.(ts|js|mjs|yaml)$/.test(file));
  const cited = citationsIn(code, /(?<![\w/.*-])([A-Za-z][\w-]*\.md)\b/g);

  expect(cited).not.toEqual([]);
  expect(cited.filter(({ cited }) => !names.has(cited))).toEqual([]);
});

it('nothing cites a plan, an issue or a review that readers of this repository do not have', () => {
  const elsewhere =
    /(\bDESIGN(?:\.md)? \d|\baws-facts \d|\b[Ii]ssue \d+\b|\barchitecture[- ]review\b|\breference: [\w-]+\.md)/g;

  expect(citationsIn(OURS, elsewhere)).toEqual([]);
});

const sections = textOf('docs/design/rules.md')
  .split(/^## /m)
  .slice(1)
  .map((section) => [section.split('\n')[0]!, section] as const);

it('docs/design/rules.md has the rules in their order, without a gap', () => {
  expect(sections.map(([rule]) => rule)).toEqual(sections.map((_, index) => `R${index + 1}`));
});

it.each(sections)(
  'docs/design/rules.md names for %s tests that name it, or says that it is not yet built',
  (rule, section) => {
    if (section.includes('_Not yet built._')) return;
    const tests = [...section.split('Tests: ')[1]!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);

    expect(tests).not.toEqual([]);
    expect(tests.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
    const naming = tests.filter((file) => citedRules(textOf(file)).has(rule));
    expect(naming).toEqual(tests);
  },
);

/** `R1 to R8` names R5, too. */
function citedRules(text: string): ReadonlySet<string> {
  const single = [...text.matchAll(/\bR\d+\b/g)].map(([rule]) => rule);
  const ranges = [...text.matchAll(/\bR(\d+) to R(\d+)\b/g)].flatMap(([, from, to]) =>
    Array.from({ length: Number(to) - Number(from) }, (_, index) => `R${Number(from) + index}`),
  );
  return new Set([...single, ...ranges]);
}

const architecture = textOf('ARCHITECTURE.md');

it('ARCHITECTURE.md fits on one page of at most 200 lines', () => {
  expect(architecture.split('\n').length).toBeLessThanOrEqual(200);
});

it('ARCHITECTURE.md names files and folders that there are', () => {
  const named = [...architecture.matchAll(/`([\w.-]+(?:\/[\w.-]*)+)`/g)].map(([, path]) => path!);

  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !FILES.some((file) => file === path || file.startsWith(path)))).toEqual([]);
});

it('ARCHITECTURE.md has a paragraph for every room', () => {
  const folders = new Set(FILES.filter((file) => /\.(ts|md)$/.test(file)).map((file) => file.split('/')));
  const rooms = new Set([...folders].filter((parts) => parts.length > 1).map(([room]) => room!));
  for (const folder of ['examples', '.github']) rooms.delete(folder);

  expect([...rooms].filter((room) => !architecture.includes(`\`${room}/`))).toEqual([]);
});
const readme = textOf('README.md');

it('README.md is short enough to be read: 10 kB, and no line over 200 characters', () => {
  expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10_000);
  expect(readme.split('\n').filter((line) => line.length > 200)).toEqual([]);
});
it.each(PAGES)('every link of %s leads to a file, and to a heading of it', (page) => {
  const lost = linksOf(textOf(page)).filter(({ file, anchor }) => {
    const target = file === '' ? page : normalize(join(dirname(page), file));
    if (!existsSync(join(PROJECT, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(textOf(target)).has(anchor);
  });

  expect(lost).toEqual([]);
});
