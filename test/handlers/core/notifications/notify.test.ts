import { DAY, HOUR } from '../../../../contract/instant';
import { CLAIM_HOLDS } from '../../../../handlers/core/notifications/transition';
import { journalWith, NOON } from '../../support/fixtures';
import {
  alarmState,
  findingBegan,
  findingEnded,
  keyPromoted,
  rotationFailed,
  secretsManagerEvent,
} from './support/events';
import { People } from './support/people';

const USER_ALARM = 'iam-key-rotation/ci-deployer/rotation-failed';

describe('people hear of a fault once', () => {
  test('however often Secrets Manager tries', async () => {
    const people = new People();
    expect(await people.hear(rotationFailed())).toEqual(['sent']);
    expect(await people.hear(rotationFailed({ at: '2026-01-15T12:05:00.000Z' }))).toEqual(['alreadySent']);
    expect(people.subjects).toEqual(['Key rotation failed (iam-key-rotation/ci-deployer)']);
  });

  test('whoever else reports it: Secrets Manager, and the alarm of the function', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['alreadySent']);
    expect(await people.hear(alarmState(USER_ALARM, 'ALARM'))).toEqual(['alreadySent']);
    expect(people.subjects).toHaveLength(1);
  });

  test('and each user’s faults, and each kind of fault, are another one', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    await people.hear(rotationFailed({ user: 'mailer' }));
    await people.hear(findingBegan());
    expect(people.subjects).toHaveLength(3);
  });

  test('and each of several keys of a user is another one', async () => {
    const people = new People();
    await people.hear(findingBegan());
    expect(await people.hear(findingBegan({ keyIdSuffix: 'XMPL' }))).toEqual(['sent']);
    expect(await people.hear(findingEnded({ keyIdSuffix: 'XMPL' }))).toEqual(['sent']);
    expect(await people.hear(findingBegan())).toEqual(['alreadySent']);
  });

  test('at every topic', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    expect(people.other.messages).toEqual(people.topic.messages);
  });

  test('and again after a week, in which its end may have been lost', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    people.now = NOON + 7 * DAY;
    expect(await people.hear(rotationFailed())).toEqual(['alreadySent']);
    people.now += 1;
    expect(await people.hear(rotationFailed())).toEqual(['sent']);
  });

  test('and of a finding that began anew, though its end was never heard of', async () => {
    const people = new People();
    await people.hear(findingBegan());
    expect(await people.hear(findingBegan())).toEqual(['alreadySent']);
    expect(await people.hear(findingBegan({ since: '2026-01-15T11:30:00.000Z' }))).toEqual(['sent']);
  });

  test('and not at all of what is no fault', async () => {
    const people = new People();
    expect(await people.hear({ ...keyPromoted(), 'detail-type': 'Key Created' })).toEqual([]);
    expect(await people.hear(alarmState(USER_ALARM, 'INSUFFICIENT_DATA'))).toEqual([]);
    expect(await people.hear(alarmState('another/sweep-failed', 'ALARM'))).toEqual([]);
    expect(people.subjects).toEqual([]);
  });
});

describe('people hear of the end of a fault once', () => {
  test('a rotation that succeeds ends those that failed', async () => {
    const people = new People();
    await people.hear(rotationFailed());
    expect(await people.hear(keyPromoted({ at: '2026-01-15T13:00:00.000Z' }))).toEqual([
      'sent',
      'nothingToEnd',
    ]);
    expect(await people.hear(secretsManagerEvent('RotationSucceeded'))).toEqual([
      'nothingToEnd',
      'nothingToEnd',
      'nothingToEnd',
    ]);
    expect(people.subjects).toEqual([
      'Key rotation failed (iam-key-rotation/ci-deployer)',
      'Over: Key rotation failed (iam-key-rotation/ci-deployer)',
    ]);
    expect(people.topic.messages[1]!.text).toContain('Since:   2026-01-15 12:00 UTC');
    expect(people.topic.messages[1]!.text).toContain('Over:    2026-01-15 13:00 UTC');
  });

  test('and of the next one of its kind, again', async () => {
    const people = new People();
    await people.hear(findingBegan());
    await people.hear(findingEnded());
    expect(await people.hear(findingBegan({ since: '2026-01-16T11:00:00.000Z' }))).toEqual(['sent']);
  });

  test('and not of one that nobody was told of', async () => {
    const people = new People();
    expect(await people.hear(findingEnded())).toEqual(['nothingToEnd']);
    expect(await people.hear(keyPromoted())).toEqual(['nothingToEnd', 'nothingToEnd']);
    expect(people.subjects).toEqual([]);
  });

  test('an alarm that is quiet again ends what it began, and nothing that others reported', async () => {
    const people = new People();
    await people.hear(alarmState(USER_ALARM, 'ALARM'));
    expect(await people.hear(alarmState(USER_ALARM, 'OK'))).toEqual(['sent']);
    await people.hear(rotationFailed());
    expect(await people.hear(alarmState(USER_ALARM, 'OK'))).toEqual(['nothingToEnd']);
    expect(await people.hear(keyPromoted())).toContain('sent');
  });
});

