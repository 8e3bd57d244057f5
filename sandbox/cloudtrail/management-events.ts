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

export const isDataEvent = ({ service, action }: Pick<RecordedCall, 'service' | 'action'>): boolean =>
  DATA_EVENTS.has(`${service}:${action}`);

/** What nobody was authenticated for, or nobody could read, is no event in the history of a principal. */
export function isManagementEvent(call: RecordedCall): boolean {
  return call.principal !== undefined && call.service !== 's3' && !isDataEvent(call);
}
