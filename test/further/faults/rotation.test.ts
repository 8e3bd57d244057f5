import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Ending } from './support/ending';
import { Lanes } from './support/lanes';
import {
  ANSWER_LOST,
  countCalls,
  CUT,
  type FunctionCall,
  GLITCHES,
  glitchesOf,
  KILLED_AFTER,
  KILLED_BEFORE,
  type Mishap,
  mishap,
  mishapsOf,
  REFUSED,
} from './support/mishaps';

/** Every call of a rotation that changes something, in order, where all there is to do is to be done. */
const CHANGES = countCalls([
  ['createSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the key before last is deleted', 'iam:DeleteAccessKey'],
  ['and taken out of the journal', 'dynamodb:UpdateItem'],
  ['the attempt is announced', 'dynamodb:UpdateItem'],
  ['the new key', 'iam:CreateAccessKey'],
  ['its id is journaled', 'dynamodb:UpdateItem'],
  ['it is stored', 'secretsmanager:PutSecretValue'],
  ['createSecret gives the lease back', 'dynamodb:UpdateItem'],
  ['testSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the proof is journaled', 'dynamodb:UpdateItem'],
  ['testSecret gives the lease back', 'dynamodb:UpdateItem'],
  ['finishSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the promotion is announced', 'dynamodb:UpdateItem'],
  ['AWSCURRENT is moved', 'secretsmanager:UpdateSecretVersionStage'],
  ['the promotion is journaled', 'dynamodb:UpdateItem'],
  ['AWSPENDING is taken off', 'secretsmanager:UpdateSecretVersionStage'],
  ['the deactivation is announced', 'dynamodb:UpdateItem'],
  ['the former key is deactivated', 'iam:UpdateAccessKey'],
  ['the deactivation is journaled', 'dynamodb:UpdateItem'],
  ['finishSecret gives the lease back', 'dynamodb:UpdateItem'],
]);

/** A call that reads changes nothing, so a few of them stand for all: the first and the last of each. */
const READS = countCalls([
  ['the settings', 'dynamodb:GetItem'],
  ['what the labels are on', 'secretsmanager:DescribeSecret'],
  ['whether a value is stored', 'secretsmanager:GetSecretValue'],
  ['the keys', 'iam:ListAccessKeys'],
  ['the proof', 'sts:GetCallerIdentity'],
]);

const REPEATED = ['dynamodb:UpdateItem', 'dynamodb:GetItem']
  .concat(['DescribeSecret', 'GetSecretValue', 'PutSecretValue'].map((action) => `secretsmanager:${action}`))
  .concat('iam:ListAccessKeys');
/** These are sent again only where AWS throttled them. */
const REPEATED_IF_THROTTLED = [
  ...REPEATED,
  'secretsmanager:UpdateSecretVersionStage',
  'iam:DeleteAccessKey',
  'iam:UpdateAccessKey',
];

/** The call with these words in its name. */
const callAbout = (words: string): FunctionCall => CHANGES.find(({ name }) => name.includes(words))!;
const nthTime = (call: FunctionCall, nth: number): FunctionCall => ({ ...call, nth });

const CREATE = callAbout('the new key');
const STORE = callAbout('it is stored');
const DELETE_AGAIN = nthTime(callAbout('key before last is deleted'), 2);

/** More than one mishap in a row. */
const SEQUENCES: readonly { readonly name: string; readonly mishaps: readonly Mishap[] }[] = [
  {
    name: 'the function is killed after CreateAccessKey, and again after it in the next two tries',
    mishaps: [1, 2, 3].map((nth) => mishap(nthTime(CREATE, nth), '', KILLED_AFTER)),
  },
  ...Object.entries({
    'killed before': KILLED_BEFORE,
    'killed after': KILLED_AFTER,
    'without an answer from': ANSWER_LOST,
  }).flatMap(([how, fault]) => [
    {
      name: `the new key cannot be stored, and the function is ${how} DeleteAccessKey, which would undo it`,
      mishaps: [mishap(STORE, '', REFUSED), mishap(DELETE_AGAIN, '', fault)],
    },
    {
      name: `CreateAccessKey gets no answer, and the next try is ${how} DeleteAccessKey of the orphaned key`,
      mishaps: [mishap(CREATE, '', ANSWER_LOST), mishap(DELETE_AGAIN, '', fault)],
    },
  ]),
  {
    name: 'AWSCURRENT is moved without an answer, and the next try is killed before it journals the promotion',
    mishaps: [
      mishap(callAbout('AWSCURRENT is moved'), '', ANSWER_LOST),
      mishap(nthTime(callAbout('the promotion is journaled'), 14), '', KILLED_BEFORE),
    ],
  },
];

