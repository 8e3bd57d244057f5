import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createProgram } from '../../../cli/program';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Operator } from './support/operator';

const SECRET = ['--secret-id', 'iam-key-rotation/ci-deployer'];

/**
 * What changes keys: killed.test.ts kills these at each call. `verify-account` has users of its own, and tests of its own; what
 * `acknowledge` writes is tested, and killed, in test/further/cli/acknowledge.test.ts. `drill` changes a key by the one event that it
 * puts: test/further/leak/leak-drill.test.ts.
 */
const CHANGES_KEYS = ['rotate', 'rollback', 'emergency', 'drill', 'acknowledge', 'verify-account'];

/** By command: how it is run, in a folder of its own. */
type Ways = Readonly<
  Record<string, readonly ((at: (name: string) => string, stack: string) => readonly string[])[]>
>;

const CALLS_AWS: Ways = {
  status: [() => [], () => ['ci-deployer'], () => ['--quick', '--json']],
  'who-uses': [() => ['ci-deployer', '--days', '2']],
  doctor: [(_, stack) => [stack], (_, stack) => [stack, '--before-apply']],
  report: [(at) => ['--html', at('report.html'), '--csv', at('report.csv')]],
  init: [
    (at) => ['--yes', '--file', at('rotation.yaml'), '--emails', 'a@example.com', '--users', 'ci-deployer'],
  ],
  adopt: [
    () => ['--trail'],
    (at) => ['--users', 'legacy', '--import', '--no-state', '--write', at('users.yaml')],
    (at) => ['--take-over', at('rotated.yaml'), '--no-state'],
  ],
  'import-blocks': [(_, stack) => [stack]],
  credentials: [() => SECRET],
  sync: [(at) => [...SECRET, '--write-profile', 'app', '--file', at('credentials')]],
  exec: [() => [...SECRET, '--', 'echo', 'done']],
  policy: [() => ['status']],
};

const CALLS_NOBODY: Ways = {
  'check-plan': [(at) => [at('plan.json')]],
  'stale-functions': [(at) => [at('plan.json')]],
  completion: [() => ['bash']],
};

/** Actions that change nothing, by the words with which AWS begins their names, and one that has AWS write a list of users. */
const READS =
  /^\w+:((Get|List|Describe|Lookup|Filter|Simulate)[A-Z]|Scan$|Query$|BatchGetItem$|GenerateCredentialReport$|GET \/)/;

const KILLER = join(__dirname, 'support', 'kill-while-writing.cjs');
const OLD = 'of before\n';

/** As `terraform show -json` prints it. */
const EMPTY_PLAN = {
  ...{ format_version: '1.2', terraform_version: '1.11.4', errored: false, complete: true },
  ...{ planned_values: { root_module: {} }, configuration: { root_module: {} }, resource_changes: [] },
};

interface Writing {
  readonly args: (at: (name: string) => string, stack: string) => readonly string[];
  /** What is there before, by name. */
  readonly before?: Readonly<Record<string, string>>;
  /** What a whole file is like, by name. */
  readonly whole: Readonly<Record<string, RegExp>>;
  /** That it goes on where a killed one had made a file. @default false */
  readonly replaces?: boolean;
}

const USERS_FILE = /^# [^]*\nusers:\n[^]* {2}legacy:\n {4}import: true[^]*\n$/;
const PAGE = /^<!doctype html>[^]*<\/html>\s*$/;
const CSV = /^"section"[^]*\r\n"unseen","[^\r]*\r\n$/;

const WRITES: Readonly<Record<string, Writing>> = {
  init: {
    args: (at) => ['init', ...CALLS_AWS['init']![0]!(at, '')],
    whole: { 'rotation.yaml': /^[^]*\n {10}ci-deployer:[^]*\n$|ci-deployer[^]*\n$/ },
  },
  'adopt --write': {
    args: (at) => ['adopt', ...CALLS_AWS['adopt']![1]!(at, '')],
    whole: { 'users.yaml': USERS_FILE },
  },
  'adopt --write --overwrite': {
    args: (at) => ['adopt', ...CALLS_AWS['adopt']![1]!(at, ''), '--overwrite'],
    before: { 'users.yaml': OLD },
    whole: { 'users.yaml': USERS_FILE },
    replaces: true,
  },
  'adopt --take-over': {
    args: (at) => ['adopt', ...CALLS_AWS['adopt']![2]!(at, '')],
    before: { 'rotated.yaml': 'users:\n  mailer: {}\n' },
    whole: { 'rotated.yaml': /takeOver:[^]*AKIA\w+[^]*\n$/ },
    replaces: true,
  },
  report: {
    args: (at) => ['report', ...CALLS_AWS['report']![0]!(at, '')],
    whole: { 'report.html': PAGE, 'report.csv': CSV },
  },
  'report --force': {
    args: (at) => ['report', '--force', ...CALLS_AWS['report']![0]!(at, '')],
    before: { 'report.html': OLD, 'report.csv': OLD },
    whole: { 'report.html': PAGE, 'report.csv': CSV },
    replaces: true,
  },
  sync: {
    args: (at) => ['sync', ...CALLS_AWS['sync']![0]!(at, '')],
    before: { credentials: '[other]\nregion = eu-west-1\n' },
    whole: { credentials: /^\[other\]\nregion = eu-west-1\n[^]*\[app\][^]*aws_secret_access_key = \S{40}\n/ },
    replaces: true,
  },
};

