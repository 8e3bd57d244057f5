import {
  EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';

import type { DrillPlan } from '../../../cli/drill/plan-drill';
import { putDrill } from '../../../cli/drill/put-drill';
import type { Stack } from '../../../cli/stack';
import { settingsOf } from '../../handlers/support/fixtures';

const events = mockClient(EventBridgeClient);
beforeEach(() => events.reset());

const AT = Date.parse('2026-11-29T12:00:00Z');
const KEY = 'AKIAMMMMMMMM1EXAMPLE';

const put = (secretArn?: string) => {
  const stack = {
    ...{ prefix: 'keys', region: 'eu-west-1', clock: { now: () => AT } },
    connection: { region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } },
  } as unknown as Stack;
  const settings = settingsOf(secretArn === undefined ? {} : { secretArn });
  return putDrill(stack, { leakedKeyId: KEY, settings, steps: [], targets: [] } satisfies DrillPlan);
};
const regionOfCall = async (): Promise<string> => {
  const client = events.commandCalls(PutEventsCommand)[0]!.thisValue as EventBridgeClient;
  return client.config.region();
};

it('the event names stack, key and moment, no user, and is put where Health puts its own', async () => {
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'one' }] });
  await expect(put()).resolves.toEqual({ eventId: 'one', eventRegion: 'us-east-1', at: AT });
  const { Entries } = events.commandCalls(PutEventsCommand)[0]!.args[0].input;
  expect(Entries).toEqual([
    {
      ...{ Source: 'iam-key-rotation.drill', DetailType: 'Leak Drill' },
      Detail: JSON.stringify({ stack: 'keys', keyId: KEY, at: '2026-11-29T12:00:00.000Z' }),
    },
  ]);
  await expect(regionOfCall()).resolves.toBe('us-east-1');
});

it('in a partition of which nobody knows where that is, it is put where the stack is', async () => {
  events.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'one' }] });
  await expect(put('arn:aws-eusc:secretsmanager:eu-west-1:111122223333:secret:a')).resolves.toMatchObject({
    eventRegion: 'eu-west-1',
  });
});

it.each<[string, () => void]>([
  [
    'of the call',
    () =>
      events.rejects(
        new EventBridgeServiceException({
          ...{ name: 'AccessDeniedException', message: 'not authorized', $fault: 'client', $metadata: {} },
        }),
      ),
  ],
  ['of the entry', () => events.resolves({ Entries: [{ ErrorCode: 'not authorized' }] })],
])('a refusal %s is an error: nothing was changed', async (_what, given) => {
  given();
  await expect(put()).rejects.toThrow(
    /^EventBridge in us-east-1 did not take the event of the drill: not authorized\. .*Nothing was changed\.$/,
  );
});

it('without an answer the drill may have begun, and it is said how to see', async () => {
  events.rejects(new Error('socket hang up'));
  await expect(put()).rejects.toThrow(/may have begun: socket hang up\. See `status ci-deployer`\.$/);
});
