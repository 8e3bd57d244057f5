import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import { settingsSchema } from '../../contract/settings';
import { DynamoDbFindingStore } from '../../handlers/aws/dynamodb-finding-store';
import { readItem } from '../../handlers/aws/read-item';
import type { OpenFinding } from '../../handlers/core/model/open-finding';
import { readEvent } from '../../handlers/core/notifications/read-event';
import {
  alarmState,
  findingBegan,
  findingEnded,
  keyPromoted,
  keysLeftBehind,
  ours,
  rotationFailed,
  secretsManagerEvent,
} from './core/notifications/support/events';

/* `zod/mini` says "Invalid input" of whatever is wrong, unless it is handed texts. */

const PLACE = {
  ...{ accountId: '111122223333', stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation' },
  ...{ sharded: false, runbookUrl: 'docs/runbook.md' },
};

/** One detail of the event is a number where a text has to be. */
const broken = (event: { readonly detail: object }, name: string): unknown => ({
  ...event,
  detail: { ...event.detail, [name]: 5 },
});

test.each([
  ['Rotation Failed', broken(rotationFailed(), 'reason')],
  ['Key Promoted', broken(keyPromoted(), 'at')],
  ['Keys Left Behind', broken(keysLeftBehind(), 'reason')],
  ['Leak Reported', broken(ours('Leak Reported'), 'code')],
  ['Finding Began', broken(findingBegan(), 'what')],
  ['Finding Ended', broken(findingEnded(), 'what')],
  ['an alarm', broken(alarmState('iam-key-rotation/sweep-failed', 'ALARM'), 'alarmName')],
  ['Secrets Manager', broken(secretsManagerEvent('RotationFailed'), 'eventName')],
  [
    'an act of others',
    broken(
      { ...secretsManagerEvent('x'), 'detail-type': 'AWS API Call via CloudTrail' } as never,
      'eventName',
    ),
  ],
])('an event that cannot be read is refused with what is wrong in it: %s', (_, event) => {
  expect(() => readEvent(event, PLACE)).toThrow('expected string, received number');
});

test('an item of the table that cannot be read is refused with what is wrong in it', () => {
  const error = readItem('settings#ci-deployer', settingsSchema, marshall({ stableKey: 5 }));
  expect((error as Error).message).toContain('expected string, received number');
  expect((error as Error).message).toContain('at stableKey');
});

test('what cannot be written into the table is refused with what is wrong in it', async () => {
  const store = new DynamoDbFindingStore(new DynamoDBClient({}), 'iam-key-rotation');
  const open = { what: 5 } as unknown as OpenFinding;

  await expect(store.write('ci-deployer', [open])).rejects.toThrow('expected string, received number');
});
