import type { handler as Handler } from '../../../handlers/notify-people/index';
import { alarmState } from '../core/notifications/support/events';
import { entryUnderTest } from '../support/entry';
import { jsonError, MARK_OF_AWS, type Answer } from '../support/local-endpoint';

const { aws, handler, written } = entryUnderTest<typeof Handler>('notify-people', {
  TABLE_NAME: 'iam-key-rotation',
  ACCOUNT_ID: '111122223333',
  STACK: 'iam-key-rotation',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
  SHARDED: 'false',
  TOPIC_ARNS: 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts',
  RUNBOOK_URL: 'https://wiki.example.com/runbook',
});
const published: URLSearchParams[] = [];

/** A table in which nothing was told yet, and a topic that takes everything. */
const nothingTold: Answer = (response, request, _nth, body) => {
  if (request.headers['x-amz-target'] === undefined) {
    published.push(new URLSearchParams(body));
    response.writeHead(200, { ...MARK_OF_AWS, 'content-type': 'text/xml' });
    response.end(
      '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
    );
    return;
  }
  response.writeHead(200, { ...MARK_OF_AWS, 'content-type': 'application/x-amz-json-1.0' });
  response.end('{}');
};

test('one event of EventBridge becomes one message', async () => {
  aws.answerWith(nothingTold);
  await expect(handler(alarmState('iam-key-rotation/sweep-failed', 'ALARM'))).resolves.toEqual(['sent']);
  expect(published).toHaveLength(1);
  expect(published[0]!.get('TopicArn')).toBe('arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts');
  expect(published[0]!.get('Message')).toContain('Runbook: https://wiki.example.com/runbook#sweep-failed');
});

test('what fails is logged with the event’s id, and fails the invocation, so that Lambda tries again', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: dynamodb:UpdateItem'));
  await expect(handler(alarmState('iam-key-rotation/sweep-failed', 'ALARM'))).rejects.toThrow(
    'AccessDeniedException',
  );
  expect(written.join('')).toContain('people may not have been told of this event');
  expect(written.join('')).toContain('c4c1c1c9-6542-e61b-6ef0-8c4d36933a92');
});

test('an event whose id is no text is refused like any other that is not known, whatever stands in its place', async () => {
  await expect(
    handler({ ...alarmState('iam-key-rotation/x', 'ALARM'), id: { toString: 1 } }),
  ).rejects.toThrow('An event that this function does not know');
});
