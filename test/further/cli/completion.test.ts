import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CLI_COMMAND } from '../../support/product';
import { until } from '../../support/until';

/* In real shells, which are given a terminal by script(1) of util-linux. What is not installed is not tried, but bash. */

const isThere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  mkdirSync(join(folder, 'a folder'));
  writeFileSync(join(folder, 'plan.json'), '');
  const [command, ...args] = CLI_COMMAND;
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(folder, `script.${shell}`), execFileSync(command, [...args, 'completion', shell]));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the shell has on its screen after somebody typed a line and pressed TAB, when all that is expected is there. */
async function typed(
  shell: string,
  setUp: string,
  { line, expected }: { readonly line: string; readonly expected: readonly string[] },
): Promise<string> {
  const terminal = spawn('script', ['-qec', shell, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', PS1: '> ' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const onScreen = (): string => screen;
  try {
    terminal.stdin.write(`${setUp}; echo rea''dy\n`);
    await until(() => screen.includes('\nready'), onScreen);
    screen = '';
    terminal.stdin.write(`${line}\t\t`);
    await until(() => expected.every((text) => screen.includes(text)), onScreen);
    // What is not expected has the time to come, too.
    let before = '';
    do {
      before = screen;
      await sleep(700);
    } while (screen !== before);
    return screen;
  } finally {
    terminal.kill('SIGKILL');
  }
}

describe.each([
  ['bash', 'bash --norc --noprofile -i', "bind 'set enable-bracketed-paste off'; source script.bash"],
  [
    'zsh',
    'zsh -f -i',
    'unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -D; source ./script.zsh',
  ],
])('the completion of %s', (name, shell, setUp) => {
  const test = name === 'bash' || isThere(name) ? it : it.skip;
  const complete = (line: string, ...expected: readonly string[]): Promise<string> =>
    typed(shell, setUp, { line, expected });

  test(`completes a command in ${name}`, async () => {
    const expected = 'iam-key-rotation rollback ';
    expect(await complete('iam-key-rotation rol', expected)).toContain(expected);
  });

  test(`lists the options of a command in ${name}`, async () => {
    const screen = await complete('iam-key-rotation exec --re', '--region', '--restart');
    expect(screen).toContain('--region');
    expect(screen).toContain('--restart');
    expect(screen).not.toContain('--leave');
  });

  test(`completes the value of an argument, and a file where one is wanted, in ${name}`, async () => {
    for (const [line, expected] of [
      ['completion f', 'completion fish '],
      ['check-plan pl', 'plan.json'],
      ['sync --file pl', '--file plan.json'],
    ] as const)
      expect(await complete(`iam-key-rotation ${line}`, expected)).toContain(expected);
  });
});

describe('the completion of fish', () => {
  const test = isThere('fish') ? it : it.skip;
  const complete = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `source script.fish; complete --do-complete '${line}'`], {
      cwd: folder,
      encoding: 'utf8',
    })
      .split('\n')
      .map((found) => found.split('\t')[0]!)
      .filter((word) => word !== '');

  test('completes a command in fish', () => {
    expect(complete('iam-key-rotation rol')).toEqual(['rollback']);
  });

  test('lists the options of a command in fish', () => {
    expect(complete('iam-key-rotation exec --re')).toEqual(['--region', '--restart']);
  });

  test('completes the value of an argument, and a file where one is wanted, in fish', () => {
    expect(complete('iam-key-rotation completion f')).toEqual(['fish']);
    expect(complete('iam-key-rotation check-plan pl')).toEqual(['plan.json']);
    expect(complete('iam-key-rotation sync --file pl')).toEqual(['plan.json']);
    expect(complete('iam-key-rotation rollback --user pl')).toEqual([]);
  });
});
