import { HOUR } from '../contract/instant';
import { functionEventSchema, ROTATION_STEPS, type RotationStep } from '../contract/function-events';
import { rotate } from '../handlers/core/rotation/rotate';
import { sweep } from '../handlers/core/retirement/sweep';
import { addUser, type Situation } from '../test/handlers/core/retirement/support/fleet';
import { NOON } from '../test/handlers/support/fixtures';
import { OpenGate, type CallSite, type Gate } from '../test/support/in-memory-aws/gate';
import { InMemoryAws } from '../test/support/in-memory-aws/in-memory-aws';
import { NOBODY, type Listener } from '../test/support/in-memory-aws/in-memory-ports';
import { processIn } from '../test/support/retirement-world';
import { defineBenchmark, type Part } from './support/benchmark';
import { callReason } from './support/rotation-calls';

/** `Secrets Manager DescribeSecret`, as messages and logs name a call. */
type NamedCall = string;

interface CallFigures {
  readonly rotation: Readonly<Record<RotationStep, readonly NamedCall[]>>;
  /** What one visit of the sweep calls, by what it finds; and what each run calls beside its visits. */
  readonly visits: Readonly<Record<string, readonly NamedCall[]>>;
  readonly run: readonly NamedCall[];
}

const STABLE_KEY = 'ci-deployer';
const TOKEN = 'rotation'.padEnd(32, '-');

/** Passes every call on and notes its name. */
class NotingGate implements Gate {
  readonly noted: NamedCall[] = [];
  readonly #open = new OpenGate(NOON);

  now(): number {
    return this.#open.now();
  }

  sleep(duration: number): Promise<void> {
    return this.#open.sleep(duration);
  }

  pass<Result>(site: CallSite, perform: (now: number) => Result): Promise<Result> {
    this.noted.push(`${site.name.service} ${site.name.action}`);
    return this.#open.pass(site, perform);
  }

