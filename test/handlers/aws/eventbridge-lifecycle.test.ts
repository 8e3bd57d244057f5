import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockAws } from '../support/mock-aws';

import { EventBridgeLifecycle } from '../../../handlers/aws/eventbridge-lifecycle';
import type { LifecycleEvent } from '../../../contract/lifecycle-event';
import { eventOf } from '../../../handlers/core/telemetry/emit';
import { requirePublished } from '../../support/published-events';
import { NOON, settingsOf } from '../support/fixtures';

const client = mockAws(EventBridgeClient);
const accept = ({ Entries = [] }: PutEventsCommandInput) => ({
  $metadata: { requestId: 'an id of AWS' },
  Entries: Entries.map((_, index) => ({ EventId: String(index) })),
});
let warnings: [string, unknown][];
let lifecycle: EventBridgeLifecycle;

beforeEach(() => {
  client.reset();
  client.on(PutEventsCommand).callsFake(accept);
  warnings = [];
  lifecycle = new EventBridgeLifecycle(new EventBridgeClient({}), 'production', {
    info: () => undefined,
    warn: (message, fields) => warnings.push([message, fields]),
    error: () => undefined,
  });
});

const deleted = (number: number): LifecycleEvent =>
  eventOf(settingsOf({ stableKey: `user-${String(number)}` }), NOON, 'Key Deleted', {
    keyIdSuffix: 'ABCD',
    reason: 'its grace period is over',
  });
const batches = (): number[] =>
  client.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries!.length);

test('an event has source, type, moment and stack, as published', async () => {
  lifecycle.note(deleted(1));
  await lifecycle.flush();
  const [entry] = client.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries!;
  expect(entry).toEqual({
    Source: 'iam-key-rotation',
    DetailType: 'Key Deleted',
    Time: new Date(NOON),
    Detail: expect.any(String) as string,
  });
  const detail = JSON.parse(entry!.Detail!) as Record<string, unknown>;
  expect(detail).toMatchObject({ version: '1', stack: 'production', user: 'user-1' });
  requirePublished({ source: entry!.Source!, 'detail-type': entry!.DetailType!, detail });
});

test('noted events are sent ten at a time, once', async () => {
  for (let number = 0; number < 23; number += 1) lifecycle.note(deleted(number));
  await lifecycle.flush();
  await lifecycle.flush();
  expect(batches()).toEqual([10, 10, 3]);
  expect(warnings).toEqual([]);
});

test('without noted events nothing is called', async () => {
  await lifecycle.flush();
  expect(batches()).toEqual([]);
});

test('a refusal of the bus is logged with what was lost, and fails nothing', async () => {
  client.on(PutEventsCommand).rejects(new Error('no'));
  lifecycle.note(deleted(7));
  await expect(lifecycle.flush()).resolves.toBeUndefined();
  await expect(lifecycle.send([deleted(8)])).resolves.toBe(false);
  expect(warnings).toEqual([
    [
      expect.stringContaining('did not accept'),
      expect.objectContaining({ events: ['Key Deleted (user-7)'] }),
    ],
    [
      expect.stringContaining('did not accept'),
      expect.objectContaining({ events: ['Key Deleted (user-8)'] }),
    ],
  ]);
});

test('a refusal of some events is a refusal, and the log names only those', async () => {
  client.on(PutEventsCommand).resolves({
    FailedEntryCount: 1,
    Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }],
  });
  await expect(lifecycle.send([deleted(1), deleted(2)])).resolves.toBe(false);
  expect(warnings).toEqual([
    [expect.any(String), { events: ['Key Deleted (user-2)'], error: 'ThrottlingException' }],
  ]);
});

test.each([
  ['no event', {}],
  ['fewer events than were sent', { Entries: [{ EventId: '1' }] }],
])('an answer about %s accepts none', async (_which, answer) => {
  client.on(PutEventsCommand).resolves({ FailedEntryCount: 0, ...answer });
  await expect(lifecycle.send([deleted(1), deleted(2)])).resolves.toBe(false);
  expect(warnings).toEqual([
    [
      expect.any(String),
      expect.objectContaining({ events: ['Key Deleted (user-1)', 'Key Deleted (user-2)'] }),
    ],
  ]);
});

test('each of several batches is sent, even if others fail', async () => {
  client.on(PutEventsCommand).rejectsOnce(new Error('no')).callsFake(accept);
  const many = Array.from({ length: 12 }, (_, number) => deleted(number));
  await expect(lifecycle.send(many)).resolves.toBe(false);
  expect(batches()).toEqual([10, 2]);
});
