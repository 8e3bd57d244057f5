import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalServices, startLocalServices } from '../../client/support/local-services';
import { ADMIN } from '../../sandbox/support/front-alone';
import { type Finished, RunningCli } from '../../cli/sync/support/run-cli';
import { descendantsOf } from '../../support/processes';
import { CLI_COMMAND } from '../../support/product';
import { until } from '../../support/until';

const SECRET = 'iam-key-rotation/app';

let services: LocalServices;
let home: string;
let env: Record<string, string>;
const running: RunningCli[] = [];
beforeEach(async () => {
  services = await startLocalServices();
  home = mkdtempSync(join(tmpdir(), 'cli-exec-'));
  env = {
    HOME: home,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
  };
});
afterEach(async () => {
  for (const one of running.splice(0)) one.stop();
  await services.stop();
  rmSync(home, { recursive: true });
});

/** Without the terminal of whoever runs the tests, whose keys it would leave to the program. */
function start(...args: readonly string[]): RunningCli {
  const cli = new RunningCli(['exec', '--secret-id', SECRET, ...args], env, { detached: true });
  running.push(cli);
  return cli;
}
const run = (...args: readonly string[]): Promise<Finished> => start(...args).finished();
const node = (script: string): readonly string[] => ['--', process.execPath, '-e', script];

/** What a program writes into the folder of the test. */
const note = (text: string): string =>
  `require('fs').appendFileSync(process.env.HOME + '/notes', ${text} + '\\n');`;
const notes = (): string[] =>
  existsSync(join(home, 'notes')) ? readFileSync(join(home, 'notes'), 'utf8').split('\n').slice(0, -1) : [];
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Says with which key it was started, and goes on until it is ended. */
const SERVICE = `${note("'started ' + process.env.AWS_ACCESS_KEY_ID + ' ' + process.pid")} setInterval(() => {}, 1000);`;

it('the command exec runs a program with the current key, on the same streams, and ends as it ends', async () => {
  const { id, secretAccessKey } = services.rotate();
  env = { ...env, AWS_DEFAULT_PROFILE: 'somebody' };
  const script = `
    const names = Object.keys(process.env).filter((name) => name.startsWith('AWS_')).sort();
    console.log(JSON.stringify(names.map((name) => [name, process.env[name]])));
    console.error(process.argv.slice(1).join(' '));
    process.exitCode = 7;`;
  const { exitCode, stdout, stderr } = await run(...node(script), 'one', '--region', 'two', '--help');
  expect(JSON.parse(stdout)).toEqual([
    ['AWS_ACCESS_KEY_ID', id],
    ['AWS_DEFAULT_REGION', 'eu-west-1'],
    ['AWS_ENDPOINT_URL', services.endpoint],
    ['AWS_REGION', 'eu-west-1'],
    ['AWS_SECRET_ACCESS_KEY', secretAccessKey],
  ]);
  expect([exitCode, stderr]).toEqual([7, 'one --region two --help\n']);
});

it('the command exec ends with 128 and the number of the signal that ended the program', async () => {
  services.rotate();
  expect(await run(...node("process.kill(process.pid, 'SIGKILL')"))).toMatchObject({ exitCode: 137 });
});

it('R7: the command exec does not start the program where the secret cannot be read, and says why', async () => {
  const { exitCode, stdout, stderr } = await run(...node(note("'started'")));
  expect([exitCode, stdout, notes()]).toEqual([1, '', []]);
  expect(stderr).toContain(`Secret ${SECRET}: it could not be read in eu-west-1: ResourceNotFoundException`);
});

it('R7: the command exec does not start the program with what is no key pair', async () => {
  Object.assign(services.rotate(), { id: 'AKIAEXAMPLE', secretAccessKey: 'two\nlines' });
  const { exitCode, stderr } = await run(...node(note("'started'")));
  expect([exitCode, notes()]).toEqual([1, []]);
  expect(stderr).toContain('characters that no access key of AWS has');
  expect(stderr).not.toContain('lines');
});

