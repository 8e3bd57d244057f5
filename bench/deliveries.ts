import type { DeliveryTarget } from '../contract/delivery';
import { MINUTE, SECOND } from '../contract/instant';
import { ROLLOUT_WAIT } from '../handlers/core/delivery/restart-service';
import { defineBenchmark, rounded } from './support/benchmark';
import { runDeliveries, TARGETS, type DeliveryRun } from './support/delivery-run';

const USERS = 500;
/** As AWS answers from nearby; GitHub and others are often further away. */
const ANSWERS_AFTER = 50;
/** In this time of a run users are begun: Lambda's 15 minutes without the 5 that the last of them may need. */
const BEGINS_FOR = 10 * MINUTE;
/** A whole processor has 1,769 MB, and the function 256. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const PART_OF_A_PROCESSOR = 256 / 1_769;

type Kind = DeliveryTarget['kind'];

interface KindFigures {
  readonly kind: Kind;
  readonly atOnce: DeliveryRun;
  readonly afterAWhile: DeliveryRun;
}

interface DeliveryFigures {
  readonly users: number;
  readonly answersAfter: number;
  readonly kinds: readonly KindFigures[];
}

async function measure(): Promise<DeliveryFigures> {
  const kinds: KindFigures[] = [];
  for (const kind of Object.keys(TARGETS) as Kind[]) {
    kinds.push({
      kind,
      atOnce: await runDeliveries(kind, { users: USERS }),
      afterAWhile: await runDeliveries(kind, { users: USERS, answersAfter: ANSWERS_AFTER }),
    });
  }
  return { users: USERS, answersAfter: ANSWERS_AFTER, kinds };
}

const cpuOf = ({ users }: DeliveryFigures, { afterAWhile }: KindFigures): number =>
  afterAWhile.cpuMilliseconds / users;

const callsOf = ({ users }: DeliveryFigures, { afterAWhile }: KindFigures): number =>
  Object.values(afterAWhile.calls).reduce((sum, calls) => sum + calls, 0) / users;

/** The CPU time is added to the waiting, as if none of it passed meanwhile: the run takes no longer than that. */
const secondsOnLambda = ({ afterAWhile: { seconds, cpuMilliseconds } }: KindFigures): number =>
  seconds + (cpuMilliseconds / SECOND) * (1 / PART_OF_A_PROCESSOR - 1);

const most = ({ kinds }: DeliveryFigures, of: (kind: KindFigures) => number): number =>
  rounded(Math.max(...kinds.map(of)), 1);

const NAMES: Readonly<Record<Kind, string>> = {
  secret: 'field of another secret',
  parameter: 'SSM parameter',
  restart: 'restart of an ECS service',
  githubActions: 'two secrets of GitHub Actions',
  https: 'HTTPS address',
};

const SERVICES = ['DynamoDB', 'Secrets Manager', 'Systems Manager', 'ECS', 'outside AWS', 'EventBridge'];

export const deliveries = defineBenchmark<DeliveryFigures>({
  name: 'deliveries',
  title: 'Deliveries',
  measures:
    `One run of the delivery function, as it is deployed and in the Node.js of its runtime, over ${USERS} users with one target each, of ` +
    'which none has the current key. In the place of AWS, GitHub and the others are servers on the same machine, which answer at once, ' +
    `and then after ${ANSWERS_AFTER} ms. What is outside AWS is called over TLS, each time with a new connection.`,
  limits: [
    {
      what: `seconds that ${USERS} deliveries take with Lambda’s part of a processor, of the slowest kind`,
      atMost: BEGINS_FOR / 2 / SECOND,
      why: 'After 10 of the 15 minutes a run begins no further user. Half of that leaves room for answers that take twice as long.',
      found: (figures) => most(figures, secondsOnLambda),
      missed: 'A larger function has a larger part of a processor, and more users at a time wait less.',
    },
    {
      what: 'ms of CPU for a delivery, of the kind that needs most',
      atMost: 60,
      why: 'A function of 256 MB has a seventh of a processor: eight users at a time would otherwise wait for it, and not for AWS.',
      found: (figures) => most(figures, (kind) => cpuOf(figures, kind)),
      missed: 'Most of it is the SDK, and for what is outside AWS the connection over TLS.',
    },
    {
      what: 'calls of a delivery to the table, of the kind that needs most',
      atMost: 12,
      why:
        'The lease, the announcement and the record of each delivery are what keeps a key from being retired that a target may hold (R12). ' +
        'More would be waste.',
      found: (figures) =>
        most(figures, ({ afterAWhile }) => (afterAWhile.calls['DynamoDB'] ?? 0) / figures.users),
      missed: 'A delivery renews its lease where its calls take long.',
    },
  ],
  measure,
  show: (figures) => [
    {
      rows: [
        [
          'target',
          'deliveries per second, answers at once',
          `after ${figures.answersAfter} ms`,
          `seconds for ${figures.users}, after ${figures.answersAfter} ms`,
          'with Lambda’s part of a processor',
          'CPU per delivery, ms',
          'peak memory, MB',
        ],
        ...figures.kinds.map((one) => [
          NAMES[one.kind],
          rounded(figures.users / one.atOnce.seconds, 1),
          rounded(figures.users / one.afterAWhile.seconds, 1),
          rounded(one.afterAWhile.seconds, 1),
          rounded(secondsOnLambda(one), 1),
          rounded(cpuOf(figures, one), 1),
          rounded(one.afterAWhile.peakMegabytes, 1),
        ]),
      ],
    },
    {
      text:
        'A run works on eight users at a time. A user with several targets needs less for each of them, because the lease is taken and the ' +
        'secret is read once for all. In a function of 256 MB the CPU time counts seven times, which the fifth column adds to the measured ' +
        'time, as if no waiting and no computing happened at the same time.',
    },
    {
      rows: [
        ['calls of one delivery', ...SERVICES, 'all'],
        ...figures.kinds.map((one) => [
          NAMES[one.kind],
          ...SERVICES.map((service) => rounded((one.afterAWhile.calls[service] ?? 0) / figures.users, 1)),
          rounded(callsOf(figures, one), 1),
        ]),
      ],
    },
    {
      text:
        'Events go to EventBridge ten at a time, and the table is read once, at the beginning of a run. The stand-in of ECS has the new tasks ' +
        `at once. ECS itself takes minutes. A run waits ${ROLLOUT_WAIT / MINUTE} minute for the tasks of a service and then goes on; a ` +
        `later run finds them there. So one run begins some ${(8 * BEGINS_FOR) / ROLLOUT_WAIT} restarts, and the next run, an hour later, goes ` +
        'on with the others. After its rotation each user has a run of its own at once. So this matters only where hundreds of services are ' +
        'to be restarted that had no such run.',
    },
  ],
});
