import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { mayBeInterrupted } from '../../cli/interruption';

const SOURCE = join(__dirname, '..', '..', 'cli', 'interruption.ts');
const PROGRAM = `
import { mayBeInterrupted } from ${JSON.stringify(SOURCE)};
void mayBeInterrupted('Run it again.', async () => {
  console.log('at work');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'interruption-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'a work that is interrupted by %s ends at once with status %d, and says how to go on',
  async (signal, status) => {
    const program = join(folder, 'program.ts');
    writeFileSync(program, PROGRAM);
    const loader = pathToFileURL(require.resolve('tsx')).href;
    const child = spawn(process.execPath, ['--import', loader, program]);
    try {
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
      child.kill(signal);
      expect([...((await once(child, 'close')) as unknown[]), stderr]).toEqual([
        status,
        null,
        expect.stringContaining(`Stopped by ${signal}. Run it again.`),
      ]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

it('work that was not interrupted leaves no signal listener, done or failed', async () => {
  const before = process.listenerCount('SIGINT');
  await expect(mayBeInterrupted('', async () => 'done')).resolves.toBe('done');
  await expect(mayBeInterrupted('', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(process.listenerCount('SIGINT')).toBe(before);
});