it('R7: the command exec says what it cannot start as a shell does, and nothing of the key or the arguments', async () => {
  const { secretAccessKey } = services.rotate();
  const missing = await run('--', 'no-such-program', 'argument');
  expect(missing.exitCode).toBe(127);
  expect(missing.stderr).toBe(
    "'no-such-program' was not started: no folder of PATH has it, or the interpreter that its first line names is missing.\n",
  );
  const file = join(home, 'text');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  const forbidden = await run('--', file, 'argument');
  expect(forbidden.exitCode).toBe(126);
  expect(forbidden.stderr).toContain('chmod +x');
  for (const { stderr } of [missing, forbidden]) {
    expect(stderr).not.toContain(secretAccessKey);
    expect(stderr).not.toContain('argument');
  }
});

it('the command exec refuses options that do not go together', async () => {
  expect((await run('--kill-after', '5s', ...node(''))).stderr).toBe(
    '--kill-after goes with --restart, which is missing.\n',
  );
  expect((await run('--signal', 'HUP', '--restart', ...node(''))).stderr).toContain('cannot be used with');
  expect((await run('--signal', 'SIGKILL', ...node(''))).stderr).toContain('such as SIGHUP');
});

it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
  'the command exec passes %s to the program, and leaves no program behind',
  async (signal) => {
    services.rotate();
    const cli = start(...node(SERVICE));
    await until(() => notes().length === 1, notes);
    const pid = Number(notes()[0]!.split(' ')[2]);
    expect(isRunning(pid)).toBe(true);
    cli.stop(signal);
    const { exitCode } = await cli.finished();
    expect(exitCode).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131 }[signal]);
    expect(isRunning(pid)).toBe(false);
  },
);

it('the command exec waits for a program that takes its time after a signal, and ends with its exit code', async () => {
  services.rotate();
  const cli = start(
    ...node(
      `process.on('SIGTERM', () => setTimeout(() => process.exit(5), 300)); process.on('SIGUSR1', () => { ${note("'usr1'")} }); ${SERVICE}`,
    ),
  );
  await until(() => notes().length === 1, notes);
  cli.stop('SIGUSR1');
  await until(() => notes().includes('usr1'), notes);
  cli.stop();
  expect(await cli.finished()).toMatchObject({ exitCode: 5 });
});

it('the command exec tells once that there is another key, and leaves the program alone, also in an outage', async () => {
  const first = services.rotate();
  const cli = start('--every', '1s', ...node(SERVICE));
  await until(() => notes().length === 1, notes);
  const outage = services.faults.inject({
    match: { service: 'secretsmanager' },
    fault: { kind: 'status500' },
    times: 1_000,
  });
  await until(() => cli.stderr.includes('InternalServiceError'), notes);
  outage.remove();
  const second = services.rotate();
  await until(() => cli.stderr.includes('has another key now'), notes);
  const reads = services.reads().length;
  await until(() => services.reads().length > reads + 2, notes);
  cli.stop();
  const { exitCode, stderr } = await cli.finished();
  expect(exitCode).toBe(143);
  expect(stderr.match(/iam-key-rotation: Secret \S+ has another key now/g)).toHaveLength(1);
  expect(stderr).toContain(`another key now, ${second.id}. The program goes on with ${first.id}`);
  expect(stderr).not.toContain(second.secretAccessKey);
  expect(notes()).toHaveLength(1);
});

it('the command exec with --signal sends the signal when there is another key, and does not start the program again', async () => {
  services.rotate();
  const cli = start(
    ...['--every', '1s', '--signal', 'hup'],
    ...node(`process.on('SIGHUP', () => { ${note("'hup'")} }); ${SERVICE}`),
  );
  await until(() => notes().length === 1, notes);
  services.rotate();
  await until(() => notes().includes('hup'), notes);
  cli.stop();
  await cli.finished();
  expect(notes()).toEqual([expect.stringContaining('started'), 'hup']);
});

