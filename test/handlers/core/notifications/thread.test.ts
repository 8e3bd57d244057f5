import { chatNotificationSchema } from '../../../../contract/chat-notification';
import { DAY } from '../../../../contract/instant';
import type { FaultState } from '../../../../handlers/core/notifications/fault-state';
import { NOON } from '../../support/fixtures';
import { alarmState, findingBegan, findingEnded, keyPromoted, rotationFailed } from './support/events';
import { People } from './support/people';

let people: People;

beforeEach(() => {
  people = new People();
  people.place = { ...people.place, format: 'chat' };
});

/** In which threads the messages are, in their order: the first thread is 1. */
async function threadsOf(...events: readonly unknown[]): Promise<readonly number[]> {
  for (const event of events) await people.hear(event);
  const ids = people.topic.messages.map(
    ({ chat }) => chatNotificationSchema.parse(JSON.parse(chat!)).metadata.threadId,
  );
  const known = [...new Set(ids)];
  return ids.map((id) => known.indexOf(id) + 1);
}

test('beginning, reminders and end of one fault are one thread', async () => {
  await people.hear(rotationFailed());
  people.now = NOON + 8 * DAY;
  expect(
    await threadsOf(
      rotationFailed({ at: '2026-01-23T12:00:00.000Z' }),
      keyPromoted({ at: '2026-01-24T12:00:00.000Z' }),
    ),
  ).toEqual([1, 1, 1]);
});

test('a fault that comes again after its end is another thread, which people see', async () => {
  expect(
    await threadsOf(
      rotationFailed(),
      keyPromoted({ at: '2026-01-15T13:00:00.000Z' }),
      rotationFailed({ at: '2026-01-15T14:00:00.000Z' }),
      keyPromoted({ at: '2026-01-15T15:00:00.000Z' }),
    ),
  ).toEqual([1, 1, 2, 2]);
});

test('a finding that began anew is another thread, though its end was never heard of', async () => {
  expect(await threadsOf(findingBegan(), findingBegan({ since: '2026-01-15T11:30:00.000Z' }))).toEqual([
    1, 2,
  ]);
});

test('each user, each key and each kind of fault is a thread of its own', async () => {
  expect(
    await threadsOf(
      findingBegan(),
      findingBegan({ keyIdSuffix: 'XMPL' }),
      findingBegan({ user: 'mailer' }),
      rotationFailed(),
      alarmState('iam-key-rotation/sweep-failed', 'ALARM'),
      findingEnded(),
    ),
  ).toEqual([1, 2, 3, 4, 5, 1]);
});

test('a fault that an older version has told ends in the thread of its beginning', async () => {
  const state: FaultState = {
    state: 'told',
    ...{ began: NOON, reports: { others: NOON }, ends: {}, toldAt: NOON },
  };
  await people.store.replace({ kind: 'rotationFailed', user: 'ci-deployer' }, state, 0);
  await people.hear(keyPromoted({ at: '2026-01-15T13:00:00.000Z' }));
  expect(people.topic.messages[0]!.chat).toContain(
    '"threadId":"iam-key-rotation/rotationFailed/ci-deployer//2026-01-15T12:00:00.000Z"',
  );
});
