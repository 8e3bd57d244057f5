import { Program, ProgramNotStartedError } from '../../../cli/exec/program';

const refusalOf = (...commandLine: [string, ...string[]]): Promise<unknown> =>
  Program.start(commandLine, process.env).then(
    () => undefined,
    (error: unknown) => error,
  );

it.each([
  ['no-such-program', 127, 'no folder of PATH has it'],
  ['./no-such-program', 127, 'there is no such file'],
  [__filename, 126, 'chmod +x'],
  [__dirname, 126, 'it is a folder. Name a program in it.'],
  ['.', 126, 'it is a folder. Name a program in it.'],
  ['', 127, 'its name is empty. Name a program after --.'],
])(
  'a program %j that cannot be started is told of with the exit code of a shell, %i',
  async (name, exitCode, why) => {
    const error = await refusalOf(name, 'an argument');
    expect(error).toBeInstanceOf(ProgramNotStartedError);
    expect(error).toMatchObject({ exitCode, message: expect.stringContaining(why) });
  },
);

it('R7: what the system refuses to start is told of without its arguments', async () => {
  const error = await refusalOf(process.execPath, `an argument ${'x'.repeat(3_000_000)}`);
  expect(error).toMatchObject({ exitCode: 126, message: expect.stringContaining('E2BIG') });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('argument');
});

it.each([
  ['process.exit(3)', 3],
  ["process.kill(process.pid, 'SIGTERM')", 143],
])('a program that does %s ends with exit code %i', async (script, exitCode) => {
  const program = await Program.start([process.execPath, '-e', script], process.env);
  expect(await program.exitCode).toBe(exitCode);
});
