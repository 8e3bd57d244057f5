import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { parseConfiguration } from '../../modules/config/parse-configuration';
import { synthesize } from '../modules/support/synthesize';

/* What the benchmark of the synthesis compares with has to be the same work, or its ratio says nothing. */

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const BARE = resolve(__dirname, '../../bench/support/bare-resources.mjs');
const folder = mkdtempSync(join(tmpdir(), 'bare-resources-'));
afterAll(() => rmSync(folder, { recursive: true }));

const resourcesIn = (text: string): Resources => (JSON.parse(text) as { resource: Resources }).resource;

function product(users: readonly string[]): string {
  const stack = [
    'stacks:',
    '  production:',
    '    accountId: "111122223333"',
    '    region: eu-west-1',
    '    functions: shared',
    '    alerts: { emails: [oncall@example.com] }',
    '    users:',
    ...users.map((user) => `      ${user}: { owner: team-0 }`),
  ];
  return synthesize(parseConfiguration('rotation.yaml', stack.join('\n')).stacks[0]!).text;
}

function bare(users: number): Resources {
  const template = join(folder, 'one-user.tf.json');
  writeFileSync(template, product(['user-0']));
  execFileSync(process.execPath, [BARE, template, String(users)], { cwd: folder, stdio: 'pipe' });
  return resourcesIn(readFileSync(join(folder, 'cdktf.out/stacks/bare/cdk.tf.json'), 'utf8'));
}

/** Without what CDKTF notes of each in `//`: the place in the program. */
const withArguments = (resources: Resources): unknown =>
  JSON.parse(JSON.stringify(resources, (name, value: unknown) => (name === '//' ? undefined : value)));

it('the bare program of the benchmark makes the resources that the product makes, with the same arguments', () =>
  expect(withArguments(bare(1))).toEqual(withArguments(resourcesIn(product(['user-0'])))));

it('the bare program of the benchmark makes them for as many users as it is told', () => {
  const names = (resources: Resources): unknown =>
    Object.fromEntries(Object.entries(resources).map(([type, all]) => [type, Object.keys(all).sort()]));
  expect(names(bare(3))).toEqual(names(resourcesIn(product(['user-0', 'user-1', 'user-2']))));
});