describeWithTools('a command that changes no keys', () => {
  let stage: Stage;
  let operator: Operator;
  let folder: string;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(aStack([aUser('ci-deployer', { owner: 'platform' }), aUser('mailer')]));
    await stage.rotateAway('ci-deployer');
    await stage.account.createUser('legacy', '/');
    await stage.account.createKey('legacy');
    await stage.account.createKey('mailer');
    operator = await Operator.in(stage.aws);
  });
  afterAll(() => stage.close());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'changes-no-keys-'));
    writeFileSync(at('plan.json'), JSON.stringify(EMPTY_PLAN));
    writeFileSync(at('rotated.yaml'), 'users:\n  mailer: {}\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is each that the program has, but for those that are killed at each of their calls', () => {
    const names = createProgram().commands.map((command) => command.name());
    expect([...names].sort()).toEqual(
      [...CHANGES_KEYS, ...Object.keys(CALLS_AWS), ...Object.keys(CALLS_NOBODY)].sort(),
    );
  });

  it.each(
    Object.entries({ ...CALLS_AWS, ...CALLS_NOBODY }).flatMap(([name, ways]) =>
      ways.map((way, index) => ({ name, way, index })),
    ),
  )('calls nothing in AWS that changes anything: $name, way $index', async ({ name, way }) => {
    const { exitCode, stderr, calls } = await operator.run(name, ...way(at, stage.stack.directory));

    // 1: something needs attention. 2: something could not be looked at.
    const ends = name === 'doctor' ? [0, 1, 2] : name === 'status' ? [0, 1] : [0];
    if (!ends.includes(exitCode ?? -1)) throw new Error(`${exitCode}: ${stderr}`);
    expect(calls.length > 0).toBe(name in CALLS_AWS);
    const actions = new Set(calls.map(({ service, action }) => `${service}:${action}`));
    expect([...actions].filter((action) => !READS.test(action))).toEqual([]);
  });

  it.each(Object.entries(WRITES))(
    'leaves of each file what was there, or all that is to be there, whenever it is killed: %s',
    async (_, { args, before = {}, whole, replaces = false }) => {
      const files = Object.keys(whole);
      const read = (file: string): string | undefined =>
        existsSync(at(file)) ? readFileSync(at(file), 'utf8') : undefined;
      const isWhole = (file: string): boolean => whole[file]!.test(read(file) ?? '');
      let kills = 0;
      for (let nth = 1; nth < 50; nth += 1) {
        rmSync(folder, { recursive: true });
        folder = mkdtempSync(join(tmpdir(), 'changes-no-keys-'));
        for (const [file, text] of Object.entries(before)) writeFileSync(at(file), text);
        const command = args(at, stage.stack.directory);

        const killed = await operator.runWith(
          { NODE_OPTIONS: `--require ${KILLER}`, KILL_IN: folder, KILL_AT: String(nth) },
          ...command,
        );

        for (const file of files)
          if (read(file) !== before[file] && !isWhole(file))
            throw new Error(`Killed at change ${nth}, ${file} is neither old nor whole: ${read(file)}`);
        if (killed.exitCode !== null) {
          expect(killed).toMatchObject({ exitCode: 0 });
          expect(files.filter((file) => !isWhole(file))).toEqual([]);
          // A draft is made, filled in and given its name at least.
          expect(kills).toBeGreaterThanOrEqual(3 * files.length);
          return;
        }
        kills += 1;
        const isThere = files.some((file) => read(file) !== before[file]);
        const again = await operator.run(...command);
        if (isThere && !replaces) {
          expect(again).toMatchObject({
            exitCode: 1,
            stderr: expect.stringContaining('is there already') as string,
          });
        } else {
          expect(again).toMatchObject({ exitCode: 0 });
          expect(files.filter((file) => !isWhole(file))).toEqual([]);
        }
      }
      throw new Error('There was no end.');
    },
  );
});
