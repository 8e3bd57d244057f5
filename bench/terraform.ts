import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { deterministicZip } from '../modules/node-function/deterministic-zip';
import { type LocalAws, startLocalAws } from '../sandbox/local-aws';
import { missingTools } from '../sandbox/missing-tools';
import { terraform, terraformEnvironment } from '../sandbox/terraform';
import { defineBenchmark, rounded, type AnyBenchmark, type Part } from './support/benchmark';
import { measuredCommand, type CommandRun } from './support/measured-command';
import { runMeasured } from './support/run-measured';
import { configurationOf } from './synthesis';

type Functions = 'per-user' | 'shared';

/** Some users, applied to an empty account. */
interface Applied {
  /** The first plan, of an empty account. */
  readonly firstPlan: CommandRun;
  /** Of that plan. */
  readonly apply: CommandRun;
  /** The plan after it, which finds nothing to do. */
  readonly secondPlan: CommandRun;
  /** Calls to AWS of the second plan. */
  readonly secondPlanCalls: number;
  /** How many there are in the state, by their type. */
  readonly resources: Readonly<Record<string, number>>;
  readonly stateKilobytes: number;
}

interface Size {
  readonly users: number;
  readonly functions: Functions;
  /** How many resources Terraform works at at a time. @default 10, as of Terraform */
  readonly parallelism?: number;
}

interface Compared extends Size {
  readonly own: Applied;
  readonly byHand: Applied;
}

interface TerraformFigures {
  readonly compared: readonly Compared[];
}

const PROJECT = join(__dirname, '..');

const BY_HAND = join(__dirname, 'by-hand');

/** The files of bench/by-hand/ that make a configuration. */
export const filesByHand = (functions: Functions): readonly string[] =>
  ['users.tf', functions === 'shared' ? 'shared-function.tf' : 'function-per-user.tf'].map((file) =>
    join(BY_HAND, file),
  );

/** @returns where Terraform runs. */
type Write = (folder: string, users: number, functions: Functions) => Promise<string>;

const writeOwn: Write = async (folder, users, functions) => {
  writeFileSync(join(folder, 'rotation.yaml'), configurationOf(users, functions));
  await runMeasured(folder, ['--import', require.resolve('tsx'), join(PROJECT, 'main.ts')]);
  return join(folder, 'cdktf.out/stacks/production');
};

/** Its function does nothing. */
const writeByHand: Write = (folder, users, functions) => {
  for (const file of filesByHand(functions)) copyFileSync(file, join(folder, file.slice(BY_HAND.length + 1)));
  const code = Buffer.from('export const handler = async () => {};\n');
  writeFileSync(join(folder, 'function.zip'), deterministicZip([{ name: 'index.mjs', bytes: code }]));
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify({ users: names }));
  return Promise.resolve(folder);
};

async function measureOne(write: Write, { users, functions, parallelism = 10 }: Size): Promise<Applied> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-terraform-'));
  // A new key is known at once: waiting for it would say nothing of Terraform.
  const aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
  try {
    return await planAndApply(await write(folder, users, functions), parallelism, aws);
  } finally {
    await aws.stop();
    rmSync(folder, { recursive: true });
  }
}

async function planAndApply(folder: string, parallelism: number, aws: LocalAws): Promise<Applied> {
  const env = aws.environment;
  await terraform(folder, { env }).init();
  const run = (command: string, ...args: readonly string[]): Promise<CommandRun> =>
    measuredCommand('terraform "$@"', {
      folder,
      env: terraformEnvironment(env),
      args: [command, '-input=false', '-no-color', `-parallelism=${parallelism}`, ...args],
    });
  const firstPlan = await run('plan', '-out=planned');
  const apply = await run('apply', 'planned');
  // Secrets Manager has every function tried when it gets its schedule.
  await aws.rotationsSettled();
  await aws.eventsDelivered();
  const callsBefore = aws.calls().length;
  // With 0 it found nothing to do; with 2 there is something.
  const secondPlan = await run('plan', '-detailed-exitcode');
  const secondPlanCalls = aws.calls().length - callsBefore;
  const { stdout } = await terraform(folder, { env }).run('state', 'pull');
  return {
    ...{ firstPlan, apply, secondPlan, secondPlanCalls },
    ...{ resources: resourcesIn(stdout), stateKilobytes: rounded(Buffer.byteLength(stdout) / 1000) },
  };
}