  /** Events go to EventBridge in one call for each flush, if there are any. */
  readonly listener: Listener = {
    ...NOBODY,
    lifecycle: {
      note: () => {
        this.#events += 1;
      },
      flush: () => {
        if (this.#events > 0) this.noted.push(PUT_EVENTS);
        this.#events = 0;
        return Promise.resolve();
      },
      send: () => {
        this.noted.push(PUT_EVENTS);
        return Promise.resolve(true);
      },
    },
  };
  #events = 0;

  take(): readonly NamedCall[] {
    return this.noted.splice(0);
  }
}

const PUT_EVENTS = 'EventBridge PutEvents';
const NOWHERE = { push: () => undefined };

/** The calls of a rotation in which nothing goes wrong, with the settings that users have by default. */
export async function callsOfRotation(): Promise<CallFigures['rotation']> {
  const aws = new InMemoryAws(() => undefined);
  const { settings } = addUser(aws, STABLE_KEY, 'quiet', NOON);
  const gate = new NotingGate();
  aws.secretsManager.startRotation(settings.secretArn, TOKEN, NOON);
  const calls: [RotationStep, readonly NamedCall[]][] = [];
  for (const Step of ROTATION_STEPS) {
    // Each step is an invocation of its own.
    const { ports } = processIn({ aws, gate, requests: NOWHERE, log: NOWHERE, listener: gate.listener });
    const event = { Step, SecretId: settings.secretArn, ClientRequestToken: TOKEN };
    try {
      await rotate(ports, STABLE_KEY, functionEventSchema.parse(event));
    } finally {
      await ports.lifecycle.flush();
    }
    calls.push([Step, gate.take()]);
  }
  if (aws.secretsManager.labels(settings.secretArn).AWSCURRENT !== TOKEN)
    throw new Error('The rotation that was counted has not made its key the current one.');
  return Object.fromEntries(calls) as CallFigures['rotation'];
}

/** The calls of one sweep over users of the same situation. */
async function callsOfSweep(situation: Situation, users: number): Promise<readonly NamedCall[]> {
  const aws = new InMemoryAws(() => undefined);
  for (let index = 0; index < users; index += 1) addUser(aws, `user-${index}`, situation, NOON);
  const gate = new NotingGate();
  const { ports } = processIn({ aws, gate, requests: NOWHERE, log: NOWHERE, listener: gate.listener });
  await sweep(ports, {
    ...{ stack: 'iam-key-rotation', mode: 'act', maximumDeletions: 10, concurrency: 1 },
    ...{ stopAt: NOON + HOUR, overAt: NOON + HOUR },
  });
  return gate.take();
}

const VISITS = {
  'nothing to do, one key': 'quiet',
  'nothing to do, a previous key in its overlap': 'inOverlap',
  'a previous key is deactivated': 'overlapOver',
  'a retired key is deleted': 'gracePeriodOver',
} as const satisfies Record<string, Situation>;

async function measure(): Promise<CallFigures> {
  const run = await callsOfSweep('quiet', 0);
  const visits = Object.entries(VISITS).map(async ([what, situation]) => {
    const calls = await callsOfSweep(situation, 1);
    // A run begins with the same calls always, and ends with one.
    return [what, calls.slice(run.length - 1, -1)] as const;
  });
  return { rotation: await callsOfRotation(), run, visits: Object.fromEntries(await Promise.all(visits)) };
}

/** What was thought of, what it saved, and why some of it was not done. */
const TRIED = [
  ['what', 'calls saved', 'done'],
  ['createSecret settles by the labels that it has just read', 1, 'yes'],
  ['the attempt is announced with the labels and keys that were read for the free slot', 2, 'yes'],
  ['finishSecret asks once for keys and once for labels', 2, 'yes'],
  [
    'createSecret asks for the labels only under the lease',
    1,
    'no: a repetition of a rotation that is over would wait for the lease',
  ],
  [
    'labels are not read again after settling',
    1,
    'no: settling may wait for a minute, and the rotation may be abandoned meanwhile',
  ],
  [
    'setSecret, which has nothing to do, reads no settings',
    1,
    'no: it would succeed for a user whom Terraform does not know',
  ],
  [
    'testSecret reads no labels',
    1,
    'no: an abandoned key would be proved for minutes, and the secret of another user would be found later',
  ],
  [
    'the proof is written and the lease given back in one call',
    1,
    'no: where its answer is lost, the second try finds the lease gone, and cannot tell whether the proof was written',
  ],
  ['settings and journal are read in one call', 1, 'no: the role of the function would need another right'],
  [
    'settings are remembered from one step to the next',
    3,
    'no: an apply in between would not be seen, and a new process has to read them anyway',
  ],
] as const;

const allOf = ({ rotation }: CallFigures): readonly NamedCall[] => Object.values(rotation).flat();
const of = (service: string, calls: readonly NamedCall[]): number =>
  calls.filter((call) => call.startsWith(`${service} `)).length;
const SERVICES = ['IAM', 'Secrets Manager', 'STS', 'DynamoDB', 'EventBridge'] as const;

function show(figures: CallFigures): readonly Part[] {
  const steps = Object.entries(figures.rotation);
  const counts = (calls: readonly NamedCall[]): readonly number[] => [
    ...SERVICES.map((service) => of(service, calls)),
    calls.length,
  ];
  return [
    {
      rows: [
        ['step', ...SERVICES, 'all'],
        ...steps.map(([step, calls]) => [`\`${step}\``, ...counts(calls)]),
        ['a rotation', ...counts(allOf(figures))],
      ],
    },
    {
      text: 'Each call, and what needs it. Without it the rule that is named would not hold, or people would not know.',
    },
    {
      rows: [
        ['step', 'call', 'what needs it'],
        ...steps.flatMap(([step, calls]) =>
          calls.map((call, index) => {
            const { what, why } = callReason(step as RotationStep, index, call);
            return [`\`${step}\``, what === '' ? call : `${call}: ${what}`, why];
          }),
        ),
      ],
    },
    { text: 'What was tried to have fewer of them. A rotation had 39 calls before, 5 of them to IAM.' },
    { rows: TRIED },
    {
      text:
        'Retirement: a run of the sweep has the calls of its visits and ' +
        `${figures.run.length} more (${figures.run.join(', ')}).`,
    },
    {
      rows: [
        ['a visit that finds', ...SERVICES, 'all'],
        ...Object.entries(figures.visits).map(([what, calls]) => [what, ...counts(calls)]),
      ],
    },
  ];
}

export const calls = defineBenchmark<CallFigures>({
  name: 'calls',
  title: 'Calls to AWS',
  measures:
    'The calls of one rotation in which nothing goes wrong, counted in the AWS in memory of the tests, with the settings that a ' +
    'user has by default; and those of the retirement function. The counts are the same on every machine.',
  limits: [
    {
      what: 'calls of a rotation',
      atMost: 19,
      why: 'Each call takes some 20 to 100 ms and may fail; the table and IAM are shared with others.',
      found: (figures) => allOf(figures).length,
      missed:
        'Keys, labels and the proof take 16 calls, and events 2. The others are the table: each of the three ' +
        'steps that change something is an invocation of its own, which reads the settings, takes the lease, writes down ahead ' +
        'what it is about to do, and gives the lease back. 19 would need a lease that is held from one step to the next (where ' +
        'the next step does not come, the user would be blocked for a minute), settings that are remembered from one step to ' +
        'the next (an apply in between would not be seen), and an attempt that is not written down before it is made (R5).',
    },
    {
      what: 'calls of a rotation to IAM',
      atMost: 3,
      why: 'IAM allows an account few calls a second, which applications, people and Terraform share.',
      found: (figures) => of('IAM', allOf(figures)),
    },
  ],
  measure,
  show,
});