it('the command exec with --restart ends the program and starts it again with the new key, by force where it does not end', async () => {
  const first = services.rotate();
  const cli = start(
    ...['--every', '1s', '--restart', '--kill-after', '10s'],
    ...node(`process.on('SIGTERM', () => { ${note("'asked'")} }); ${SERVICE}`),
  );
  await until(() => notes().length === 1, notes);
  const second = services.rotate();
  await until(() => notes().length === 3, notes);
  expect(notes()).toEqual([
    expect.stringContaining(`started ${first.id}`),
    'asked',
    expect.stringContaining(`started ${second.id}`),
  ]);
  const [before, after] = [notes()[0]!, notes()[2]!].map((line) => Number(line.split(' ')[2]));
  expect([isRunning(before!), isRunning(after!)]).toEqual([false, true]);
  // Whoever ends this waits for it as long as it takes.
  cli.stop();
  await until(() => notes().length === 4, notes);
  process.kill(after!, 'SIGKILL');
  expect(await cli.finished()).toMatchObject({ exitCode: 137 });
});

it('the command exec with --restart does not start the program again where it is to end meanwhile', async () => {
  services.rotate();
  const cli = start(
    ...['--every', '1s', '--restart', '--kill-after', '1h'],
    ...node(
      `let asked = 0; process.on('SIGTERM', () => { ${note("'asked'")} if (++asked === 2) process.exit(9); }); ${SERVICE}`,
    ),
  );
  await until(() => notes().length === 1, notes);
  services.rotate();
  await until(() => notes().length === 2, notes);
  cli.stop();
  expect(await cli.finished()).toMatchObject({ exitCode: 9 });
  expect(notes()).toEqual([expect.stringContaining('started'), 'asked', 'asked']);
});

/** A program on a terminal of its own, which notes SIGINT and SIGQUIT and ends with 4 some time after the last that is sent. */
async function onTerminal({ sent = 1 } = {}) {
  services.rotate();
  const [command, ...args] = CLI_COMMAND;
  const onSignals = `let got = 0; for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => { ${note('signal')} if (++got === ${sent}) setTimeout(() => process.exit(4), 2_000); });`;
  const script = `${onSignals} ${note("'parent ' + process.ppid")} ${SERVICE}`;
  const words = [command, ...args, 'exec', '--secret-id', SECRET, ...node(script)];
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  // script(1) of util-linux gives it a terminal; without exec its shell would take the Ctrl-C, too.
  const terminal = spawn('script', ['-qec', `exec ${line}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(terminal, 'exit');
  await until(() => notes().length === 2, notes);
  const exec = Number(notes()[0]!.replace('parent ', ''));
  return { press: (key: string) => terminal.stdin.write(key), exec, ended };
}

it.each([
  ['Ctrl-C', '\u0003', 'SIGINT'],
  ['Ctrl-\\', '\u001C', 'SIGQUIT'],
])(
  'the command exec leaves %s to the terminal, which gives it to the program: once',
  async (_, key, signal) => {
    const { press, ended } = await onTerminal();
    press(key);
    expect(await ended).toEqual([4, null]);
    expect(notes().slice(2)).toEqual([signal]);
  },
);

it.each(['SIGINT', 'SIGQUIT'] as const)(
  'the command exec passes on %s that somebody sends to itself alone, also on a terminal: once',
  async (signal) => {
    const { exec, ended } = await onTerminal();
    process.kill(exec, signal);
    expect(await ended).toEqual([4, null]);
    expect(notes().slice(2)).toEqual([signal]);
  },
);

it('the command exec tells a second signal from the first, whoever sent it', async () => {
  const { press, exec, ended } = await onTerminal({ sent: 3 });
  const before = descendantsOf(exec);
  press('\u0003');
  await until(() => notes().length === 3, notes);
  // The first ended what tells exec who sent a signal; it starts that again.
  await until(() => descendantsOf(exec).some((pid) => !before.includes(pid)), notes);
  process.kill(exec, 'SIGINT');
  await until(() => notes().length === 4, notes);
  press('\u0003');
  expect(await ended).toEqual([4, null]);
  expect(notes().slice(2)).toEqual(['SIGINT', 'SIGINT', 'SIGINT']);
});