function resourcesIn(state: string): Readonly<Record<string, number>> {
  const { resources } = JSON.parse(state) as {
    readonly resources: readonly {
      readonly mode: string;
      readonly type: string;
      readonly instances: readonly unknown[];
    }[];
  };
  const counts: Record<string, number> = {};
  for (const { mode, type, instances } of resources)
    if (mode === 'managed') counts[type] = (counts[type] ?? 0) + instances.length;
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function measure(sizes: readonly Size[]): Promise<TerraformFigures> {
  const missing = missingTools();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const compared: Compared[] = [];
  for (const size of sizes) {
    const byHand = await measureOne(writeByHand, size);
    const own = await measureOne(writeOwn, size);
    compared.push({ ...size, own, byHand });
  }
  return { compared };
}

const countOf = ({ resources }: Applied): number =>
  Object.values(resources).reduce((sum, count) => sum + count, 0);

/** What each resource of the product takes, against one that was written by hand. */
const perResource = ({ own, byHand }: Compared, taken: (applied: Applied) => number): number =>
  rounded(taken(own) / countOf(own) / (taken(byHand) / countOf(byHand)), 2);

/** What the limits are about. */
function first({ compared: [found] }: TerraformFigures): Compared {
  if (found === undefined) throw new Error('There are no figures.');
  return found;
}

const figures = ({ seconds, cpuSeconds }: CommandRun): string =>
  `${seconds.toLocaleString('en-US')} (${cpuSeconds.toLocaleString('en-US')})`;

const both = ({ own, byHand }: Compared, shown: (applied: Applied) => string | number): readonly string[] =>
  [shown(own), shown(byHand)].map((figure) => figure.toLocaleString('en-US'));

function timesTable(compared: readonly Compared[]): Part {
  return {
    rows: [
      ['users', 'functions', 'written', 'resources', 'first plan, s', 'apply, s', 'plan without changes, s'],
      ...compared.flatMap(({ users, functions, own, byHand }) =>
        (
          [
            ['by the product', own],
            ['by hand', byHand],
          ] as const
        ).map(([written, applied]) => [
          ...[users, functions, written, countOf(applied)],
          ...[applied.firstPlan, applied.apply, applied.secondPlan].map((run) => figures(run)),
        ]),
      ),
    ],
  };
}

function sizesTable(compared: readonly Compared[]): Part {
  const header = compared.flatMap(({ users, functions }) => [`${users}, ${functions}`, 'by hand']);
  const row = (what: string, shown: (applied: Applied) => number): readonly string[] => [
    what,
    ...compared.flatMap((one) => both(one, shown)),
  ];
  return {
    rows: [
      ['users, functions', ...header],
      row('state, kB', ({ stateKilobytes }) => stateKilobytes),
      row('calls to AWS of a plan without changes', ({ secondPlanCalls }) => secondPlanCalls),
      row('… for each resource', (applied) => rounded(applied.secondPlanCalls / countOf(applied), 2)),
    ],
  };
}

/** What the one has and the other lacks, as the states say it. */
function typesTable({ own, byHand }: Compared): Part {
  const types = [...new Set([...Object.keys(own.resources), ...Object.keys(byHand.resources)])].toSorted();
  return {
    rows: [
      ['type of resource', 'by the product', 'by hand'],
      ...types.map((type) => [`\`${type}\``, own.resources[type] ?? 0, byHand.resources[type] ?? 0]),
    ],
  };
}

/** Several benchmarks of the same: what takes longer is taken by its own name. */
function terraformBenchmark(own: {
  readonly name: string;
  readonly title: string;
  readonly byName: string;
  readonly sizes: readonly Size[];
  readonly tried?: readonly (readonly string[])[];
}): AnyBenchmark {
  const { sizes, tried = [], ...named } = own;
  return defineBenchmark<TerraformFigures>({
    ...named,
    measures:
      'Terraform with the AWS provider plans and applies a stack into an empty account of the local AWS of the tests, and plans once more, ' +
      'which finds nothing to do. Beside it, each time in an account of its own, `bench/by-hand/`: what somebody writes who wants rotated ' +
      'keys and has no product for it. The CPU is that of Terraform and its provider. The local AWS is on the same processors, and one ' +
      'process of it answers nearly every call; so the seconds are no seconds of AWS, and the ratios hold.',
    limits: [
      {
        what: 'seconds of a plan without changes, for each resource',
        atMost: 1.3,
        baseline: 'a resource that was written by hand',
        why: 'Pipelines plan at every change. A resource of the product should not be much dearer to look at than another.',
        found: (found) => perResource(first(found), ({ secondPlan }) => secondPlan.seconds),
        missed: 'Its types say why: some need more calls than others to be read.',
      },
      {
        what: 'CPU of a plan without changes, for each resource',
        atMost: 1.3,
        baseline: 'a resource that was written by hand',
        why: 'It is what a plan takes of a machine, whatever AWS takes.',
        found: (found) => perResource(first(found), ({ secondPlan }) => secondPlan.cpuSeconds),
        missed: 'Resources that depend on many others, and texts with many references, cost Terraform time.',
      },
      {
        what: 'calls to AWS of a plan without changes, for each resource',
        atMost: 1.3,
        baseline: 'a resource that was written by hand',
        why: 'AWS limits calls, and at AWS they are what a plan waits for.',
        found: (found) => perResource(first(found), ({ secondPlanCalls }) => secondPlanCalls),
        missed: 'Its types say why: some need more calls than others to be read.',
      },
      {
        what: 'CPU of an apply, for each resource',
        atMost: 1.3,
        baseline: 'a resource that was written by hand',
        why: 'A first apply should take as long as its number of resources lets one expect.',
        found: (found) => perResource(first(found), ({ apply }) => apply.cpuSeconds),
        missed: 'Each function’s code is read, hashed and sent; by hand it is a function that does nothing.',
      },
    ],
    measure: () => measure(sizes),
    show: ({ compared }) => [
      ...compared
        .slice(0, 1)
        .filter(({ parallelism }) => parallelism !== undefined)
        .map(({ parallelism }) => ({
          text:
            `Terraform is run with \`-parallelism=${parallelism}\`: it works at 10 resources at a time else, and an apply mostly waits. The functions are ` +
            'shared: of functions whose code is a file, the AWS provider makes or changes one at a time, and waits at least five seconds for ' +
            'each, so 100 of them take ten minutes, whoever wrote them.',
        })),
      {
        text: 'In brackets: seconds of CPU. The apply of the product makes the first key of each user, with the function of the product, and its seconds have that, too.',
      },
      timesTable(compared),
      sizesTable(compared),
      {
        text:
          `What ${compared[0]?.users ?? 0} users have. By hand there is the user, its key, its secret with the first value, the ` +
          'function with role, policy, permission and log group, and the schedule. The key is made by Terraform, so its secret ' +
          'is in the state. It lacks what makes a rotation safe and visible: journal, settings, first key without a secret in the state, ' +
          'the retirement of old keys, alarms, notifications, dashboard, and the guard against removal. Its function does nothing, ' +
          'so its zip is 0.2 kB, and it is invoked once by Secrets Manager, as the one of the product is.',
      },
      ...compared.slice(0, 1).map((one) => typesTable(one)),
      ...(tried.length === 0
        ? []
        : [{ text: 'What was tried:' }, { rows: [['what', 'what it gave', 'done'], ...tried] }]),
    ],
  });
}

const NEEDS = 'it needs what the end-to-end tests need';

/** With 10 users, with 100, and with 500. */
export const terraformBenchmarks = [
  terraformBenchmark({
    name: 'terraform',
    title: 'Terraform',
    byName: `${NEEDS}, and takes ten minutes`,
    sizes: [
      { users: 10, functions: 'per-user' },
      { users: 10, functions: 'shared' },
    ],
    tried: [
      [
        'one check for the code of all functions, not one for each: Terraform reads the whole file to show the line of each warning',
        'first plan of 100 users with a function each: 95 to 19 s, and 1 warning, not 102',
        'yes',
      ],
      [
        'the policy of a queue as an argument of the queue, not as a resource of its own: the provider waits 25 s after each',
        'half a minute of the first apply',
        'yes',
      ],
    ],
  }),
  terraformBenchmark({
    name: 'terraform-100',
    title: 'Terraform with 100 users',
    byName: `${NEEDS}, and takes ten minutes`,
    sizes: [{ users: 100, functions: 'shared', parallelism: 50 }],
  }),
  terraformBenchmark({
    name: 'terraform-500',
    title: 'Terraform with 500 users',
    byName: `${NEEDS}, and takes half an hour`,
    sizes: [{ users: 500, functions: 'shared', parallelism: 50 }],
  }),
] as const;
