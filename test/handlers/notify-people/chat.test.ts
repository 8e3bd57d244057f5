import { chatNotificationSchema } from '../../../contract/chat-notification';
import type { handler as Handler } from '../../../handlers/notify-people/index';
import { alarmState } from '../core/notifications/support/events';
import { entryUnderTest } from '../support/entry';
import { MARK_OF_AWS } from '../support/local-endpoint';

const { aws, handler } = entryUnderTest<typeof Handler>('notify-people', {
  TABLE_NAME: 'iam-key-rotation',
  ACCOUNT_ID: '111122223333',
  STACK: 'iam-key-rotation',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
  SHARDED: 'false',
  TOPIC_ARNS: 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts',
  RUNBOOK_URL: 'https://wiki.example.com/runbook',
  FORMAT: 'chat',
});

test('with the format chat one message is both, what chat shows and what a mail says', async () => {
  const published: URLSearchParams[] = [];
  aws.answerWith((response, request, _nth, body) => {
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
  });
  await expect(handler(alarmState('iam-key-rotation/sweep-failed', 'ALARM'))).resolves.toEqual(['sent']);
  expect(published.map((message) => message.get('MessageStructure'))).toEqual(['json']);
  const { https, ...others } = JSON.parse(published[0]!.get('Message')!) as Record<string, string>;
  expect(others).toEqual({ default: expect.stringMatching(/^Retirement function failed\n/) });
  expect(chatNotificationSchema.parse(JSON.parse(https!)).metadata.eventType).toBe('sweepFailed');
});
