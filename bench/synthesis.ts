import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const BARE_RESOURCES = join(__dirname, 'support/bare-resources.mjs');
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

const synthesized = (folder: string, stack: string): string =>
  join(folder, `cdktf.out/stacks/${stack}/cdk.tf.json`);

function countResources(file: string): number {
  const { resource } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly resource: Readonly<Record<string, object>>;
  };
  return Object.values(resource).reduce((sum, ofType) => sum + Object.keys(ofType).length, 0);
}

/** As `npm run synth` does it. */
async function synthesizeOwn(users: number, folder: string): Promise<MeasuredRun> {
  writeFileSync(join(folder, 'rotation.yaml'), configurationOf(users));
  return runMeasured(folder, [join(PROJECT, 'bin/run.cjs'), join(PROJECT, 'main.ts')]);
}

/** @param template - a stack of one user, whose resources the bare program makes for so many users */
async function measureUsers(users: number, folder: string, template: string): Promise<OfUsers> {
  const own = await synthesizeOwn(users, folder);
  const resources = countResources(synthesized(folder, 'production'));
  const bare = await runMeasured(folder, [BARE_RESOURCES, template, String(users)]);
  const inBare = countResources(synthesized(folder, 'bare'));
  if (inBare !== resources)
    throw new Error(`The bare program has ${inBare} resources, and the product ${resources}.`);
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
    await synthesizeOwn(1, folder);
    const template = join(folder, 'one-user.tf.json');
    cpSync(synthesized(folder, 'production'), template);
    const sizes = [];
    for (const users of SIZES) sizes.push(await measureUsers(users, folder, template));
    return { sizes, configurationCpuSeconds: configuration };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What was tried to make it fast, with what was measured then. */
const TRIED = [
  {
    what: 'references within a stack, and `depends_on` (55 of one guard), as texts of Terraform and not as objects of CDKTF, each of which takes a stack trace',
    gave: '23.1 to 10.3 s of CPU, 555 to 280 MB',
    done: 'yes; what a construct shows to others stays an object, which works between stacks',
  },
  {
    what: '`for_each` over plain texts without the iterator of CDKTF, which makes new objects at each look',
    gave: 'the time for stack traces from 14 to 6 % of the run',
    done: 'yes',
  },
  {
    what: 'no look-up of the sources of stack traces while it synthesizes: the provider takes some, too',
    gave: 'the time for stack traces from 6 to 2 % of the run',
    done: 'yes',
  },
  {
    what: '`terraform_data` without the class of CDKTF, which runs `terraform version` for each; every function has one',
    gave: '20 users with a function each: 9.2 to 5.8 s of CPU of the programs that it runs',
    done: 'yes; and no look at the version for each user that is imported',
  },
  {
    what: 'with a function for each user: the alarms of each user are found once for all',
    gave: 'not measured: the time grew with the square of the users',
    done: 'yes',
  },
  {
    what: 'configuration of 5,000 users: keys that stand twice are found by a set, and not by the parser, which compares each with all before it; values are listed once for all rules',
    gave: '3.7 to 2.7 s of CPU',
    done: 'yes',
  },
  {
    what: 'single modules of the provider, and code that is bundled once whatever the number of users',
    gave: 'nothing: it was so',
    done: 'before',
  },
  {
    what: 'without the first of the three times that CDKTF resolves all resources, for references between stacks',
    gave: 'about 8 % of the run',
    done: 'no: whoever builds on a stack may have such references',
  },
] as const;

function ofUsers({ sizes }: SynthesisFigures, users: number): OfUsers {
  const found = sizes.find((size) => size.users === users);
  if (found === undefined) throw new Error(`There are no figures of ${users} users.`);
  return found;
}

export const synthesis = defineBenchmark<SynthesisFigures>({
  name: 'synthesis',
  title: 'Synthesis of many users',
  measures:
    'The CPU time and the peak of memory of `npm run synth` for a stack of 10 to 5,000 users with a shared function: start, configuration, ' +
    'bundles of the functions (the npm package has them ready) and synthesis. Beside it a program that makes as many resources of the ' +
    'same types with the typed classes of the AWS provider of CDKTF and nothing else. It gives each the arguments that the product gives, ' +
    'and refers to others as one does by hand, by their attributes (`secret.arn`) and by `dependsOn`; a test compares the resources of both.',
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
        'What is left above the bare resources is the configuration, the bundler, and constructs between stack and resource; a profile ' +
        'says which of them.',
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
      text:
        'The bare program makes an object with a stack trace for each attribute and each entry of `dependsOn`; the product does not, and so ' +
        'takes less time and memory for the same resources where users are many. Where they are few, it is the start that takes its time: ' +
        'the TypeScript of this repository, and the bundler.',
    },
    {
      text:
        'What was tried, with 1,000 users and a shared function where nothing else is said. The machine was busy: seconds compare with ' +
        'those of their own line alone.',
    },
    {
      rows: [['what', 'what it gave', 'done'], ...TRIED.map(({ what, gave, done }) => [what, gave, done])],
    },
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
