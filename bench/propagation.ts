import { functionEventSchema, ROTATION_STEPS } from '../contract/function-events';
import { SECOND, type Instant, type Milliseconds } from '../contract/instant';
import { PROOF_INTERVAL, PROOFS_IN_A_ROW } from '../handlers/core/model/timing';
import { rotate } from '../handlers/core/rotation/rotate';
import { addUser } from '../test/handlers/core/retirement/support/fleet';
import { NOON } from '../test/handlers/support/fixtures';
import { OpenGate } from '../test/support/in-memory-aws/gate';
import { InMemoryAws } from '../test/support/in-memory-aws/in-memory-aws';
import { call, refusal } from '../test/support/in-memory-aws/refusals';
import { processIn } from '../test/support/retirement-world';
import { defineBenchmark, rounded } from './support/benchmark';

interface PropagationFigures {
  readonly millisecondsPerCall: number;
  /** What the proof takes by itself: its calls, and the pauses between them. */
  readonly proofSeconds: number;
  readonly rotations: readonly {
    readonly delaySeconds: number;
    readonly seconds: number;
    /** Beyond the delay and the proof. */
    readonly moreSeconds: number;
  }[];
}

const CALL: Milliseconds = 50;
const STABLE_KEY = 'ci-deployer';
const TOKEN = 'rotation'.padEnd(32, '-');
const PROOF = PROOFS_IN_A_ROW * CALL + (PROOFS_IN_A_ROW - 1) * PROOF_INTERVAL;

/** How long a rotation takes until its key is current, if AWS knows a new key only after `delay`. */
async function untilPromotion(delay: Milliseconds): Promise<Milliseconds> {
  let promotedAt: Instant | undefined;
  let createdAt: Instant | undefined;
  const aws = new InMemoryAws((event) => {
    if (event.what === 'keyCreated') createdAt = event.at;
    if (event.what === 'labelsMoved' && event.is.AWSCURRENT === TOKEN) promotedAt ??= event.at;
  });
  const gate = new OpenGate(NOON, CALL);
  const { settings } = addUser(aws, STABLE_KEY, 'quiet', NOON);
  aws.secretsManager.startRotation(settings.secretArn, TOKEN, NOON);
  for (const Step of ROTATION_STEPS) {
    const { ports } = processIn(
      { aws, gate, requests: { push: () => undefined }, log: { push: () => undefined } },
      {
        instead: ({ probe }) => ({
          probe: {
            callerIdentity: async (credentials) => {
              const identity = await probe.callerIdentity(credentials);
              if (gate.now() >= createdAt! + delay) return identity;
              throw refusal(
                call.getCallerIdentity,
                'unknownKey',
                'InvalidClientTokenId',
                'It is not known yet.',
              );
            },
          },
        }),
      },
    );
    const event = { Step, SecretId: settings.secretArn, ClientRequestToken: TOKEN };
    await rotate(ports, STABLE_KEY, functionEventSchema.parse(event));
  }
  if (promotedAt === undefined)
    throw new Error('The rotation that was measured has not made its key the current one.');
  return promotedAt - NOON;
}

async function measure(): Promise<PropagationFigures> {
  const rotations = [];
  // Not only whole seconds: how well they meet the pauses of the proof would be chance.
  for (let delay = 0; delay <= 60 * SECOND; delay += 0.3 * SECOND) {
    const took = await untilPromotion(delay);
    rotations.push({
      delaySeconds: rounded(delay / SECOND, 1),
      seconds: rounded(took / SECOND, 2),
      moreSeconds: rounded((took - delay - PROOF) / SECOND, 2),
    });
  }
  return { millisecondsPerCall: CALL, proofSeconds: PROOF / SECOND, rotations };
}

export const propagation = defineBenchmark<PropagationFigures>({
  name: 'propagation',
  title: 'From RotateSecret to the promotion',
  measures:
    'How long a rotation takes until the new key is current, by how long AWS needs until it knows a new key. Time is virtual, in ' +
    `the AWS in memory of the tests: a call takes ${CALL} ms, and Lambda starts a function at once. The figures are the same on every machine.`,
  limits: [
    {
      what: 'seconds beyond the delay and the proof, at the most',
      atMost: 2,
      why: 'What is waited for is AWS; the product itself should add no more than its calls and the pause of one question.',
      found: ({ rotations }) => Math.max(...rotations.map(({ moreSeconds }) => moreSeconds)),
      missed:
        'It is the calls before and after the proof, and up to one pause between two questions of it. Fewer calls, or shorter ' +
        'pauses, would keep it.',
    },
  ],
  measure,
  show: ({ rotations, proofSeconds, millisecondsPerCall }) => [
    {
      text:
        `The proof is ${PROOFS_IN_A_ROW} answers in a row, ${PROOF_INTERVAL / SECOND} s apart: ${proofSeconds} s with calls of ` +
        `${millisecondsPerCall} ms. A rotation without any delay takes ${rotations[0]!.seconds} s.`,
    },
    {
      rows: [
        ['seconds until AWS knows the key', 'seconds until it is current', 'beyond delay and proof'],
        ...rotations
          .filter(({ delaySeconds }) => [0, 3, 9, 15, 30, 60].includes(delaySeconds))
          .map(({ delaySeconds, seconds, moreSeconds }) => [delaySeconds, seconds, moreSeconds]),
      ],
    },
    {
      chart: {
        name: 'propagation',
        title: 'Seconds from RotateSecret to the promotion',
        x: { label: 'seconds until AWS knows a new key' },
        y: { label: 'seconds' },
        lines: [
          {
            name: 'until the key is current',
            points: rotations.map(({ delaySeconds, seconds }) => [delaySeconds, seconds] as const),
          },
          {
            name: 'the delay and the proof alone',
            isLimit: true,
            points: [0, 60].map((delay) => [delay, rounded(delay + proofSeconds, 2)] as const),
          },
        ],
      },
    },
  ],
});
