import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { buildSync } from 'esbuild';

import { bundle, bundleOptions } from '../modules/node-function/bundle';
import { deterministicZip } from '../modules/node-function/deterministic-zip';
import { HANDLER_ENTRIES } from '../modules/node-function/handler-entries';
import { alarmState } from '../test/handlers/core/notifications/support/events';
import { defineBenchmark, median, rounded } from './support/benchmark';
import { firstCallOf, type FirstCall } from './support/first-call';

interface Measured {
  readonly zipKilobytes: number;
  readonly unpackedKilobytes: number;
  /** From the start of the process to the first call to AWS. */
  readonly coldMilliseconds: number;
  readonly coldCpuMilliseconds: number;
  readonly coldPeakMegabytes: number;
  readonly warmMilliseconds: number;
  /** After 21 invocations. */
  readonly peakMegabytes: number;
}

interface BundleFigures {
  readonly node: string;
  readonly runs: number;
  readonly bundles: readonly (Measured & {
    readonly name: string;
    readonly empty: Measured;
    /** Of an empty function that keeps its connection. */
    readonly keptMilliseconds: number;
  })[];
}

interface Subject {
  /** Of the SDK, that the function makes. */
  readonly clients: readonly string[];
  readonly event: unknown;
  readonly environment: Readonly<Record<string, string>>;
}

