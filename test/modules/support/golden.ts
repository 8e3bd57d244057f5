import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', 'golden');
/** A longer file is read by nobody, and so approves whatever comes. */
const MAXIMUM_LINES = 200;

/**
 * Expects the value to be what the file in test/modules/golden says. `UPDATE_GOLDEN=1 npx jest test/modules/golden` writes
 * the files again; their diff is what changes in everybody's account.
 */
export function expectGolden(name: string, value: unknown): void {
  const file = join(FOLDER, `${name}.json`);
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    writeFileSync(file, JSON.stringify(value));
    execFileSync('npx', ['prettier', '--write', file]);
  }
  const text = existsSync(file) ? readFileSync(file, 'utf8') : 'null';
  expect(text.split('\n').length).toBeLessThanOrEqual(MAXIMUM_LINES);
  expect(value).toEqual(JSON.parse(text));
}
