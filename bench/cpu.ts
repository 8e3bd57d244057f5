import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RotateEnv } from '../contract/env/rotate';
import { bundle } from '../modules/node-function/bundle';
import { ROTATE_ACCESS_KEY_ENTRY } from '../modules/node-function/handler-entries';
import { nodeOf } from '../sandbox/lambda/node-binary';
import { defineBenchmark, median, rounded } from './support/benchmark';
import { LocalRotations, STACK } from './support/local-rotations';
import { requireBoto3, type PythonWithBoto3 } from './support/python';
import { ServedFunction, type Served } from './support/served-function';

/** `python`: the clients of boto3 are made once. `pythonAsPublished`: in every invocation, as AWS's own functions do it. */
const SUBJECTS = ['own', 'python', 'pythonAsPublished'] as const;
type Subject = (typeof SUBJECTS)[number];

interface Cost {
  readonly calls: number;
  /** From the start of the process to the end of its first rotation. */
  readonly coldCpuMilliseconds: number;
  readonly warmCpuMilliseconds: number;
  readonly warmCpuMillisecondsPerCall: number;
}

interface CpuFigures {
  readonly node: string;
  readonly python: string;
  readonly boto3: string;
  readonly processes: number;
  readonly warmRotations: number;
  readonly costs: Readonly<Record<Subject, Cost>>;
}

/** Of each function, in turn, so that all meet the same machine. */
const PROCESSES = 3;
/** After the first rotation of a process, and before those that are measured: a compiler is at work. */
const WARMING = 4;
const MEASURED = 10;

const SUPPORT = join(__dirname, 'support');

function served(
  { environment }: LocalRotations,
  code: string,
  python: PythonWithBoto3,
): Readonly<Record<Subject, Served>> {
  // No configuration of the person who measures.
  const common = { ...environment, PATH: process.env['PATH'] ?? '', HOME: join(code, '..') };
  const own: RotateEnv = { TABLE_NAME: STACK, STACK, SECRET_NAME_PREFIX: STACK };
  const args = [join(SUPPORT, 'python/serve.py'), join(SUPPORT, 'python/rotate_access_key.py')];
  return {
    own: {
      command: nodeOf('nodejs22.x'),
      args: [join(SUPPORT, 'serve.mjs'), code],
      environment: { ...common, ...own, AWS_LAMBDA_FUNCTION_NAME: 'iam-key-rotation-bench' },
    },
    python: { command: python.command, args, environment: common },
    pythonAsPublished: {
      command: python.command,
      args,
      environment: { ...common, CLIENTS: 'perInvocation' },
    },
  };
}

interface Run {
  readonly calls: number;
  readonly cold: number;
  readonly warm: number;
}

/** One process of a function: its first rotation, and later ones, each of another user. */
async function runOf(local: LocalRotations, how: Served, users: readonly string[]): Promise<Run> {
  const arns: string[] = [];
  for (const user of users) arns.push(await local.addUser(user));
  const process = new ServedFunction(how);
  try {
    const used: number[] = [];
    let calls = 0;
    for (const arn of arns) {
      calls = await local.rotate(arn, (event) => process.invoke(event));
      used.push(process.used().cpuMilliseconds);
    }
    return { calls, cold: used[0]!, warm: (used.at(-1)! - used[WARMING]!) / MEASURED };
  } finally {
    await process.stop();
  }
}

async function measure(): Promise<CpuFigures> {
  const python = requireBoto3();
  const folder = mkdtempSync(join(tmpdir(), 'bench-cpu-'));
  const local = await LocalRotations.start();
  try {
    const code = join(folder, 'index.mjs');
    writeFileSync(code, bundle(ROTATE_ACCESS_KEY_ENTRY)[0]!.bytes);
    const functions = served(local, code, python);
    const runs: Record<Subject, Run[]> = { own: [], python: [], pythonAsPublished: [] };
    for (let number = 0; number < PROCESSES; number += 1) {
      for (const subject of SUBJECTS) {
        const users = Array.from(
          { length: 1 + WARMING + MEASURED },
          (_, index) => `${subject}-${number}-${index}`,
        );
        runs[subject].push(await runOf(local, functions[subject], users));
      }
    }
    return {
      ...{ node: 'nodejs22.x', python: python.version, boto3: python.boto3Version },
      ...{ processes: PROCESSES, warmRotations: MEASURED },
      costs: {
        own: costOf(runs.own),
        python: costOf(runs.python),
        pythonAsPublished: costOf(runs.pythonAsPublished),
      },
    };
  } finally {
    await local.stop();
    rmSync(folder, { recursive: true });
  }
}

