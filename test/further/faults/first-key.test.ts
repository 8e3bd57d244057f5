import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Ending } from './support/ending';
import { Lanes } from './support/lanes';
import {
  ANSWER_LOST,
  countCalls,
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

/** Every call of a first key that changes something, in order. */
const CHANGES = countCalls([
  ['it takes the lease', 'dynamodb:UpdateItem'],
  ['the journal is begun', 'dynamodb:UpdateItem'],
  ['the attempt is announced', 'dynamodb:UpdateItem'],
  ['the key', 'iam:CreateAccessKey'],
  ['its id is journaled', 'dynamodb:UpdateItem'],
  ['that it may be served from now on is journaled', 'dynamodb:UpdateItem'],
  ['it is stored', 'secretsmanager:PutSecretValue'],
  ['that it is current is journaled', 'dynamodb:UpdateItem'],
  ['the lease is given back', 'dynamodb:UpdateItem'],
]);

const REPEATED = ['dynamodb:UpdateItem', 'dynamodb:GetItem', 'secretsmanager:DescribeSecret'].concat(
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'iam:ListAccessKeys',
);

const callAbout = (words: string): FunctionCall => CHANGES.find(({ name }) => name.includes(words))!;
const CREATE = callAbout('the key');
const STORE = callAbout('it is stored');
const [DELETE] = countCalls([['of a key that nobody has', 'iam:DeleteAccessKey']]) as [FunctionCall];

const SEQUENCES: readonly { readonly name: string; readonly mishaps: readonly Mishap[] }[] = [
  {
    name: 'the function is killed after CreateAccessKey in two applies',
    mishaps: [1, 2].map((nth) => mishap({ ...CREATE, nth }, '', KILLED_AFTER)),
  },
  ...Object.entries({ before: KILLED_BEFORE, after: KILLED_AFTER }).flatMap(([when, fault]) => [
    {
      name: `the key cannot be stored, and the function is killed ${when} it undoes it`,
      mishaps: [mishap(STORE, '', REFUSED), mishap(DELETE, '', fault)],
    },
    {
      name: `CreateAccessKey gets no answer, and the next apply is killed ${when} it deletes the orphaned key`,
      mishaps: [mishap(CREATE, '', ANSWER_LOST), mishap(DELETE, '', fault)],
    },
  ]),
];

describeWithTools('a first key while something goes wrong', () => {
  const lanes = new Lanes();
  const recorded = lanes.add((lane) => lane.recordFirstKey());

  function isMadeInTheEnd<Case extends { readonly name: string }>(
    title: string,
    cases: readonly Case[],
    mishapsIn: (one: Case) => readonly Mishap[],
    struck: (one: Case) => number = () => expect.any(Number) as number,
  ): void {
    const endings = new Map<Case, () => Promise<Ending>>(
      cases.map((one) => [one, lanes.add((lane) => lane.makeFirstKeyThrough(...mishapsIn(one)))]),
    );
    it.each(cases)(title, async (one) => {
      const ending = await endings.get(one)!();

      expect(ending).toEqual({
        struck: struck(one),
        served: [
          ...ending.served.slice(0, -1).map(() => expect.stringMatching(/^(nobody yet|the user)$/) as string),
          'the user',
        ],
        keys: ['current Active'],
        labels: ['AWSCURRENT'],
      });
    });
  }

  beforeAll(() => lanes.open(4));
  afterAll(() => lanes.close());

  it('is about every call that changes something', async () => {
    const isRead = (call: string): boolean => /:(Get|List|Describe)/.test(call);

    expect((await recorded()).filter((call) => !isRead(call))).toEqual(
      CHANGES.map(({ service, action }) => `${service}:${action}`),
    );
  });

  isMadeInTheEnd(
    'is made in the end: $name',
    mishapsOf(CHANGES),
    (one) => [one],
    ({ times }) => times,
  );

  isMadeInTheEnd(
    'is made in the end: $name',
    [CREATE, STORE].map((call) => mishap(call, 'AWS refuses it', REFUSED)),
    (one) => [one],
    () => 1,
  );

  isMadeInTheEnd(
    'is made in the end if $name',
    SEQUENCES,
    ({ mishaps }) => mishaps,
    ({ mishaps }) => mishaps.reduce((sum, { times }) => sum + times, 0),
  );

  isMadeInTheEnd(
    'is made although $name the first time that each call is sent',
    Object.entries(GLITCHES).map(([name, fault]) => ({ name, mishaps: glitchesOf(REPEATED, fault) })),
    ({ mishaps }) => mishaps,
  );
});
