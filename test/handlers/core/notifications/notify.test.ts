import { DAY, HOUR } from '../../../../contract/instant';
import { UnreadableRecordError } from '../../../../handlers/core/model/call-errors';
import { CLAIM_HOLDS } from '../../../../handlers/core/notifications/transition';
import { journalWith, NOON } from '../../support/fixtures';
import {
  alarmState,
  findingBegan,
  findingEnded,
  keyPromoted,
  keysLeftBehind,
  ours,
  rotationFailed,
  secretsManagerEvent,
} from './support/events';
import { People } from './support/people';

const USER_ALARM = 'iam-key-rotation/ci-deployer/rotation-failed';
const STACK_ALARM = 'iam-key-rotation/unmanaged-key';
const FAILED = 'Key rotation failed (iam-key-rotation/ci-deployer)';
const SUCCEEDED = `Over: ${FAILED}`;
const ANEW = { since: '2026-01-15T11:30:00.000Z' };
const DOWN = new Error('SNS is down');

let people: People;

beforeEach(() => {
  people = new People();
});

/** Hears of one event after the other, and of what becomes of it. */
async function expectToHear(...events: readonly (readonly [event: unknown, ...becomes: string[]])[]) {
  for (const [event, ...becomes] of events) expect(await people.hear(event)).toEqual(becomes);
}

/** As another delivery than that of `event`, which came in the same moment. */
const another = (event: object) => ({ ...event, id: 'another-event' });

function failTopics(failure: Error | undefined): void {
  people.topic.failure = people.other.failure = failure;
}

/** The invocation never comes back from SNS, and nothing of it happens any more. */
function dieWhileTelling(event: unknown): Promise<void> {
  return new Promise((resolve) => {
    people.topic.meanwhile = () => {
      resolve();
      return new Promise(() => undefined);
    };
    void people.hear(event);
  });
}

