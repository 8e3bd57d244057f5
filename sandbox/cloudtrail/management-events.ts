import type { RecordedCall } from '../front/recorder';

/** Data events: CloudTrail's event history does not have them, and a trail only if it selects them. */
const DATA_EVENTS: ReadonlySet<string> = new Set([
  'lambda:Invoke',
  ...[
    'GetItem',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'Query',
    'Scan',
    'BatchGetItem',
    'BatchWriteItem',
  ].map((action) => `dynamodb:${action}`),
  ...['TransactWriteItems', 'TransactGetItems'].map((action) => `dynamodb:${action}`),
  'monitoring:PutMetricData',
  'logs:PutLogEvents',
  'events:PutEvents',
  ...['sns:Publish', 'sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessageBatch'],
]);

/** What nobody was authenticated for, or nobody could read, is no event in the history of a principal. */
export function isManagementEvent({ principal, service, action }: RecordedCall): boolean {
  return principal !== undefined && service !== 's3' && !DATA_EVENTS.has(`${service}:${action}`);
}