function costOf(runs: readonly Run[]): Cost {
  const calls = median(runs.map((run) => run.calls));
  const warm = median(runs.map((run) => run.warm));
  return {
    calls,
    coldCpuMilliseconds: rounded(median(runs.map((run) => run.cold))),
    warmCpuMilliseconds: rounded(warm, 1),
    warmCpuMillisecondsPerCall: rounded(warm / calls, 2),
  };
}

const WHAT: Readonly<Record<Subject, string>> = {
  own: 'this product',
  python: 'Python, clients made once',
  pythonAsPublished: 'Python, clients made in each invocation, as AWS publishes it',
};

const PYTHON = 'the Python function whose clients are made once';

export const cpu = defineBenchmark<CpuFigures>({
  name: 'cpu',
  title: 'CPU of a rotation, beside a Python function',
  byName: 'it needs Python with boto3, and takes some minutes',
  measures:
    'What the process of a rotation function has used, user and system, for one rotation; the local AWS, which Secrets Manager’s steps come ' +
    'from, is not counted. Beside this product, as it is deployed and in the Node.js of its runtime, the function that people have in its place: one ' +
    'in Python with boto3, with the same four steps, in the form in which AWS publishes rotation functions ' +
    '(`bench/support/python/rotate_access_key.py`). It makes room for a key, makes it, stores it as AWSPENDING, asks STS once who it is, and moves ' +
    `AWSCURRENT. Of each ${PROCESSES} processes, in turn: the first rotation of a process is cold; after ${WARMING} more, ${MEASURED} are warm. Each ` +
    'rotates another user, who has one key. The median of the processes.',
  limits: [
    {
      what: 'CPU of a rotation, cold',
      atMost: 0.5,
      baseline: PYTHON,
      why: 'Safety should not cost more than to do without it. A function of one user is cold at each of its rotations.',
      found: ({ costs }) => rounded(costs.own.coldCpuMilliseconds / costs.python.coldCpuMilliseconds, 2),
      missed:
        'Most of it is Node.js that reads and compiles the function, with the SDK in it, and runs each part of it for the first time. A ' +
        'smaller bundle would help; half would need a client of our own in place of the SDK.',
    },
    {
      what: 'CPU of a rotation, warm',
      atMost: 0.5,
      baseline: PYTHON,
      why: 'Safety should not cost more than to do without it.',
      found: ({ costs }) => rounded(costs.own.warmCpuMilliseconds / costs.python.warmCpuMilliseconds, 2),
      missed:
        'This product makes more than twice as many calls: settings, lease and journal, which the Python function does not have, two more proofs, ' +
        'and events ([which call is for what](#calls-to-aws)). A call also costs more in the SDK for JavaScript, whose layers take nearly all of the ' +
        'time. Half would need a third of the calls, and a client of our own in place of the SDK.',
    },
  ],
  measure,
  show: ({ costs, python, boto3 }) => [
    {
      rows: [
        ['function', 'calls', 'cold, ms of CPU', 'warm, ms of CPU', 'warm, ms of CPU for each call'],
        ...SUBJECTS.map((subject) => {
          const { calls, coldCpuMilliseconds, warmCpuMilliseconds, warmCpuMillisecondsPerCall } =
            costs[subject];
          return [WHAT[subject], calls, coldCpuMilliseconds, warmCpuMilliseconds, warmCpuMillisecondsPerCall];
        }),
      ],
    },
    {
      text:
        `Python ${python}, boto3 ${boto3}. By default each user has a function of its own, which is invoked for the four steps of a rotation every second ` +
        'month, so its rotations are cold. A function that all users of a stack share is warm in most of them. The Python function has no lease, no ' +
        'journal and no events: where it dies between CreateAccessKey and PutSecretValue, it leaves a key whose secret nobody has.',
    },
    {
      text:
        'The local AWS speaks HTTP without TLS. On AWS this product pays more for connections than is shown here: it makes new ones in each invocation, ' +
        'because those that were kept die while Lambda freezes a function, and a change of a key is not to meet a dead one. That was left as it is.',
    },
    {
      text:
        'What was tried, after a profile of 20 rotations in one process. The proof made a client of the SDK for each of its three questions, and each client ' +
        'looks for settings in files that are not there on Lambda: 6 look-ups, each with an error. It makes one now, which saves about a millisecond ' +
        'for each further question. Each invocation made a logger that it needed only where its event could not be read: 0.2 ms, not made any ' +
        'more. Nothing else in it stands out: a quarter is the system call that sends a request, 9 % is loading the function once, 6 % is signing, ' +
        '4 % is the garbage collector, 1 % is zod. The rest is spread over the layers of the SDK. Over HTTP, as here, Node.js loads its own ' +
        'fetch with `node:http`, a fifth of the start; over HTTPS, as on AWS, it does not. The cold figure is too high by that.',
    },
  ],
});
