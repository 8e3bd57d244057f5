import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { unzipSync } from 'fflate';

import { deterministicZip } from '../../../modules/node-function/deterministic-zip';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const entries = [
  { name: 'index.mjs', bytes: text('export const handler = () => "hello";'.repeat(50)) },
  { name: 'data/a.json', bytes: text('{}') },
];

it('the zip of a function holds the entries', () => {
  const files = unzipSync(deterministicZip(entries));

  expect(Object.keys(files)).toEqual(['data/a.json', 'index.mjs']);
  expect(Buffer.from(files['index.mjs']!)).toEqual(Buffer.from(entries[0]!.bytes));
});

it('the zip of a function is made of the same bytes in whatever order the entries come', () => {
  expect(deterministicZip([...entries].reverse())).toEqual(deterministicZip(entries));
});

it('the zip of a function is made of the same bytes in every time zone', () => {
  const script = `
      const { deterministicZip } = require('./modules/node-function/deterministic-zip.ts');
      process.stdout.write(Buffer.from(deterministicZip([{ name: 'a', bytes: new Uint8Array([1, 2, 3]) }])).toString('hex'));`;
  const inZone = (TZ: string): string => {
    const run = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
      cwd: join(__dirname, '../../..'),
      env: { ...process.env, TZ },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return run.stdout;
  };

  const here = Buffer.from(deterministicZip([{ name: 'a', bytes: new Uint8Array([1, 2, 3]) }])).toString(
    'hex',
  );

  expect(inZone('Pacific/Kiritimati')).toBe(here);
  expect(inZone('America/Los_Angeles')).toBe(here);
});

it('the zip of a function makes files that everybody may read and nobody runs', () => {
  const zip = Buffer.from(deterministicZip([entries[1]!]));
  const directory = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));

  expect(zip.readUInt8(directory + 5)).toBe(3); // made by Unix
  expect(zip.readUInt32LE(directory + 38) >>> 16).toBe(0o100644);
});

it('the zip of a function refuses two entries of one name', () => {
  expect(() => deterministicZip([entries[0]!, entries[0]!])).toThrow(
    'Two entries of the archive have the same name: index.mjs, index.mjs',
  );
});
