import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Configuration } from '../../../../modules/config/configuration';
import { loadConfiguration } from '../../../../modules/config/load-configuration';
import { ConfigurationError } from '../../../../modules/config/problem';

const STACK = `
    accountId: '111122223333'
    region: eu-west-1
`;
/** A file whose users are in the files of the teams. */
const TEAMS = `stacks:\n  production:${STACK}    include: [teams/*.yaml]\n`;

let folder: string;
const cwd = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'include-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};
const refusal = (file = 'rotation.yaml'): string => {
  try {
    loadConfiguration(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replace(/^.*\n\n/, '');
    throw error;
  }
  throw new Error('The configuration was accepted.');
};
const usersOf = ({ stacks }: Configuration): string[] =>
  stacks.flatMap(({ name, users }) => users.map(({ key }) => `${name}/${key}`));

it('a configuration in several files has the users of a stack from the files of the teams, after its own, in the order of the names', () => {
  write({
    'rotation.yaml': `stacks:\n  production:${STACK}    users: { own: {} }\n    include: [teams/*.yaml]\n`,
    'teams/b.yaml': 'users: { mailer: { overlap: 12h } }',
    'teams/a.yaml': 'users: { payments: {}, ledger: {} }',
    'teams/.draft.yaml': 'users: { hidden: {} }',
    'teams/notes.txt': 'no part',
  });

  const configuration = loadConfiguration('rotation.yaml');

  expect(usersOf(configuration)).toEqual([
    'production/own',
    'production/payments',
    'production/ledger',
    'production/mailer',
  ]);
  expect(configuration.stacks[0]?.users.at(-1)?.overlapSeconds).toBe(12 * 3600);
});

it('a configuration in several files has stacks from files, which include users from where they stand themselves', () => {
  write({
    'rotation.yaml': 'defaults: { overlap: 12h }\ninclude: [accounts/*/stack.yml]\n',
    'accounts/one/stack.yml': `stacks:\n  one:${STACK}    include: [users.yaml]\n`,
    'accounts/one/users.yaml': 'users: { ci: {} }',
    'accounts/two/stack.yml': `stacks:\n  two:${STACK}    prefix: two\n    users: { backup: {} }\n`,
  });

  const configuration = loadConfiguration('rotation.yaml');

  expect(usersOf(configuration)).toEqual(['one/ci', 'two/backup']);
  expect(configuration.stacks[0]?.users[0]?.overlapSeconds).toBe(12 * 3600);
});

it('a configuration in several files is the same from any directory', () => {
  write({
    'rotation.yaml': TEAMS,
    'teams/a.yaml': 'users: { payments: {} }',
  });
  const here = loadConfiguration('rotation.yaml');
  process.chdir(join(folder, 'teams'));

  expect(loadConfiguration('../rotation.yaml').stacks).toEqual(here.stacks);
  expect(loadConfiguration(join(folder, 'rotation.yaml')).stacks).toEqual(here.stacks);
});

it('a configuration in several files says of every mistake in which file and line it is, file by file', () => {
  write({
    'rotation.yaml': `stacks:\n  production:${STACK}    protection: maybe\n    include: [teams/*.yaml]\n`,
    'teams/a.yaml': 'users:\n  payments:\n    overlap: 12\n',
    'teams/b.yaml': 'users:\n  mailer:\n    readers: [arn:aws:iam::999999999999:root]\n  ci: {',
  });

  const said = refusal();

  expect(said.split('\n').filter((line) => /^\S/.test(line))).toEqual([
    'rotation.yaml:5:5 stacks.production.protection',
    'teams/a.yaml:3:5 stacks.production.users.payments.overlap',
    'teams/b.yaml:4:8',
  ]);
  expect(said).toContain("found  'maybe'");
  expect(said).toContain('found  12 (a number, as it has no quotes)');
});

it('a configuration in several files holds the rules between files, too', () => {
  write({
    'rotation.yaml': TEAMS,
    'teams/a.yaml': 'users:\n  one: { userName: mailer }\n',
    'teams/b.yaml': 'users:\n  two: { userName: Mailer }\n',
  });

  expect(refusal()).toBe(`teams/b.yaml:2:10 stacks.production.users.two.userName
  found  the IAM user 'Mailer'
  rule   an IAM user is rotated in one place only, and stacks.production.users.one is the same user of account 111122223333
  write  only one of the two entries`);
});

it('a configuration in several files refuses a user that stands in two files, and says where the other one is', () => {
  write({
    'rotation.yaml': `stacks:\n  production:${STACK}    users:\n      ci: {}\n    include: [teams/*.yaml]\n`,
    'teams/a.yaml': 'users:\n  ci: {}\n  payments: {}\n',
    'teams/b.yaml': 'users:\n  payments: {}\n',
  });

  expect(refusal()).toBe(`teams/a.yaml:2:3 stacks.production.users.ci
  found  a second entry of this key
  rule   a key stands only once in a map, whatever files the map is in, and rotation.yaml:6 has it already
  write  one of the two entries, or another name for one of them

teams/b.yaml:2:3 stacks.production.users.payments
  found  a second entry of this key
  rule   a key stands only once in a map, whatever files the map is in, and teams/a.yaml:3 has it already
  write  one of the two entries, or another name for one of them`);
});

it('a configuration in several files takes a file that two patterns match once', () => {
  write({
    'rotation.yaml': `stacks:\n  production:${STACK}    include: [teams/a.yaml, ./teams/*.yaml]\n`,
    'teams/a.yaml': 'users: { payments: {} }',
  });

  expect(usersOf(loadConfiguration('rotation.yaml'))).toEqual(['production/payments']);
});

it('a configuration in several files refuses a part that is not there, and says nothing else', () => {
  write({ 'rotation.yaml': 'include: [accounts/*.yaml]\n' });

  expect(refusal()).toBe(`rotation.yaml:1:11 include[0]
  found  'accounts/*.yaml', which no file matches
  rule   what is included is there: a part that is missing would look like the removal of all that stands in it
  write  the path of a file, seen from the folder of this one, or nothing`);
});

it('a configuration in several files refuses a file that includes itself, or a part that includes others', () => {
  write({ 'rotation.yaml': `include: ['*.yaml']\nstacks:\n  production:${STACK}    users: {}\n` });
  expect(refusal()).toContain("found  '*.yaml', which this file itself matches");

  write({
    'rotation.yaml': 'include: [a/one.yaml]\n',
    'a/one.yaml': `include: [two.yaml]\nstacks:\n  production:${STACK}    users: {}\n`,
    'a/two.yaml': `include: [one.yaml]\nstacks: {}\n`,
  });
  expect(refusal()).toBe(`a/one.yaml:1:1 include
  found  the key 'include'
  rule   a file that is included here is a map with the key stacks alone; it includes no others
  write  nothing but stacks`);
});

it.each(['/etc/teams.yaml', '../teams.yaml', 'teams/../../teams.yaml', 'teams.json'])(
  'a configuration in several files refuses the path %s',
  (path) => {
    write({ 'rotation.yaml': `stacks:\n  production:${STACK}    include: ['${path}']\n` });

    const said = refusal();
    expect(said.match(/found/g)).toHaveLength(1);
    expect(said).toContain(`found  '${path}'`);
    expect(said).toContain("a part is named by a path from this file's folder, further down");
  },
);

it('a configuration in several files refuses a link that leads out of its folder', () => {
  write({
    'outside.yaml': 'users: { secret: {} }',
    'project/rotation.yaml': TEAMS,
    'project/teams/inside.yaml': 'users: { ci: {} }',
  });
  symlinkSync(join(folder, 'outside.yaml'), join(folder, 'project/teams/link.yaml'));

  expect(refusal('project/rotation.yaml')).toContain(
    "found  project/teams/link.yaml, a link that leads out of the configuration's folder",
  );
});

it('a configuration in several files refuses a link that leads nowhere', () => {
  write({
    'rotation.yaml': TEAMS,
    'teams/a.yaml': 'users: { ci: {} }',
  });
  symlinkSync(join(folder, 'gone.yaml'), join(folder, 'teams/b.yaml'));

  expect(refusal()).toContain('found  teams/b.yaml, which cannot be read (no such file)');
});

it.each([
  ['', 'an empty file'],
  ['- ci', 'a list of 1 entry'],
  ['{}', 'nothing'],
  ['users: [ci]', 'a list of 1 entry'],
])('a configuration in several files refuses a part that says %j', (text, found) => {
  write({
    'rotation.yaml': `stacks:\n  production:${STACK}    include: [a.yaml]\n`,
    'a.yaml': text,
  });

  expect(refusal()).toContain(`found  ${found}`);
});

it('a configuration in several files is refused with place and remedy where a link leads to itself, or a name is too long', () => {
  write({ 'rotation.yaml': 'include: [loop.yaml]\n' });
  symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
  expect(refusal()).toContain("found  'loop.yaml', which cannot be read (links that lead to one another)");

  const name = `${'x'.repeat(300)}.yaml`;
  write({ 'rotation.yaml': `include: [${name}]\n` });
  expect(refusal()).toContain('which cannot be read (ENAMETOOLONG)');
});

it('a configuration in several files is read at once, however many stars a pattern has', () => {
  write({
    'rotation.yaml': `include: ['${'*a'.repeat(30)}*.yaml']\n`,
    [`${'a'.repeat(200)}.txt`]: '',
    [`${'a'.repeat(40)}.yaml`]: `stacks:\n  production:${STACK}    users: { ci: {} }\n`,
  });
  expect(usersOf(loadConfiguration('rotation.yaml'))).toEqual(['production/ci']);
});

it('a configuration in several files blames an include at the top that is refused, and not that there is no stack', () => {
  write({ 'rotation.yaml': 'include: [../x.yaml]\n' });
  expect(refusal()).not.toContain('stacks has at least one stack');
});