describe('reports of one fault in the same moment', () => {
  const first = rotationFailed();
  const second = { ...rotationFailed(), id: 'another-event' };

  test('are one message: the second finds that the first is about to tell', async () => {
    const people = new People();
    people.topic.meanwhile = async () => {
      for (const other of [secretsManagerEvent('RotationFailed'), alarmState(USER_ALARM, 'ALARM')]) {
        expect(await people.hear({ ...other, id: 'another-event' })).toEqual(['alreadySent']);
      }
    };
    expect(await people.hear(first)).toEqual(['sent']);
    expect(people.subjects).toHaveLength(1);
  });

  test('and so are those of its end', async () => {
    const people = new People();
    await people.hear(first);
    people.topic.meanwhile = async () => {
      const end = { ...secretsManagerEvent('RotationSucceeded'), id: 'another-event' };
      expect(await people.hear(end)).toContain('alreadySent');
    };
    expect(await people.hear(keyPromoted())).toContain('sent');
    expect(people.subjects).toHaveLength(2);
  });

  test('lose nothing where the first cannot tell: it gives its claim back, to whichever comes next', async () => {
    const people = new People();
    people.topic.failure = people.other.failure = new Error('SNS is down');
    await expect(people.hear(first)).rejects.toThrow('did not reach 2 of 2 topics');
    people.topic.failure = people.other.failure = undefined;
    expect(await people.hear(second)).toEqual(['sent']);
    expect(await people.hear(first)).toEqual(['alreadySent']);
  });

  test('lose nothing where the first dies: its own repetition tells', async () => {
    const people = new People();
    await dieWhileTelling(people, first);
    expect(await people.hear(second)).toEqual(['alreadySent']);
    expect(await people.hear(first)).toEqual(['sent']);
    expect(await people.hear(second)).toEqual(['alreadySent']);
  });

  test('lose nothing where every repetition dies, too: the fault is told when it is next reported', async () => {
    const people = new People();
    await dieWhileTelling(people, first);
    people.now += CLAIM_HOLDS;
    expect(await people.hear(second)).toEqual(['alreadySent']);
    people.now += 1;
    expect(await people.hear(second)).toEqual(['sent']);
    expect(await people.hear(first)).toEqual(['alreadySent']);
  });

  test('and where the telling of an end dies, its own repetition tells it', async () => {
    const people = new People();
    await people.hear(findingBegan());
    await dieWhileTelling(people, findingEnded());
    expect(await people.hear({ ...findingEnded(), id: 'another-event' })).toEqual(['alreadySent']);
    expect(await people.hear(findingEnded())).toEqual(['sent']);
  });

  test('are two faults where the reporter knows that the later one began anew', async () => {
    const people = new People();
    people.topic.meanwhile = async () => {
      const anew = findingBegan({ since: '2026-01-15T11:30:00.000Z' });
      expect(await people.hear({ ...anew, id: 'another-event' })).toEqual(['sent']);
    };
    expect(await people.hear(findingBegan())).toEqual(['sent']);
    expect(await people.hear(findingEnded())).toEqual(['sent']);
  });

  test('are told one after the other where the end comes while the beginning is on its way', async () => {
    const people = new People();
    people.topic.meanwhile = async () => {
      const end = keyPromoted({ at: '2026-01-15T12:00:01.000Z' });
      expect(await people.hear({ ...end, id: 'another-event' })).toContain('sentWithBeginning');
    };
    expect(await people.hear(first)).toEqual(['sent']);
    expect(people.subjects).toEqual([
      'Key rotation failed (iam-key-rotation/ci-deployer)',
      'Over: Key rotation failed (iam-key-rotation/ci-deployer)',
    ]);
    expect(people.topic.messages[1]!.text).toContain('Over:    2026-01-15 12:00 UTC');
    expect(await people.hear(rotationFailed({ at: '2026-01-15T12:01:00.000Z' }))).toEqual(['sent']);
  });

  test('lose no end where the first dies when it has told the beginning: its own repetition tells the end', async () => {
    const people = new People();
    people.topic.meanwhile = async () => {
      await people.hear({ ...keyPromoted({ at: '2026-01-15T12:00:01.000Z' }), id: 'another-event' });
      people.topic.meanwhile = () => new Promise(() => undefined);
    };
    void people.hear(first);
    await settled();
    expect(people.subjects).toEqual(['Key rotation failed (iam-key-rotation/ci-deployer)']);
    expect(await people.hear(first)).toEqual(['alreadySent']);
    expect(people.subjects).toEqual([
      'Key rotation failed (iam-key-rotation/ci-deployer)',
      'Over: Key rotation failed (iam-key-rotation/ci-deployer)',
    ]);
  });

  test('are two faults where one begins while the end of the other is on its way', async () => {
    const people = new People();
    await people.hear(first);
    const anew = rotationFailed({ at: '2026-01-15T12:30:00.002Z' });
    people.topic.meanwhile = async () => {
      expect(await people.hear({ ...anew, id: 'another-event' })).toEqual(['sent']);
    };
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:30:00.000Z' }))).toContain('sent');
    expect(await people.hear(rotationFailed({ at: '2026-01-15T12:31:00.000Z' }))).toEqual(['alreadySent']);
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:40:00.000Z' }))).toContain('sent');
  });

  test('are not over by an end that could not be told before they began', async () => {
    const people = new People();
    await people.hear(first);
    const end = keyPromoted({ at: '2026-01-15T12:30:00.000Z' });
    people.topic.failure = people.other.failure = new Error('SNS is down');
    await expect(people.hear(end)).rejects.toThrow('did not reach 2 of 2 topics');
    people.topic.failure = people.other.failure = undefined;
    const anew = { ...rotationFailed({ at: '2026-01-15T12:31:00.000Z' }), id: 'another-event' };
    expect(await people.hear(anew)).toEqual(['sent']);
    expect(await people.hear(end)).not.toContain('sent');
    expect(await people.hear(keyPromoted({ at: '2026-01-15T12:40:00.000Z' }))).toContain('sent');
  });

  /** The invocation never comes back from SNS, and nothing of it happens any more. */
  function dieWhileTelling(people: People, event: unknown): Promise<void> {
    return new Promise((resolve) => {
      people.topic.meanwhile = () => {
        resolve();
        return new Promise(() => undefined);
      };
      void people.hear(event);
    });
  }
});