/** All that can happen without something from outside has happened. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('people hear of a fault once', () => {
  test('people hear of a fault once, however often it is reported and by whom', async () => {
    await expectToHear(
      [rotationFailed(), 'sent'],
      [rotationFailed({ at: '2026-01-15T12:05:00.000Z' }), 'alreadySent'],
      [secretsManagerEvent('RotationFailed'), 'alreadySent'],
      [alarmState(USER_ALARM, 'ALARM'), 'alreadySent'],
    );
    expect(people.subjects).toEqual([FAILED]);
  });

  test('people hear of each user’s faults, and of each kind of fault', async () => {
    await expectToHear(
      [rotationFailed(), 'sent'],
      [rotationFailed({ user: 'mailer' }), 'sent'],
      [findingBegan(), 'sent'],
    );
  });

  test('people hear of keys that are left behind once for each time', async () => {
    await expectToHear(
      [keysLeftBehind(), 'sent'],
      [another(keysLeftBehind()), 'alreadySent'],
      [keysLeftBehind({ at: '2026-01-16T12:00:00.000Z' }), 'sent'],
    );
    expect(people.subjects[0]).toBe('Keys of a renamed user are left behind (iam-key-rotation/ci-deployer)');
  });

  test('people hear of each of several keys of a user', async () => {
    await expectToHear(
      [findingBegan(), 'sent'],
      [findingBegan({ keyIdSuffix: 'XMPL' }), 'sent'],
      [findingEnded({ keyIdSuffix: 'XMPL' }), 'sent'],
      [findingBegan(), 'alreadySent'],
    );
  });

  test('people hear of a fault at every topic', async () => {
    await people.hear(rotationFailed());
    expect(people.other.messages).toHaveLength(1);
    expect(people.other.messages).toEqual(people.topic.messages);
  });

  test('people hear of a fault again after a week, in which its end may have been lost', async () => {
    await people.hear(rotationFailed());
    people.now = NOON + 7 * DAY;
    await expectToHear([rotationFailed(), 'alreadySent']);
    people.now += 1;
    await expectToHear([rotationFailed(), 'sent']);
  });

  test('people hear of a finding that began anew, though its end was never heard of', async () => {
    await expectToHear(
      [findingBegan(), 'sent'],
      [findingBegan(), 'alreadySent'],
      [findingBegan(ANEW), 'sent'],
    );
  });

  test('people do not hear of what is no fault', async () => {
    await expectToHear(
      [{ ...keyPromoted(), 'detail-type': 'Key Created' }],
      [alarmState(USER_ALARM, 'INSUFFICIENT_DATA')],
      [alarmState('another/sweep-failed', 'ALARM')],
      [secretsManagerEvent('RotationStarted')],
      [secretsManagerEvent('RotationFailed', 'arn:aws:secretsmanager:x:1:secret:other-AbCdEf')],
    );
    expect(people.subjects).toEqual([]);
  });
});

describe('people hear of the end of a fault once', () => {
  test('a rotation that succeeds ends those that failed', async () => {
    await expectToHear(
      [rotationFailed(), 'sent'],
      [keyPromoted({ at: '2026-01-15T13:00:00.000Z' }), 'sent', 'nothingToEnd'],
      [secretsManagerEvent('RotationSucceeded'), 'nothingToEnd', 'nothingToEnd', 'nothingToEnd'],
    );
    expect(people.subjects).toEqual([FAILED, SUCCEEDED]);
    expect(people.topic.messages[1]!.text).toContain('Since:   2026-01-15 12:00 UTC');
    expect(people.topic.messages[1]!.text).toContain('Over:    2026-01-15 13:00 UTC');
  });

  test('people hear of the next fault of a kind that has ended', async () => {
    await people.hear(findingBegan());
    await people.hear(findingEnded());
    await expectToHear([findingBegan({ since: '2026-01-16T11:00:00.000Z' }), 'sent']);
  });

  test('people do not hear of the end of a fault that nobody was told of', async () => {
    await expectToHear([findingEnded(), 'nothingToEnd'], [keyPromoted(), 'nothingToEnd', 'nothingToEnd']);
    expect(people.subjects).toEqual([]);
  });

  test('an alarm that is quiet again ends what it began, and nothing that others reported', async () => {
    await expectToHear(
      [alarmState(USER_ALARM, 'ALARM'), 'sent'],
      [alarmState(USER_ALARM, 'OK'), 'sent'],
      [rotationFailed(), 'sent'],
      [alarmState(USER_ALARM, 'OK'), 'nothingToEnd'],
    );
    expect(await people.hear(keyPromoted())).toContain('sent');
  });
});

describe('reports of one fault in the same moment', () => {
  const first = rotationFailed();
  const second = another(rotationFailed());

  test('reports in the same moment are one message: the second finds that the first is about to tell', async () => {
    people.topic.meanwhile = () =>
      expectToHear(
        [another(secretsManagerEvent('RotationFailed')), 'alreadySent'],
        [another(alarmState(USER_ALARM, 'ALARM')), 'alreadySent'],
      );
    await expectToHear([first, 'sent']);
    expect(people.subjects).toHaveLength(1);
  });

  test('reports of an end in the same moment are one message', async () => {
    await people.hear(first);
    people.topic.meanwhile = async () => {
      expect(await people.hear(another(secretsManagerEvent('RotationSucceeded')))).toContain('alreadySent');
    };
    expect(await people.hear(keyPromoted())).toContain('sent');
    expect(people.subjects).toHaveLength(2);
  });

  test('a report that cannot tell gives its claim back, to whichever comes next', async () => {
    failTopics(DOWN);
    await expect(people.hear(first)).rejects.toThrow('did not reach 2 of 2 topics');
    failTopics(undefined);
    await expectToHear([second, 'sent'], [first, 'alreadySent']);
  });

  test('a report that dies is told by its own repetition', async () => {
    await dieWhileTelling(first);
    await expectToHear([second, 'alreadySent'], [first, 'sent'], [second, 'alreadySent']);
  });

  test('a report all of whose repetitions die is told when the fault is next reported', async () => {
    await dieWhileTelling(first);
    people.now += CLAIM_HOLDS;
    await expectToHear([second, 'alreadySent']);
    people.now += 1;
    await expectToHear([second, 'sent'], [first, 'alreadySent']);
  });

  test('an end whose telling dies is told by its own repetition', async () => {
    await people.hear(findingBegan());
    await dieWhileTelling(findingEnded());
    await expectToHear([another(findingEnded()), 'alreadySent'], [findingEnded(), 'sent']);
  });

  test('two reports are two faults where the reporter knows that the later one began anew', async () => {
    people.topic.meanwhile = () => expectToHear([another(findingBegan(ANEW)), 'sent']);
    await expectToHear([findingBegan(), 'sent'], [findingEnded(), 'sent']);
  });

  test('an end that comes while the beginning is on its way is told after it', async () => {
    people.topic.meanwhile = async () => {
      const end = keyPromoted({ at: '2026-01-15T12:00:01.000Z' });
      expect(await people.hear(another(end))).toContain('sentWithBeginning');
    };
    await expectToHear([first, 'sent']);
    expect(people.subjects).toEqual([FAILED, SUCCEEDED]);
    expect(people.topic.messages[1]!.text).toContain('Over:    2026-01-15 12:00 UTC');
    await expectToHear([rotationFailed({ at: '2026-01-15T12:01:00.000Z' }), 'sent']);
  });

  test('an end is told by the repetition of a report that died when it had told the beginning', async () => {
    people.topic.meanwhile = async () => {
      await people.hear(another(keyPromoted({ at: '2026-01-15T12:00:01.000Z' })));
      people.topic.meanwhile = () => new Promise(() => undefined);
    };
    void people.hear(first);
    await settled();
    expect(people.subjects).toEqual([FAILED]);
    await expectToHear([first, 'alreadySent']);
    expect(people.subjects).toEqual([FAILED, SUCCEEDED]);
  });

  test('a fault that begins while the end of another is on its way is another fault', async () => {
    await people.hear(first);
    const anew = rotationFailed({ at: '2026-01-15T12:30:00.002Z' });
    people.topic.meanwhile = () => expectToHear([another(anew), 'sent']);
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:30:00.000Z' }))).toContain('sent');
    await expectToHear([rotationFailed({ at: '2026-01-15T12:31:00.000Z' }), 'alreadySent']);
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:40:00.000Z' }))).toContain('sent');
  });

  test('a fault is not over by an end that could not be told before the fault began', async () => {
    await people.hear(first);
    const end = keyPromoted({ at: '2026-01-15T12:30:00.000Z' });
    failTopics(DOWN);
    await expect(people.hear(end)).rejects.toThrow('did not reach 2 of 2 topics');
    failTopics(undefined);
    await expectToHear([another(rotationFailed({ at: '2026-01-15T12:31:00.000Z' })), 'sent']);
    expect(await people.hear(end)).not.toContain('sent');
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:40:00.000Z' }))).toContain('sent');
  });
});

describe('an alarm on what the retirement function finds', () => {
  test('an alarm has nothing to add where its findings were told a while before', async () => {
    const timestamp = '2026-01-15T13:30:00.000+0000';
    await expectToHear(
      [findingBegan(), 'sent'],
      [alarmState(STACK_ALARM, 'ALARM', { timestamp }), 'coveredByFindings'],
      [alarmState(STACK_ALARM, 'OK'), 'nothingToEnd'],
    );
    expect(people.subjects).toHaveLength(1);
  });

  test('an alarm is told where no finding came through', async () => {
    await expectToHear([alarmState(STACK_ALARM, 'ALARM'), 'sent'], [alarmState(STACK_ALARM, 'OK'), 'sent']);
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('user');
  });

  test('an alarm is told where the last finding was long ago', async () => {
    people.now = NOON - 3 * HOUR - 1;
    await people.hear(findingBegan({ at: new Date(people.now).toISOString() }));
    people.now = NOON;
    await expectToHear([alarmState(STACK_ALARM, 'ALARM'), 'sent']);
  });
});

describe('what Secrets Manager reports', () => {
  test('a failure is no fault where the rotation waits for a free slot: our function ends that with an error, too', async () => {
    people.journal = journalWith({ wanted: { since: NOON, reason: 'Both slots are taken.' } });
    await expectToHear(
      [secretsManagerEvent('RotationFailed'), 'rotationDeferred'],
      [secretsManagerEvent('RotationAbandoned'), 'sent'],
    );
  });

  test('a failure is told also where the journal cannot be read', async () => {
    people.journal = new Error('unreadable');
    await expectToHear([secretsManagerEvent('RotationFailed'), 'sent']);
  });

  test.each(['TestRotationSucceeded', 'RotationSucceeded'])(
    'a test of the configuration that fails is told until %s',
    async (end) => {
      await expectToHear([secretsManagerEvent('TestRotationFailed'), 'sent']);
      expect(await people.hear(secretsManagerEvent(end))).toContain('sent');
    },
  );
});

describe('what AWS reports of a secret, in a stack with shards', () => {
  beforeEach(() => {
    people.place = { ...people.place, stack: 'iam-key-rotation-two', sharded: true };
  });

  test('a report of AWS is told by the shard that has the user', async () => {
    await expectToHear([secretsManagerEvent('RotationFailed'), 'sent']);
    expect(people.subjects).toEqual(['Key rotation failed (iam-key-rotation-two/ci-deployer)']);
    expect(await people.hear(secretsManagerEvent('RotationSucceeded'))).toContain('sent');
  });

  test('a report of AWS is left alone by the other shards', async () => {
    people.settings = undefined;
    await expectToHear(
      [secretsManagerEvent('RotationFailed'), 'ofAnotherShard'],
      [secretsManagerEvent('TestRotationSucceeded'), 'ofAnotherShard'],
    );
    expect(people.subjects).toEqual([]);
  });

  test('a report of AWS is told by all shards where nobody can read whose the secret is', async () => {
    people.settings = new Error('unreadable');
    await expectToHear([secretsManagerEvent('RotationFailed'), 'sent']);
  });

  test('a report of AWS is told in a stack without shards, whatever became of the settings', async () => {
    people = new People();
    people.settings = undefined;
    await expectToHear([secretsManagerEvent('RotationFailed'), 'sent']);
  });

  test('what the product itself and its alarms report is the shard’s own, so it is told', async () => {
    people.settings = undefined;
    await expectToHear(
      [rotationFailed({ stack: 'iam-key-rotation-two' }), 'sent'],
      [alarmState('iam-key-rotation-two/a/rotation-failed', 'ALARM'), 'sent'],
    );
  });
});

describe('what goes wrong while people are told', () => {
  test('a message that one topic got is not sent to it again; the other’s failure is an error that an alarm sees', async () => {
    people.other.failure = new Error('no such topic');
    await expect(people.hear(rotationFailed())).rejects.toThrow('did not reach 1 of 2 topics');
    await expectToHear([rotationFailed(), 'alreadySent']);
    expect(people.topic.messages).toHaveLength(1);
  });

  test('an end that nobody heard of is tried again by the next delivery of the event', async () => {
    await people.hear(findingBegan());
    failTopics(DOWN);
    await expect(people.hear(findingEnded())).rejects.toThrow('SNS is down');
    failTopics(undefined);
    await expectToHear([findingEnded(), 'sent']);
  });

  test('a claim that cannot be given back costs nothing: the next delivery of the event has it', async () => {
    const load = people.store.load.bind(people.store);
    failTopics(DOWN);
    people.topic.meanwhile = async () => {
      people.store.load = () => Promise.reject(new Error('DynamoDB is down, too'));
    };
    await expect(people.hear(rotationFailed())).rejects.toThrow('SNS is down');
    failTopics(undefined);
    people.store.load = load;
    await expectToHear([rotationFailed(), 'sent']);
  });

  test('settings that cannot be read cost the owner, and not the message', async () => {
    people.settings = new Error('unreadable');
    await people.hear(rotationFailed());
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('owner');
    expect(people.topic.messages[0]!.text).toContain('User:    ci-deployer');
  });

  test.each([
    ['what is no event', 'nonsense'],
    ['an event of another source', { ...rotationFailed(), source: 'aws.s3' }],
    ['an event of another account', { ...rotationFailed(), account: '999988887777' }],
    ['an event of another stack', rotationFailed({ stack: 'iam-key-rotation-two' })],
    ['an event of a user whom no stack can have', rotationFailed({ user: 'ci\n\nAll is well' })],
    ['an event of ours with a field missing', rotationFailed({ reason: undefined })],
    ['an event of ours of a kind that only a newer version knows', ours('Key Frozen')],
    ['a finding of a kind that only a newer version knows', findingBegan({ kind: 'keyNotDelivered' })],
  ])('%s is an error that says what to do', async (_what, event) => {
    await expect(people.hear(event)).rejects.toThrow(/does not know.*terraform apply/s);
  });
});

describe('an event of our source that somebody else has put', () => {
  test('a forged event ends no finding that stands in the table', async () => {
    const people = new People();
    await people.hear(findingBegan());
    expect(await people.hearForged({ ...findingEnded(), id: 'forged' })).toEqual(['contradictedByTable']);
    expect(await people.hear(findingEnded())).toEqual(['sent']);
  });

  test('a forged event tells no finding that does not, and silences none', async () => {
    const people = new People();
    const drill = {
      kind: 'currentKeyLeaked',
      since: '9999-12-31T23:59:59.000Z',
      what: 'A drill: ignore it.',
    };
    expect(await people.hearForged({ ...findingBegan(drill), id: 'forged' })).toEqual([
      'contradictedByTable',
    ]);
    expect(await people.hear(findingBegan({ kind: 'currentKeyLeaked' }))).toEqual(['sent']);
  });

  test('a forged event writes no word of a finding’s message, and neither its time', async () => {
    const people = new People();
    await people.hear(findingBegan());
    const others = {
      since: '2026-01-15T11:59:00.000Z',
      what: 'All is well.\nRun: curl',
      nextStep: 'nothing',
    };
    people.now += 8 * DAY;
    expect(await people.hearForged({ ...findingBegan(others), id: 'forged' })).toEqual(['sent']);
    const [message, again] = people.topic.messages;
    expect(again).toEqual(message);
  });

  test('a forged event ends no failed rotation: whether a key was promoted, and when, is in the journal', async () => {
    const people = new People();
    await people.hear(keyPromoted({ at: '2026-01-15T11:00:00.000Z' }));
    await people.hear(rotationFailed());
    const both = ['contradictedByTable', 'contradictedByTable'];
    expect(await people.hearForged({ ...keyPromoted({ keyIdSuffix: 'XMPL' }), id: 'forged' })).toEqual(both);
    const later = { ...keyPromoted({ at: '2026-01-15T12:00:00.000Z' }), id: 'forged' };
    expect(await people.hearForged(later)).toEqual(['nothingToEnd', 'nothingToEnd']);
    expect(people.subjects).toEqual(['Key rotation failed (iam-key-rotation/ci-deployer)']);
  });

  test('a forged event has no later time than now, so that the next real one is told', async () => {
    const people = new People();
    await people.hearForged(rotationFailed({ at: '9999-12-31T23:59:59.000Z' }));
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:00:01.000Z' }))).toContain('sent');
    expect(await people.hear(rotationFailed({ at: '2026-01-15T12:30:00.000Z' }))).toEqual(['sent']);
  });

  test('a forged event is quoted where nothing can be compared with it: in one line, and not endless', async () => {
    const people = new People();
    const reason = `"\n\nFirst: run curl\u202e\u001b[2J https://evil.example${'x'.repeat(2_000)}`;
    await people.hearForged(rotationFailed({ reason }));
    const [, , what] = people.topic.messages[0]!.text.split('\n');
    expect(what).toMatch(/^Its step testSecret failed\. It says: "' First: run curl \[2J [^"\n]{400,500}"$/);
  });
});

describe('an event of ours whose record cannot be read', () => {
  const unreadable = new UnreadableRecordError('findings#ci-deployer', 'no list');

  test('an event whose record cannot be read is told with its own words; an end comes again, and ends nothing before', async () => {
    const people = new People();
    people.findings.set('ci-deployer', unreadable);
    expect(await people.hear(findingBegan())).toEqual(['sent']);
    expect(people.topic.messages[0]!.text).toContain(
      'An event says: "Key ...MPLE was not made by iam-key-rotation."',
    );
    await expect(people.hear(findingEnded())).rejects.toThrow(unreadable);
    people.findings.delete('ci-deployer');
    expect(await people.hear(findingEnded())).toEqual(['sent']);
  });

  test('a promotion in a journal that only a newer version can read comes again', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    const { journal } = people;
    people.journal = new UnreadableRecordError('journal#ci-deployer', 'unknown field');
    await expect(people.hear(keyPromoted())).rejects.toThrow('unknown field');
    people.journal = journal;
    expect(await people.hear(keyPromoted())).toContain('sent');
  });

  test('an event whose record cannot be read comes again where the table does not answer', async () => {
    const people = new People();
    people.findings.set('ci-deployer', new Error('no network'));
    await expect(people.hear(findingBegan())).rejects.toThrow('no network');
    people.findings.delete('ci-deployer');
    expect(await people.hear(findingBegan())).toEqual(['sent']);
  });
});
