import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { version } from '../../package.json';

const PROJECT = join(__dirname, '..', '..');
const OLD = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });";

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  for (const part of ['bin', 'package.json'])
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

it('in a clone the command runs from its sources, without a build', () => {
  expect(run(join(PROJECT, 'bin', 'iam-key-rotation.cjs'), '-v')).toMatchObject({
    status: 0,
    stdout: `${version}\n`,
  });
});

it('with the package the command is what was built', () => {
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'cli.js'), 'console.log(process.argv[2])');
  expect(run(join(folder, 'bin', 'iam-key-rotation.cjs'), 'built')).toMatchObject({
    status: 0,
    stdout: 'built\n',
  });
});

it.each([
  ['the command', 'bin/iam-key-rotation.cjs'],
  ['the local AWS', 'bin/run.cjs', 'sandbox/main.ts'],
  ['the synthesis', 'bin/run.cjs', 'main.ts'],
])('on a Node.js that is too old %s says so in one sentence', (_, launcher, source = 'cli/main.ts') => {
  const call = `${OLD} require(${JSON.stringify(join(PROJECT, 'bin', 'run.cjs'))}).runSource(${JSON.stringify(join(PROJECT, source))}, [])`;
  const code =
    launcher === 'bin/run.cjs' ? call : `${OLD} require(${JSON.stringify(join(PROJECT, launcher))})`;
  expect(run('-e', code)).toEqual(
    expect.objectContaining({
      status: 1,
      stderr: 'iam-key-rotation needs Node.js 20.19 or newer, and this is 18.20.4.\n',
    }),
  );
});

it.each(['iam-key-rotation.cjs', 'run.cjs'])(
  'in a folder that was deleted bin/%s says so in one sentence',
  (launcher) => {
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" cli/main.ts';
    expect(
      spawnSync('sh', ['-c', script, 'sh', gone, process.execPath, join(PROJECT, 'bin', launcher)], {
        encoding: 'utf8',
      }),
    ).toMatchObject({
      status: 1,
      stderr: 'The folder that this was started in does not exist any more (ENOENT). Go to another one.\n',
    });
  },
);

it('before `npm ci` a clone says in one sentence what to do', () => {
  mkdirSync(join(folder, 'cli'));
  writeFileSync(join(folder, 'cli', 'main.ts'), '');
  expect(run(join(folder, 'bin', 'iam-key-rotation.cjs'))).toMatchObject({
    status: 1,
    stderr: `The packages that this needs are not installed. Run \`npm ci\` in ${folder} first.\n`,
  });
});
