import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Works for a while, logs each step, prints its result, and leaves a file behind when it came to its end. */
const WORK = `
  const { surviveLostStreams } = require('${join(__dirname, '../../cli/lost-streams.ts')}');
  const { writeFileSync } = require('node:fs');
  surviveLostStreams(process);
  (async () => {
    for (let step = 0; step < 20; step += 1) {
      process.stderr.write('step ' + step + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    process.stdout.write('result\\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(process.argv[1], 'done');
  })();`;

/** Prints a result of many megabytes, and leaves a file behind when it came to its end. */
const LARGE = `
  const { surviveLostStreams } = require('${join(__dirname, '../../cli/lost-streams.ts')}');
  const { printLargeJson } = require('${join(__dirname, '../../cli/print.ts')}');
  const { writeFileSync } = require('node:fs');
  surviveLostStreams(process);
  const users = Array.from({ length: 100_000 }, (_, n) => ({ user: 'user_' + n, keys: [] }));
  printLargeJson({ users }, 2).then(() => writeFileSync(process.argv[1], 'done'));`;

const folder = mkdtempSync(join(tmpdir(), 'lost-streams-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function runWithout(
  lost: 'stdout' | 'stderr',
  work = WORK,
): Promise<{ code: number | null; said: string; file: string }> {
  const file = join(folder, lost);
  writeFileSync(file, '');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', work, file], {
    cwd: join(__dirname, '../..'),
  });
  const kept = lost === 'stdout' ? child.stderr : child.stdout;
  let said = '';
  kept.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child[lost].destroy();
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said, file };
}

it('a command whose output nobody reads any more does its work to the end without its log', async () => {
  const { code, said, file } = await runWithout('stderr');

  expect({ code, said, done: readFileSync(file, 'utf8') }).toEqual({
    code: 0,
    said: 'result\n',
    done: 'done',
  });
});

it('a command whose output nobody reads any more does its work to the end without its result, and then fails', async () => {
  const { code, said, file } = await runWithout('stdout');

  expect({ code, done: readFileSync(file, 'utf8') }).toEqual({ code: 1, done: 'done' });
  expect(said).toContain('The result could not be written: write EPIPE. What the command did is done.');
});

it('a large result that nobody reads to its end is given up, and the command fails', async () => {
  const { code, said, file } = await runWithout('stdout', LARGE);

  expect({ code, done: readFileSync(file, 'utf8') }).toEqual({ code: 1, done: 'done' });
  expect(said.match(/could not be written/g)).toHaveLength(1);
});