const RUNS = 9;
const ACCOUNT = '111122223333';
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:iam-key-rotation/ci-deployer-AbCdEf`;
const PLACE = { TABLE_NAME: 'iam-key-rotation', STACK: 'iam-key-rotation' };
const NAMED = { ...PLACE, SECRET_NAME_PREFIX: 'iam-key-rotation' };
const ROTATION_CLIENTS = ['DynamoDB', 'EventBridge', 'IAM', 'SecretsManager', 'STS'];

/** What each function is invoked with, so that it calls AWS. */
const SUBJECTS: Readonly<Record<string, Subject>> = {
  'rotate-access-key': {
    clients: ROTATION_CLIENTS,
    event: { Step: 'testSecret', SecretId: SECRET, ClientRequestToken: 'rotation'.padEnd(36, '-') },
    environment: { ...NAMED, STABLE_KEY: 'ci-deployer' },
  },
  'retire-access-keys': {
    clients: [...ROTATION_CLIENTS, 'CloudTrail'],
    event: {},
    environment: { ...PLACE, MODE: 'act', MAXIMUM_DELETIONS: '10', METRICS_PER: 'stack' },
  },
  'notify-people': {
    clients: ['DynamoDB', 'SNS'],
    event: alarmState('iam-key-rotation/sweep-failed', 'ALARM'),
    environment: {
      ...NAMED,
      ...{ ACCOUNT_ID: ACCOUNT, SHARDED: 'false', RUNBOOK_URL: 'https://wiki.example.com/runbook' },
      TOPIC_ARNS: `arn:aws:sns:eu-west-1:${ACCOUNT}:iam-key-rotation-alerts`,
    },
  },
  'deliver-access-keys': {
    clients: ['DynamoDB', 'EventBridge', 'SecretsManager', 'SSM', 'ECS'],
    event: { deliver: 'all' },
    environment: NAMED,
  },
  'respond-to-leaks': {
    clients: ['DynamoDB', 'EventBridge', 'Lambda', 'CloudTrail'],
    event: {
      ...{ id: 'one', source: 'aws.health', account: ACCOUNT, 'detail-type': 'AWS Health Event' },
      detail: {
        service: 'RISK',
        eventTypeCode: 'AWS_RISK_IAM_QUARANTINE',
        affectedEntities: [{ entityValue: 'AKIAMMMMMMMM1EXAMPLE' }],
      },
    },
    environment: { ...PLACE, ACCOUNT_ID: ACCOUNT, FUNCTIONS: 'per-user' },
  },
};

/** As their packages are called. */
const PACKAGES: Readonly<Record<string, string>> = {
  DynamoDB: 'dynamodb',
  EventBridge: 'eventbridge',
  IAM: 'iam',
  SecretsManager: 'secrets-manager',
  STS: 'sts',
  CloudTrail: 'cloudtrail',
  SNS: 'sns',
  SSM: 'ssm',
  ECS: 'ecs',
  Lambda: 'lambda',
};

/** A function that makes the same clients, and does nothing with them but one call, through a new connection as ours or a kept one. */
function emptyHandler(clients: readonly string[], connection: 'new' | 'kept'): string {
  return [
    ...clients.map((client) => {
      const name = client === 'DynamoDB' ? 'DynamoDBClient, GetItemCommand' : `${client}Client`;
      return `import { ${name} } from '@aws-sdk/client-${PACKAGES[client]}';`;
    }),
    `const clients = [${clients.map((client) => `new ${client}Client({})`).join(', ')}];`,
    'const get = { TableName: process.env.TABLE_NAME, Key: { pk: { S: "settings#ci-deployer" } } };',
    `const begin = () => ${connection === 'new' ? 'clients[0].destroy()' : 'undefined'};`,
    'export const handler = () => { begin(); return clients[0].send(new GetItemCommand(get)); };',
  ].join('\n');
}

/** @returns the bytes of a bundle that is made as those of the functions are. */
function bundleOf(source: string, entry: string): Uint8Array {
  // With the SDK as it comes.
  const options = { ...bundleOptions(entry), entryPoints: undefined, alias: {} };
  const stdin = { contents: source, resolveDir: dirname(entry), loader: 'ts' } as const;
  const [output] = buildSync({ ...options, stdin, write: false }).outputFiles;
  if (output === undefined) throw new Error('esbuild has made nothing.');
  return output.contents;
}

async function measureOne(
  entry: string,
  folder: string,
): Promise<Measured & { empty: Measured; keptMilliseconds: number }> {
  const subject = SUBJECTS[basename(dirname(entry))];
  if (subject === undefined) throw new Error(`No event is known that ${entry} is invoked with.`);
  const codes = [
    bundle(entry)[0]!.bytes,
    ...(['new', 'kept'] as const).map((connection) =>
      bundleOf(emptyHandler(subject.clients, connection), entry),
    ),
  ];
  const files = codes.map((bytes, index) => {
    const place = join(folder, `${basename(dirname(entry))}-${index}`);
    mkdirSync(place);
    const file = join(place, 'index.mjs');
    writeFileSync(file, bytes);
    return file;
  });
  // In turn, so that all meet the same machine.
  const runs: FirstCall[][] = [[], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, file] of files.entries())
      runs[index]!.push(await firstCallOf(file, subject.event, subject.environment));
  }
  const [own, empty, kept] = runs.map((taken, index) => figuresOf(codes[index]!, taken));
  return { ...own!, empty: empty!, keptMilliseconds: kept!.warmMilliseconds };
}

function figuresOf(bytes: Uint8Array, taken: readonly FirstCall[]): Measured {
  const zip = deterministicZip([{ name: 'index.mjs', bytes }]);
  const fastest = (of: (run: FirstCall) => number, digits = 1): number =>
    rounded(Math.min(...taken.map(of)), digits);
  const middle = (of: (run: FirstCall) => number): number => rounded(median(taken.map(of)), 1);
  return {
    zipKilobytes: rounded(zip.byteLength / 1000, 1),
    unpackedKilobytes: rounded(bytes.byteLength / 1000, 1),
    coldMilliseconds: fastest(({ cold }) => cold.milliseconds),
    coldCpuMilliseconds: fastest(({ cold }) => cold.cpuMilliseconds),
    coldPeakMegabytes: middle(({ cold }) => cold.peakMegabytes),
    warmMilliseconds: fastest(({ warmMilliseconds }) => warmMilliseconds, 2),
    peakMegabytes: middle(({ peakMegabytes }) => peakMegabytes),
  };
}

async function measure(): Promise<BundleFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
  try {
    const bundles = [];
    for (const entry of HANDLER_ENTRIES)
      bundles.push({ name: basename(dirname(entry)), ...(await measureOne(entry, folder)) });
    return { node: 'nodejs22.x', runs: RUNS, bundles };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const largest = (
  { bundles }: BundleFigures,
  of: (bundle: BundleFigures['bundles'][number]) => number,
  digits = 2,
): number => rounded(Math.max(...bundles.map(of)), digits);

const EMPTY = 'an empty function with the same clients of the SDK';

export const bundles = defineBenchmark<BundleFigures>({
  name: 'bundles',
  title: 'Size, cold start and memory of the functions',
  measures:
    'Each function as it is deployed, in the Node.js of its runtime, with an HTTPS server in the place of AWS that refuses every call: ' +
    `the size of its code, the way from the start of the process to its first call, and the memory. Beside it, in turn, ${EMPTY}, ` +
    `which makes one call through a new connection, and has the SDK as it comes. Of several runs: the fastest, because what else runs on a machine only adds; of memory the median. Lambda with little memory gives a part of one processor, so a cold start takes longer there; the ratio holds.`,
  limits: [
    {
      what: 'kB of the largest zip',
      atMost: 200,
      why: 'Each user has a function of its own by default, so the code is uploaded and loaded as many times.',
      found: (figures) => largest(figures, ({ zipKilobytes }) => zipKilobytes, 1),
      missed:
        'Most of it is the clients of the SDK, see the table. A client of our own for the calls that are made would be smaller, and ' +
        'would have to be kept in step with AWS.',
    },
    {
      what: 'unpacked size, of the function with the highest ratio',
      atMost: 1.3,
      baseline: EMPTY,
      why: 'Node.js reads and compiles all of it in a cold start.',
      found: (figures) =>
        largest(figures, ({ unpackedKilobytes, empty }) => unpackedKilobytes / empty.unpackedKilobytes),
    },
    {
      what: 'CPU time of a cold start, of the function with the highest ratio',
      atMost: 1.3,
      baseline: EMPTY,
      why: 'Lambda gives little memory little CPU, so every millisecond of it is several of waiting.',
      found: (figures) =>
        largest(figures, ({ coldCpuMilliseconds, empty }) => coldCpuMilliseconds / empty.coldCpuMilliseconds),
    },
    {
      what: 'warm time, of the function with the highest ratio',
      atMost: 1.3,
      baseline: EMPTY,
      why: 'What is before the first call is ours alone: the event, the log, the settings of the call.',
      found: (figures) =>
        largest(figures, ({ warmMilliseconds, empty }) => warmMilliseconds / empty.warmMilliseconds),
      missed:
        'A logger and a collector of metrics are made for each invocation, and all connections are closed, not that of one client. On a busy machine ' +
        'this figure says nothing: a handshake waits for its turn.',
    },
    {
      what: 'peak memory, of the function with the highest ratio',
      atMost: 1.3,
      baseline: EMPTY,
      why: 'Memory is paid for; what is not the SDK should not matter beside it.',
      found: (figures) => largest(figures, ({ peakMegabytes, empty }) => peakMegabytes / empty.peakMegabytes),
      missed: 'The logger and the rules take the difference. Less of them would keep it.',
    },
  ],
  measure,
  show: ({ bundles: all, runs }) => [
    {
      rows: [
        ['function', 'zip, kB', 'unpacked, kB', 'cold, ms', 'of it CPU, ms', 'warm, ms', 'peak memory, MB'],
        ...all.map((bundle) => [
          `\`${bundle.name}\``,
          withEmpty(bundle, 'zipKilobytes'),
          withEmpty(bundle, 'unpackedKilobytes'),
          withEmpty(bundle, 'coldMilliseconds'),
          withEmpty(bundle, 'coldCpuMilliseconds'),
          withEmpty(bundle, 'warmMilliseconds'),
          withEmpty(bundle, 'peakMegabytes'),
        ]),
      ],
    },
    {
      text:
        `Of ${runs} runs. In brackets: the empty function. Cold: from the start of the process to its first call to AWS. Warm: from the begin of a ` +
        'later invocation to its first call, with a new connection; the fastest of 20. The peak is after all of them. An empty function ' +
        `that keeps its connection is at its call after ${mostOf(all)} ms. Ours closes all of them first: Lambda freezes a function between ` +
        'two invocations, its connections die meanwhile, and a change of a key that is sent into a dead one counts as unanswered.',
    },
    { text: 'What was tried, and what it gave. The zips had 172 to 217 kB before.' },
    { rows: [['what', 'what it gives', 'done'], ...TRIED] },
  ],
});