describeWithTools('a rotation in which something goes wrong', () => {
  const lanes = new Lanes();
  const recorded = lanes.add((lane) => lane.recordRotation());

  /** Runs the cases in the lanes, and has a test wait for each. */
  function comesToAGoodEnd<Case extends { readonly name: string }>(
    title: string,
    cases: readonly Case[],
    run: (lane: Parameters<Parameters<Lanes['add']>[0]>[0], one: Case) => Promise<Ending>,
    expected: (one: Case) => Partial<Ending> = () => ({}),
  ): void {
    const endings = new Map(cases.map((one) => [one, lanes.add((lane) => run(lane, one))]));
    it.each(cases)(title, async (one) => {
      const ending = await endings.get(one)!();

      expect(ending).toEqual({
        struck: ending.struck,
        served: ending.served.map(() => 'the user'),
        keys: ['former Inactive', 'current Active'],
        labels: ['AWSCURRENT', 'AWSPREVIOUS'],
        ...expected(one),
      });
    });
  }

  beforeAll(() => lanes.open(6));
  afterAll(() => lanes.close());

  it('is about every call that changes something, and every kind of call that reads', async () => {
    const calls = await recorded();
    const nameOf = ({ service, action }: FunctionCall): string => `${service}:${action}`;
    const reads = new Set(READS.map(nameOf));

    expect(calls.filter((call) => !reads.has(call))).toEqual(CHANGES.map(nameOf));
    expect(new Set(calls.filter((call) => reads.has(call)))).toEqual(reads);
  });

  comesToAGoodEnd(
    'comes to a good end: $name',
    mishapsOf(CHANGES),
    (lane, one) => lane.rotateThrough(one),
    ({ times }) => ({ struck: times }),
  );

  comesToAGoodEnd(
    'comes to a good end: $name',
    CHANGES.filter(({ service }) => service !== 'dynamodb').map((call) =>
      mishap(call, 'AWS refuses it', REFUSED),
    ),
    (lane, one) => lane.rotateThrough(one),
    () => ({ struck: 1 }),
  );

  comesToAGoodEnd(
    'comes to a good end: $name',
    READS.flatMap((call) => [
      mishap(call, 'AWS refuses it', REFUSED),
      mishap(call, 'its connection is cut', CUT),
    ]),
    (lane, one) => lane.rotateThrough(one),
    ({ times }) => ({ struck: times }),
  );

  comesToAGoodEnd(
    'comes to a good end although $name the first time that each call is sent',
    Object.entries(GLITCHES).map(([name, fault]) => {
      const actions = fault.kind === 'throttle' ? REPEATED_IF_THROTTLED : REPEATED;
      return { name, mishaps: glitchesOf(actions, fault) };
    }),
    (lane, { mishaps }) => lane.rotateThrough(...mishaps),
    () => ({ struck: expect.any(Number) as number }),
  );

  comesToAGoodEnd(
    'comes to a good end if the time limit is reached: $name',
    ['the new key', 'it is stored', 'createSecret gives the lease back'].map(callAbout),
    (lane, call) => lane.rotateWithin(3, { ...mishap(call, '', { kind: 'slow', ms: 60_000 }), times: 1 }),
    () => ({ struck: 1 }),
  );

  comesToAGoodEnd(
    'comes to a good end if the time limit is reached: $name',
    ['AWSCURRENT is moved', 'the promotion is journaled', 'the former key is deactivated'].map(callAbout),
    (lane, call) => lane.rotateWithin(8, mishap(call, '', { kind: 'slow', ms: 60_000 })),
  );

  comesToAGoodEnd(
    'comes to a good end if $name',
    SEQUENCES,
    (lane, { mishaps }) => lane.rotateThrough(...mishaps),
    ({ mishaps }) => ({ struck: mishaps.reduce((sum, { times }) => sum + times, 0) }),
  );

  comesToAGoodEnd(
    'leaves the former key Active for its overlap: $name',
    mishapsOf(['AWSCURRENT is moved', 'AWSPENDING is taken off'].map(callAbout)).concat(
      // There is no key before last, so the journal is written once less before this.
      mishapsOf([callAbout('the promotion is journaled')].map((call) => nthTime(call, call.nth - 1))),
    ),
    (lane, one) => lane.rotateWithOverlapThrough(one),
    ({ times }) => ({ struck: times, keys: ['former Active', 'current Active'] }),
  );
});
