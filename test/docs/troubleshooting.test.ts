import { repositoryFiles, textOf } from './support/repository';

const PAGE = textOf('docs/troubleshooting.md');
/** What the last section lists is said by Terraform and AWS. */
const [OURS] = PAGE.split('## What Terraform and AWS say\n\n') as [string];

/** Where texts for people are. */
const SOURCES =
  /^(bin|cli|client|handlers|modules|release\/terraform|examples\/pipelines)\/.*\.(ts|cjs|tf|sh)$/;

/** Texts that stand in several lines, joined as they are when they are printed. */
const SAID = repositoryFiles()
  .filter((file) => SOURCES.test(file))
  .map((file) => textOf(file).replaceAll(/['"`]\s*\+\s*['"`]/g, ''))
  .join('\n')
  .replaceAll("\\'", "'");

const QUOTED = [...OURS.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, text]) => text!);

const escaped = (part: string): string => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

it('docs/troubleshooting.md has texts of every part of the product', () => {
  expect(QUOTED.length).toBeGreaterThan(50);
  expect([...new Set(QUOTED)]).toEqual(QUOTED);
});

it.each(QUOTED)('docs/troubleshooting.md quotes a text that is printed: %s', (quoted) => {
  const parts = quoted.split('…').map((part) => part.trim());
  const inOrder = parts.map((part) => escaped(part)).join('[^]{0,200}?');

  // The longest part is one that somebody can search for.
  expect(Math.max(...parts.map((part) => part.length))).toBeGreaterThanOrEqual(12);
  expect(new RegExp(inOrder).test(SAID)).toBe(true);
});