/**
 * Figures taken once, of the rotation function; shares of CPU time are of a cold start. Which runtimes have SnapStart:
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
 */
const TRIED: readonly (readonly string[])[] = [
  [
    "without the SDK's search for credentials (profiles, sign-in, metadata of machines): Lambda puts them into the environment",
    'zip 33 kB, unpacked 115 kB',
    'yes',
  ],
  [
    '`zod/mini` in place of zod, which checks what is read from the table and from events: the same checks as functions, so that a bundle has only those that it uses, and the texts of one language',
    'zip 18 kB, unpacked 64 kB, CPU time a tenth, memory 3 MB',
    'yes',
  ],
  [
    'the texts of faults apart from their names',
    'not made; unpacked 20 kB at the most',
    'no: names of metrics and findings follow from the same catalogue (one fact, one home)',
  ],
  [
    'a logger and metrics of our own in place of Powertools',
    'not made; unpacked 28 kB and of the warm time 0.06 ms at the most',
    'no: both write what AWS specifies and others read',
  ],
  [
    '`node:http` loaded by `require` and not as an ES module, which loads all of `fetch` with it',
    'measured alone, a fifth of the CPU time and 10 MB over HTTP; nothing over HTTPS, as AWS is called: the SDK loads it for HTTP alone',
    'no; the measurement speaks HTTPS now',
  ],
  [
    'the compile cache of Node.js (`module.enableCompileCache`)',
    'nothing on Lambda: `/tmp` is empty in a cold start and the folder of the code read-only; a cache in the zip holds for one build of V8 and one architecture, and would make the zip another on every machine',
    'no',
  ],
  [
    'a snapshot of the heap',
    'nothing: Lambda starts Node.js by itself, without `--snapshot-blob`, and has SnapStart for Java, Python and .NET alone',
    'no',
  ],
  [
    'smaller clients of the SDK',
    'nothing: each brings the errors of all its calls. A client of our own for the calls that are made would have to be kept in step with AWS',
    'no',
  ],
];

const mostOf = (all: BundleFigures['bundles']): number =>
  Math.max(...all.map(({ keptMilliseconds }) => keptMilliseconds));

const withEmpty = (bundle: BundleFigures['bundles'][number], figure: keyof Measured): string =>
  `${bundle[figure]} (${bundle.empty[figure]})`;
