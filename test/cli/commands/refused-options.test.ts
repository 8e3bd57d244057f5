import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';

import { createProgram } from '../../../cli/program';

/* What is refused before AWS is asked: without a network and credentials nothing else can be the answer. */
describe('the command line', () => {
  let folder: string;
  let errors: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'refused-'));
    errors = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  /** The message of commander, or of the command. */
  async function refusal(...args: readonly string[]): Promise<string> {
    const program = createProgram();
    const silence = (command: Command): void => {
      command.exitOverride();
      command.commands.forEach(silence);
    };
    silence(program);
    const where = ['--region', 'eu-west-1'];
    const error = await program
      .parseAsync([...args, ...(args.includes('--region') ? [] : where)], { from: 'user' })
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    return `${String(error)} ${errors}`;
  }

  it.each([
    ['adopt --users with no name', ['adopt', '--users', ''], 'It names nothing'],
    ['adopt --users with commas alone', ['adopt', '--users', ' , ,'], 'It names nothing'],
    ['adopt --verdict with none', ['adopt', '--verdict', ''], 'It names nothing'],
    ['adopt --write with a folder', ['adopt', '--write', '.', '--overwrite'], 'is a folder'],
    ['adopt --write in no folder', ['adopt', '--write', 'no/such.yaml'], 'There is no folder'],
    [
      'adopt --no-state after --state',
      ['adopt', '--state', 'x.tfstate', '--no-state'],
      '--no-state says that no other Terraform made the keys',
    ],
    [
      'adopt --state after --no-state',
      ['adopt', '--no-state', '--state', 'x.tfstate'],
      '--no-state says that no other Terraform made the keys',
    ],
    [
      'adopt --take-over without an answer',
      ['adopt', '--take-over', 'x.yaml'],
      'Does another Terraform have these keys',
    ],
    ['emergency of nobody', ['emergency'], 'Say in one way whose keys leaked'],
    ['emergency of all and of an owner', ['emergency', '--all', '--owner', 'a'], 'Say in one way whose keys'],
    [
      'emergency of one and of many',
      ['emergency', '--user', 'a', '--leaked', 'AKIAIOSFODNN7EXAMPLE', '--all'],
      'Say in one way whose keys leaked',
    ],
    [
      'emergency of many with one leaked key',
      ['emergency', '--users', 'a,b', '--leaked', 'AKIAIOSFODNN7EXAMPLE'],
      'Say in one way whose keys leaked',
    ],
    ['emergency of one without its key', ['emergency', '--user', 'a'], '--leaked is missing'],
    [
      'emergency of one key without its user',
      ['emergency', '--leaked', 'AKIAIOSFODNN7EXAMPLE'],
      '--user is missing',
    ],
    [
      'emergency of one with the options of many',
      ['emergency', '--user', 'a', '--leaked', 'AKIAIOSFODNN7EXAMPLE', '--yes', '--expect', '1', '--json'],
      'Only an emergency of many users (--all, --owner, --users) takes --yes, --expect, --json',
    ],
    ['emergency --yes without a number', ['emergency', '--all', '--yes'], '--yes without --expect'],
    ['emergency --expect without --yes', ['emergency', '--all', '--expect', '3'], '--expect without --yes'],
    ['emergency --expect half a user', ['emergency', '--all', '--expect', '1.5'], 'a whole number'],
    ['emergency --expect as a power', ['emergency', '--all', '--yes', '--expect', '1e3'], 'in digits alone'],
    [
      'emergency --expect less than none',
      ['emergency', '--all', '--yes', '--expect', '-1'],
      'from 0 to 999999',
    ],
    [
      'emergency --expect a million',
      ['emergency', '--all', '--yes', '--expect', '1000000'],
      'from 0 to 999999',
    ],
    [
      'emergency of a name without --user',
      ['emergency', 'ci-deployer'],
      "'ci-deployer' stands there without an option. Say in one way whose keys leaked",
    ],
    [
      'emergency of all, and of a name',
      ['emergency', '--all', 'ci-deployer'],
      "'ci-deployer' stands there without an option",
    ],
    ['emergency --owner of a variable that is not set', ['emergency', '--owner', ''], 'It is empty'],
    [
      'emergency --user of a variable that is not set',
      ['emergency', '--user', '', '--leaked', 'AKIAIOSFODNN7EXAMPLE'],
      'It is empty',
    ],
    ['drill --user of a variable that is not set', ['drill', 'leak', '--user', ' '], 'It is empty'],
    [
      'emergency --prefix of a variable that is not set',
      ['emergency', '--all', '--prefix', ''],
      'a prefix begins with a letter',
    ],
    ['status --prefix that no stack has', ['status', '--prefix', 'a b;c'], 'a prefix begins with a letter'],
    ['emergency --users with no name', ['emergency', '--users', ','], 'It names nothing'],
    ['emergency of 51 at a time', ['emergency', '--all', '--at-a-time', '51'], 'from 1 to 50'],
    ['report --days 0', ['report', '--days', '0'], 'from 1 to 90'],
    ['report --days 91', ['report', '--days', '91'], 'from 1 to 90'],
    [
      'report --since a day that no calendar has',
      ['report', '--since', '2026-02-31'],
      'a day of the calendar',
    ],
    [
      'report --until a moment of a day that no calendar has',
      ['report', '--until', '2026-02-31T10:00:00Z'],
      'a day of the calendar',
    ],
    [
      'report --since after --until',
      ['report', '--since', '2026-03-02', '--until', '2026-03-01'],
      'ends (2026-03-01T00:00:00.000Z) before it begins',
    ],
    ['report --html without a name', ['report', '--html', ''], 'is empty'],
    ['report --csv in no folder', ['report', '--csv', 'no/such.csv'], 'There is no folder'],
    ['report --csv with a folder', ['report', '--csv', '.', '--force'], 'is a folder'],
    ['report into one file', ['report', '--html', 'x.out', '--csv', './x.out'], 'two files'],
    ['policy for 11 digits', ['policy', 'status', '--account', '11112222333'], 'has 12 digits'],
    ['policy for all accounts', ['policy', 'status', '--account', '*'], 'has 12 digits'],
    ['policy for all secrets', ['policy', 'status', '--secret-prefix', 'a*b'], '3 to 100 letters'],
    ['policy with an alias', ['policy', 'status', '--kms-key', 'alias/x'], 'the ARN of a KMS key'],
    [
      'policy for all tables',
      ['policy', 'status', '--account', '111122223333', '--prefix', 'a*{b}'],
      'a prefix begins with a letter',
    ],
    [
      'policy for all regions',
      ['policy', 'status', '--account', '111122223333', '--region', '*'],
      'is no name of a region',
    ],
  ])('refuses %s', async (_, args, message) => {
    expect(await refusal(...args)).toContain(message);
  });
});
