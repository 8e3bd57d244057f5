import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROJECT, runMain } from '../../modules/support/run-main';

const SOURCES = [
  'main.ts',
  'rotation.yaml',
  'package.json',
  'tsconfig.json',
  'contract',
  'modules',
  'handlers',
];

/** A checkout of the project: its sources copied, its packages linked. */
function checkOut(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const source of SOURCES) {
    cpSync(join(PROJECT, source), join(folder, source), { recursive: true });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Everything that was synthesized, by path. */
function output(folder: string): Record<string, string> {
  const out = join(folder, 'cdktf.out');
  return Object.fromEntries(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(out.length), readFileSync(file, 'base64')]),
  );
}

describe('R10: synthesizing twice', () => {
  const root = mkdtempSync(join(tmpdir(), 'reproducible-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('in two checkouts, time zones and locales gives the same bytes, of JSON and zips', () => {
    const first = checkOut(join(root, 'first'));
    const second = checkOut(join(root, 'a second one', 'further down'));
    const runs = [
      runMain(first, { project: first, env: { TZ: 'Asia/Tokyo', LC_ALL: 'C' } }),
      runMain(second, { project: second, env: { TZ: 'America/Lima', LC_ALL: 'sv_SE.UTF-8' } }),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);

    const [here, there] = [output(first), output(second)];

    expect(Object.keys(here).some((file) => file.endsWith('.zip'))).toBe(true);
    expect(Object.keys(here).some((file) => file.endsWith('cdk.tf.json'))).toBe(true);
    expect(there).toEqual(here);
    expect(runMain(first, { project: first }).exitCode).toBe(0);
    expect(output(first)).toEqual(here);
  });

  it('from another folder gives the same bytes, also of a configuration in several files', () => {
    const project = checkOut(join(root, 'third'));
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(join(project, 'teams'));
    mkdirSync(elsewhere);
    writeFileSync(
      join(project, 'rotation.yaml'),
      "stacks: { production: { accountId: '111122223333', region: eu-west-1, alerts: { emails: [oncall@example.com] }, include: [teams/*.yaml] } }",
    );
    writeFileSync(join(project, 'teams/b.yaml'), 'users: { mailer: {} }');
    writeFileSync(join(project, 'teams/a.yaml'), 'users: { payments: {} }');

    expect(runMain(project, { project }).exitCode).toBe(0);
    const args = [join('..', 'third', 'rotation.yaml')];
    expect(runMain(elsewhere, { project, args })).toMatchObject({ exitCode: 0, stderr: '' });

    expect(output(elsewhere)).toEqual(output(project));
  });
});
