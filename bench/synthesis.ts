import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SECOND } from '../contract/instant';
import { loadConfiguration } from '../modules/config/load-configuration';
import { defineBenchmark, rounded } from './support/benchmark';
import { runMeasured, type MeasuredRun } from './support/run-measured';

interface OfUsers {
  readonly users: number;
  readonly resources: number;
  readonly own: MeasuredRun;
  readonly bare: MeasuredRun;
}

interface SynthesisFigures {
  readonly sizes: readonly OfUsers[];
  /** To read and check the configuration of 5,000 users. */
  readonly configurationCpuSeconds: number;
}

const PROJECT = join(__dirname, '..');
const SIZES = [10, 100, 1_000, 5_000];

/** A stack of users that ask for nothing of their own. */
export const configurationOf = (users: number, functions: 'per-user' | 'shared' = 'shared'): string =>
  [
    'stacks:',
    '  production:',
    '    accountId: "111122223333"',
    '    region: eu-west-1',
    `    functions: ${functions}`,
    '    alerts: { emails: [oncall@example.com] }',
    '    users:',
    ...Array.from({ length: users }, (_, index) => `      user-${index}: { owner: team-${index % 50} }`),
  ].join('\n');

async function measureUsers(users: number, folder: string): Promise<OfUsers> {
  writeFileSync(join(folder, 'rotation.yaml'), configurationOf(users));
  const own = await runMeasured(folder, ['--import', require.resolve('tsx'), join(PROJECT, 'main.ts')]);
  const synthesized = join(folder, 'cdktf.out/stacks/production/cdk.tf.json');
  const { resource } = JSON.parse(readFileSync(synthesized, 'utf8')) as {
    readonly resource: Readonly<Record<string, object>>;
  };
  const resources = Object.values(resource).reduce((sum, ofType) => sum + Object.keys(ofType).length, 0);
  const bare = await runMeasured(folder, [join(__dirname, 'support/bare-resources.mjs'), synthesized]);
  return { users, resources, own, bare };
}

function configurationCpuSeconds(folder: string): number {
  const file = join(folder, 'five-thousand.yaml');
  writeFileSync(file, configurationOf(5_000));
  const before = process.cpuUsage();
  loadConfiguration(file);
  const { user, system } = process.cpuUsage(before);
  return rounded((user + system) / 1_000 / SECOND, 2);
}

async function measure(): Promise<SynthesisFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-synthesis-'));
  try {
    const configuration = configurationCpuSeconds(folder);
    const sizes = [];
    for (const users of SIZES) sizes.push(await measureUsers(users, folder));
    return { sizes, configurationCpuSeconds: configuration };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ofUsers({ sizes }: SynthesisFigures, users: number): OfUsers {
  const found = sizes.find((size) => size.users === users);
  if (found === undefined) throw new Error(`There are no figures of ${users} users.`);
  return found;
}

export const synthesis = defineBenchmark<SynthesisFigures>({
  name: 'synthesis',
  title: 'Synthesis of many users',
  measures:
    'The CPU time and the peak of memory of `main.ts` for a stack of 10 to 5,000 users with a shared function: configuration, bundles and ' +
    'synthesis, as a process of its own. Beside it a program that makes the same resources with CDKTF and nothing else, their ' +
    'arguments read from what was synthesized.',
  limits: [
    {
      what: 'CPU of 5,000 users, against 1,000',
      atMost: 6,
      baseline: '1,000 users in the same run',
      why: 'Time that grows faster than the number of users would set a limit to the number of users.',
      found: (figures) =>
        rounded(ofUsers(figures, 5_000).own.cpuSeconds / ofUsers(figures, 1_000).own.cpuSeconds, 2),
      missed:
        'Something is done for each user that grows with all of them; a profile of 5,000 users says what.',
    },
    {
      what: 'CPU of 5,000 users, against bare resources',
      atMost: 1.5,
      baseline: 'as many bare resources of CDKTF',
      why: 'What the product adds to CDKTF is checks and names, which should cost less than the resources themselves.',
      found: (figures) => {
        const { own, bare } = ofUsers(figures, 5_000);
        return rounded(own.cpuSeconds / bare.cpuSeconds, 2);
      },
      missed:
        'The bare program reads arguments that are ready: it resolves no references and makes no typed resource. Where the rest of the ' +
        'time goes has not been profiled yet.',
    },
    {
      what: 'CPU seconds to read and check the configuration of 5,000 users',
      atMost: 2,
      why: 'Editors and pipelines check the file at each change.',
      found: ({ configurationCpuSeconds: seconds }) => seconds,
      missed:
        'The file is parsed as YAML with the place of each value, which errors name, and then checked by its schema.',
    },
  ],
  measure,
  show: ({ sizes, configurationCpuSeconds: seconds }) => [
    {
      rows: [
        [
          'users',
          'resources',
          'CPU seconds',
          '… of bare resources',
          'peak memory, MB',
          '… of bare resources',
        ],
        ...sizes.map(({ users, resources, own, bare }) => [
          ...[users, resources, own.cpuSeconds, bare.cpuSeconds, own.peakMegabytes, bare.peakMegabytes],
        ]),
      ],
    },
    { text: `The configuration of 5,000 users is read and checked in ${seconds} s of CPU.` },
    {
      chart: {
        name: 'synthesis',
        title: 'CPU seconds of the synthesis',
        x: { label: 'users', scale: 'log' },
        y: { label: 'CPU seconds', scale: 'log' },
        lines: [
          { name: 'the product', points: sizes.map(({ users, own }) => [users, own.cpuSeconds] as const) },
          {
            name: 'bare resources of CDKTF',
            isLimit: true,
            points: sizes.map(({ users, bare }) => [users, bare.cpuSeconds] as const),
          },
        ],
      },
    },
  ],
});