describe('an alarm on what the retirement function finds', () => {
  const STACK_ALARM = 'iam-key-rotation/unmanaged-key';

  test('has nothing to add where its findings were told a while before', async () => {
    const people = new People();
    await people.hear(findingBegan());
    const timestamp = '2026-01-15T13:30:00.000+0000';
    expect(await people.hear(alarmState(STACK_ALARM, 'ALARM', { timestamp }))).toEqual(['coveredByFindings']);
    expect(people.subjects).toHaveLength(1);
    expect(await people.hear(alarmState(STACK_ALARM, 'OK'))).toEqual(['nothingToEnd']);
  });

  test('is told where no finding came through', async () => {
    const people = new People();
    expect(await people.hear(alarmState(STACK_ALARM, 'ALARM'))).toEqual(['sent']);
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('user');
    expect(await people.hear(alarmState(STACK_ALARM, 'OK'))).toEqual(['sent']);
  });

  test('is told where the last finding was long ago', async () => {
    const people = new People();
    people.now = NOON - 3 * HOUR - 1;
    await people.hear(findingBegan());
    people.now = NOON;
    expect(await people.hear(alarmState(STACK_ALARM, 'ALARM'))).toEqual(['sent']);
  });
});

describe('a failure that Secrets Manager reports', () => {
  test('is no fault where the rotation waits for a free slot: our function ends that with an error, too', async () => {
    const people = new People();
    people.journal = journalWith({ wanted: { since: NOON, reason: 'Both slots are taken.' } });
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['rotationDeferred']);
    expect(await people.hear(secretsManagerEvent('RotationAbandoned'))).toEqual(['sent']);
  });

  test('is told also where the journal cannot be read', async () => {
    const people = new People();
    people.journal = new Error('unreadable');
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['sent']);
  });
});

describe('what Secrets Manager alone reports', () => {
  test('a test of the configuration that fails, until it succeeds or a rotation does', async () => {
    const people = new People();
    for (const end of ['TestRotationSucceeded', 'RotationSucceeded']) {
      expect(await people.hear(secretsManagerEvent('TestRotationFailed'))).toEqual(['sent']);
      expect(await people.hear(secretsManagerEvent(end))).toContain('sent');
    }
  });

  test('what else becomes of a secret is no fault', async () => {
    const people = new People();
    expect(await people.hear(secretsManagerEvent('RotationStarted'))).toEqual([]);
    expect(
      await people.hear(
        secretsManagerEvent('RotationFailed', 'arn:aws:secretsmanager:x:1:secret:other-AbCdEf'),
      ),
    ).toEqual([]);
  });
});

