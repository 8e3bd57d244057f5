import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CLI_COMMAND } from '../../support/product';

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

/** What the shell has on its screen after somebody typed a line and pressed TAB. */
async function typed(shell: string, setUp: string, line: string): Promise<string> {
  const terminal = spawn('script', ['-qec', shell, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', PS1: '> ' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let waited = 0; !isSo() && waited < 15_000; waited += 50) await sleep(50);
  };
  try {
    terminal.stdin.write(`${setUp}; echo rea''dy\n`);
    await until(() => screen.includes('\nready'));
    screen = '';
    terminal.stdin.write(`${line}\t\t`);
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
  const complete = (line: string): Promise<string> => typed(shell, setUp, line);

  test(`completes a command in ${name}`, async () => {
    expect(await complete('iam-key-rotation rol')).toContain('iam-key-rotation rollback ');
  });

  test(`lists the options of a command in ${name}`, async () => {
    const screen = await complete('iam-key-rotation exec --re');
    expect(screen).toContain('--region');
    expect(screen).toContain('--restart');
    expect(screen).not.toContain('--leave');
  });

  test(`completes the value of an argument, and a file where one is wanted, in ${name}`, async () => {
    expect(await complete('iam-key-rotation completion f')).toContain('completion fish ');
    expect(await complete('iam-key-rotation check-plan pl')).toContain('plan.json');
    expect(await complete('iam-key-rotation sync --file pl')).toContain('--file plan.json');
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
