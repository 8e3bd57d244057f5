import lock from '../../package-lock.json';
import { licenceProblems, type LockedPackages } from '../../release/licences';

it('every package that package-lock.json names has a licence that somebody has looked at', () => {
  expect(licenceProblems(lock.packages)).toEqual([]);
});

const problemsOf = (packages: LockedPackages, bundled: readonly string[] = []) =>
  licenceProblems({ '': { version: '1.0.0' }, ...packages }, bundled);

it.each([
  ['MIT', { license: 'MIT' }],
  ['a choice, one of which is MIT', { license: '(MIT OR GPL-3.0-or-later)' }],
  ['two that ask for a notice', { license: 'Apache-2.0 AND MIT' }],
  ['none in the lock file, in the archive of another', { inBundle: true, dev: true }],
])('a package under %s is admitted', (_what, locked) => {
  expect(problemsOf({ 'node_modules/a': locked })).toEqual([]);
});

it.each([
  ['GPL', { license: 'GPL-3.0-only', dev: true }, 'nobody has admitted for a tool'],
  ['a copyleft and MIT together', { license: 'MIT AND GPL-3.0-only', dev: true }, 'GPL-3.0-only'],
  ['none', { dev: true }, 'no licence'],
  ['MPL, that is no tool', { license: 'MPL-2.0' }, 'which nothing that is published may have'],
])('a package under %s is refused by name', (_what, locked, why) => {
  const [problem = ''] = problemsOf({ 'node_modules/@x/a': { version: '1.2.3', ...locked } });

  expect(problem).toMatch(/^@x\/a 1\.2\.3 has the licence /);
  expect(problem).toContain(why);
});

it('a tool whose code would be part of a bundle is refused', () => {
  const tool = { 'node_modules/@cloud-copilot/iam-simulate': { license: 'AGPL-3.0-or-later', dev: true } };

  expect(problemsOf(tool)).toEqual([]);
  expect(problemsOf(tool, Object.keys(tool))).toHaveLength(1);
});