describe('what AWS reports of a secret, in a stack with shards', () => {
  const shard = (): People => {
    const people = new People();
    people.place = { ...people.place, stack: 'iam-key-rotation-two', sharded: true };
    return people;
  };

  test('is told by the shard that has the user', async () => {
    const people = shard();
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['sent']);
    expect(people.subjects).toEqual(['Key rotation failed (iam-key-rotation-two/ci-deployer)']);
    expect(await people.hear(secretsManagerEvent('RotationSucceeded'))).toContain('sent');
  });

  test('is left alone by the others', async () => {
    const people = shard();
    people.settings = undefined;
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['ofAnotherShard']);
    expect(await people.hear(secretsManagerEvent('TestRotationSucceeded'))).toEqual(['ofAnotherShard']);
    expect(people.subjects).toEqual([]);
  });

  test('is told by all of them where nobody can read whose the secret is', async () => {
    const people = shard();
    people.settings = new Error('unreadable');
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['sent']);
  });

  test('is told in a stack without shards, whatever became of the settings', async () => {
    const people = new People();
    people.settings = undefined;
    expect(await people.hear(secretsManagerEvent('RotationFailed'))).toEqual(['sent']);
  });

  test('is not so with what the product itself and its alarms report: those are the shard’s own', async () => {
    const people = shard();
    people.settings = undefined;
    expect(await people.hear(rotationFailed({ stack: 'iam-key-rotation-two' }))).toEqual(['sent']);
    expect(await people.hear(alarmState('iam-key-rotation-two/a/rotation-failed', 'ALARM'))).toEqual([
      'sent',
    ]);
  });
});

describe('what goes wrong while people are told', () => {
  test('a message that nobody got is tried again by the next delivery of the event', async () => {
    const people = new People();
    people.topic.failure = people.other.failure = new Error('SNS is down');
    await expect(people.hear(rotationFailed())).rejects.toThrow('did not reach 2 of 2 topics');
    people.topic.failure = people.other.failure = undefined;
    expect(await people.hear(rotationFailed())).toEqual(['sent']);
  });

  test('a message that one topic got is not sent to it again; the other’s failure is an error that an alarm sees', async () => {
    const people = new People();
    people.other.failure = new Error('no such topic');
    await expect(people.hear(rotationFailed())).rejects.toThrow('did not reach 1 of 2 topics');
    expect(await people.hear(rotationFailed())).toEqual(['alreadySent']);
    expect(people.topic.messages).toHaveLength(1);
  });

  test('an end that nobody heard of is tried again, too', async () => {
    const people = new People();
    await people.hear(findingBegan());
    people.topic.failure = people.other.failure = new Error('SNS is down');
    await expect(people.hear(findingEnded())).rejects.toThrow('SNS is down');
    people.topic.failure = people.other.failure = undefined;
    expect(await people.hear(findingEnded())).toEqual(['sent']);
  });

  test('a claim that cannot be given back costs nothing: the next delivery of the event has it', async () => {
    const people = new People();
    const load = people.store.load.bind(people.store);
    people.topic.failure = people.other.failure = new Error('SNS is down');
    people.topic.meanwhile = async () => {
      people.store.load = () => Promise.reject(new Error('DynamoDB is down, too'));
    };
    await expect(people.hear(rotationFailed())).rejects.toThrow('SNS is down');
    people.topic.failure = people.other.failure = undefined;
    people.store.load = load;
    expect(await people.hear(rotationFailed())).toEqual(['sent']);
  });

  test('settings that cannot be read cost the owner, and not the message', async () => {
    const people = new People();
    people.settings = new Error('unreadable');
    await people.hear(rotationFailed());
    expect(people.topic.messages[0]!.attributes).not.toHaveProperty('owner');
    expect(people.topic.messages[0]!.text).toContain('User:    ci-deployer');
  });

  test.each([
    ['no event', 'nonsense'],
    ['one of another source', { source: 'aws.s3', 'detail-type': 'Object Created', detail: {} }],
    ['one of ours with a field missing', rotationFailed({ reason: undefined })],
  ])('%s is an error that says what to do', async (_what, event) => {
    await expect(new People().hear(event)).rejects.toThrow(/does not know.*terraform apply/s);
  });
});

/** All that can happen without something from outside has happened. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
