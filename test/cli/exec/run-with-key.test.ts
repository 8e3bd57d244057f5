import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RotatedKey } from '../../../client/rotated-key';
import { runWithKey } from '../../../cli/exec/run-with-key';
import { SecretMaterial } from '../../../contract/secret-material';
import { until } from '../../support/until';

const key = (accessKeyId: string): RotatedKey => ({
  accessKeyId,
  secretAccessKey: new SecretMaterial('secret'),
  accountId: undefined,
  createdAt: 0,
});

describe('a program that is started again for a new key', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'run-with-key-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const notes = (): readonly string[] =>
    existsSync(join(folder, 'notes'))
      ? readFileSync(join(folder, 'notes'), 'utf8').split('\n').slice(0, -1)
      : [];

  /**
   * Started with the first key it notes each signal: it reloads at SIGHUP, and at SIGINT, and finishes its work at others, which
   * takes until WORK is there. Started with the second key it ends at once.
   */
  const PROGRAM = `
    const { appendFileSync, existsSync } = require('fs');
    const note = (text) => appendFileSync(process.env.NOTES, text + '\\n');
    const finish = () => setInterval(() => { if (existsSync(process.env.WORK)) process.exit(5); }, 20);
    if (process.env.KEY !== 'AKIAONEEXAMPLE') process.exit(9);
    for (const signal of ['SIGHUP', 'SIGINT']) process.on(signal, () => note(signal));
    for (const signal of ['SIGTERM', 'SIGQUIT'])
      process.on(signal, () => { note(signal); finish(); });
    setInterval(() => {}, 1000);
    note('started');`;

  /** The signal is one that this process gets; once the program has it, the secret has another key. */
  async function exitCodeAfter(
    signal: NodeJS.Signals,
  ): Promise<{ exitCode: number; told: readonly string[] }> {
    let current = key('AKIAONEEXAMPLE');
    const told: string[] = [];
    const work = join(folder, 'work');
    const tell = (text: string): void => {
      told.push(text);
      // A program that ended before would not show that it is not started again.
      if (text.includes('was told to end')) writeFileSync(work, '');
    };
    const run = runWithKey({
      secretId: 'iam-key-rotation/app',
      commandLine: [process.execPath, '-e', PROGRAM],
      whenKeyChanges: { does: 'restart', killAfter: 100 },
      every: 40,
      readKey: () => Promise.resolve(current),
      environmentWith: ({ accessKeyId }) => ({
        ...{ NOTES: join(folder, 'notes'), WORK: work, KEY: accessKeyId },
      }),
      log: { info: tell, error: tell },
    });
    await until(() => notes().length > 0, notes);
    // No key of a terminal sent it, so on a terminal it is passed on, too: a little later.
    process.emit(signal, signal);
    await until(() => notes().includes(signal), notes);
    current = key('AKIATWOEXAMPLE');
    return { exitCode: await run, told };
  }

  it.each(['SIGTERM', 'SIGQUIT'] as const)(
    'a program that finishes its work after %s is not started again when the key changes',
    async (signal) => {
      const { exitCode, told } = await exitCodeAfter(signal);

      expect(exitCode).toBe(5);
      expect(told.join('\n')).toContain(
        'AKIATWOEXAMPLE. The program was told to end, so it is not started again.',
      );
      // Nor is it told to end a second time.
      expect(notes().slice(1)).toEqual([signal]);
    },
  );

  it.each(['SIGHUP', 'SIGINT'] as const)(
    'a program that goes on after %s is started again when the key changes',
    async (signal) => {
      expect((await exitCodeAfter(signal)).exitCode).toBe(9);
    },
  );
});
