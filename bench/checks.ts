import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { missingTools } from '../sandbox/missing-tools';
import { simulate } from '../test/simulation/in-own-process';
import { defineBenchmark, rounded, type Part } from './support/benchmark';
import { measuredCommand, type CommandRun } from './support/measured-command';

interface CheckRun extends CommandRun {
  readonly command: string;
  /** How many commands of Terraform it ran. */
  readonly terraformCommands: number;
}

interface CheckFigures {
  readonly checks: readonly CheckRun[];
}

interface TestFigures extends CheckFigures {
  readonly simulation: {
    readonly histories: number;
    readonly calls: number;
    readonly seconds: number;
  };
}

const PROJECT = join(__dirname, '..');

const SCRIPT = '.ci/run';

const HISTORIES = 2_000;

/** Of the histories, so that they are the same ones each time. */
const SEED = 20260105;

/**
 * @param script the text of `.ci/run`
 * @returns its commands, and what it sets for them.
 */
export function checksOf(script: string): { readonly setting: string; readonly commands: readonly string[] } {
  const lines = script.split('\n').filter((line) => !/^(#.*|set .*|cd .*)?$/.test(line));
  const [setting, ...commands] = lines;
  if (setting?.startsWith('export ') !== true || !commands.every((line) => line.startsWith('npm ')))
    throw new Error(
      `${SCRIPT} is expected to have a line with export, then lines with npm, and nothing else.`,
    );
  return { setting, commands };
}

/** A `terraform` that writes a line into a file, and then is the one that is installed. */
function countTerraform(folder: string): { readonly path: string; count(): number } {
  const terraform = execFileSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim();
  const [path, file] = [join(folder, 'bin'), join(folder, 'terraform-commands')];
  mkdirSync(path);
  writeFileSync(file, '');
  writeFileSync(join(path, 'terraform'), `#!/bin/sh\necho . >> '${file}'\nexec '${terraform}' "$@"\n`);
  chmodSync(join(path, 'terraform'), 0o755);
  return { path, count: () => readFileSync(file, 'utf8').split('\n').length - 1 };
}

const onOutput = (text: string): void => void process.stderr.write(text);

/** @param upTo the last command; all without it */
async function measureChecks(upTo?: string): Promise<readonly CheckRun[]> {
  const missing = missingTools();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const temporary = mkdtempSync(join(tmpdir(), 'bench-checks-'));
  try {
    const folder = join(temporary, 'clone');
    execFileSync('git', ['clone', '--quiet', PROJECT, folder]);
    const terraform = countTerraform(temporary);
    const env = { ...process.env, PATH: `${terraform.path}${delimiter}${process.env['PATH'] ?? ''}` };
    const { setting, commands } = checksOf(readFileSync(join(folder, SCRIPT), 'utf8'));
    const checks: CheckRun[] = [];
    for (const command of commands.slice(0, 1 + commands.lastIndexOf(upTo ?? commands.at(-1)!))) {
      const before = terraform.count();
      const run = await measuredCommand(`${setting}; ${command}`, { folder, env, onOutput });
      checks.push({ command, ...run, terraformCommands: terraform.count() - before });
      console.error(`${command}: ${run.seconds} s`);
    }
    return checks;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

async function measureSimulation(): Promise<TestFigures['simulation']> {
  const printed = await simulate('--runs', String(HISTORIES), '--seed', String(SEED));
  const told = /^simulation: (\d+) random histories .*, (\d+) calls in ([\d.]+) s/m.exec(printed);
  if (told === null) throw new Error(`The simulation did not say how long it took: ${printed}`);
  const [histories = NaN, calls = NaN, seconds = NaN] = told.slice(1).map(Number);
  return { histories, calls, seconds };
}

const sumOf = (checks: readonly CheckRun[], of: (run: CheckRun) => number): number =>
  checks.reduce((sum, run) => sum + of(run), 0);

const minutes = (seconds: number): number => rounded(seconds / 60, 1);

const WHY_SO_LONG =
  'A command of Terraform takes 6 to 7 seconds of CPU before it does anything: it hashes the AWS provider, 700 MB, and starts it three times. ' +
  'Providers that stay between commands (TF_REATTACH_PROVIDERS) would save 40 % of that; they were tried, and refused: users have none, and ' +
  'two configurations of the provider would be in one process. More memory for its garbage (GOGC) saves nothing. More processors would keep the limit, or fewer checks.';

const TEST = 'npm test';

function testRun({ checks }: CheckFigures): CheckRun {
  const found = checks.find(({ command }) => command === TEST);
  if (found === undefined) throw new Error(`${SCRIPT} does not run ${TEST}.`);
  return found;
}

function commandsTable(checks: readonly CheckRun[]): Part {
  const row = (what: string, runs: readonly CheckRun[]): readonly (string | number)[] => [
    what,
    minutes(sumOf(runs, ({ seconds }) => seconds)),
    rounded(sumOf(runs, ({ cpuSeconds }) => cpuSeconds)),
    sumOf(runs, ({ terraformCommands }) => terraformCommands),
  ];
  return {
    rows: [
      ['command', 'minutes', 'seconds of CPU', 'commands of Terraform'],
      ...checks.map((run) => row(`\`${run.command}\``, [run])),
      row('all', checks),
    ],
  };
}

const MEASURED = 'In a fresh clone of the last commit. CPU is that of all processes.';
const NEEDS = 'needs what the end-to-end tests need';

export const tests = defineBenchmark<TestFigures>({
  name: 'tests',
  title: 'The tests themselves',
  measures: `What whoever changes this product waits for before each commit, and how many histories its simulation runs in a second. ${MEASURED}`,
  byName: `it takes a quarter of an hour, and ${NEEDS}`,
  limits: [
    {
      what: `minutes of \`${TEST}\``,
      atMost: 6,
      why: 'Who has to wait for longer does something else meanwhile.',
      found: (found) => minutes(testRun(found).seconds),
      missed:
        'Two processors are busy all the time, with the tests of some 400 files and the commands of Terraform that the main way of the ' +
        'product needs. Fewer of those would keep it; they stay, because a change that breaks the main way should be seen before it is committed.',
    },
  ],
  measure: async () => ({ simulation: await measureSimulation(), checks: await measureChecks(TEST) }),
  show: ({ checks: all, simulation }) => [
    commandsTable(all),
    {
      text:
        `The simulation runs ${rounded(simulation.histories / simulation.seconds).toLocaleString('en-US')} random histories in a second, ` +
        `${rounded(simulation.calls / simulation.seconds).toLocaleString('en-US')} calls, each with every rule checked after it. What was tried:`,
    },
    { rows: [['what', 'what it gave', 'done'], ...TRIED] },
  ],
});

export const checks = defineBenchmark<CheckFigures>({
  name: 'checks',
  title: 'All that proves a change',
  measures: `\`${SCRIPT}\`, command by command. ${MEASURED} The workflow has the commands as jobs beside one another, and waits for the longest alone.`,
  byName: `it takes most of an hour, and ${NEEDS}`,
  limits: [
    {
      what: `minutes of \`${SCRIPT}\`, on one machine`,
      atMost: 15,
      why: 'A change should be proved before its author has forgotten it.',
      found: ({ checks: all }) => minutes(sumOf(all, ({ seconds }) => seconds)),
      missed: WHY_SO_LONG,
    },
  ],
  measure: async () => ({ checks: await measureChecks() }),
  show: ({ checks: all }) => [commandsTable(all)],
});

const TRIED: readonly (readonly string[])[] = [
  [
    'the simulation in a process of its own: Jest looks each global name up through its sandbox',
    'the same histories in a seventh of the time',
    'yes',
  ],
  [
    'as one file by esbuild: tsx gives each function its name anew every time that it is made',
    'a fifth',
    'yes',
  ],
  [
    'a tick between two steps, no turn of the event loop, which asks the operating system for news',
    '12 % of CPU; but a promise that is rejected and caught too late, which ends a process, would not be seen',
    'no',
  ],
  ['each mutant tried on the history that shows it, not on random ones', 'ten minutes to three', 'yes'],
  [
    'typed lint rules and types by Oxlint, on TypeScript’s native compiler; a test compares the list of rules with that of typescript-eslint',
    'lint and types 220 to 37 s',
    'yes',
  ],
  ['unit tests beside end-to-end tests, which wait for AWS’s own delays', '`npm test` 715 to 495 s', 'yes'],
  ['stack traces of CDKTF’s tokens left out in tests', 'a test that synthesizes 13 to 4.5 s of CPU', 'yes'],
  ['the life of a stack among the proofs', '340 s of CPU less in `npm test`', 'yes'],
  ['the garbage of Terraform collected less often (`GOGC=400`, `off`)', 'nothing; a quarter more', 'no'],
  ['more memory for new objects of the simulation (`--max-semi-space-size`)', 'nothing', 'no'],
];
