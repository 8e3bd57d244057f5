import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockAws } from '../support/mock-aws';

import { SnsTopic } from '../../../handlers/aws/sns-topic';

const client = new SNSClient({ region: 'eu-west-1' });
const sns = mockAws(client);
const topic = new SnsTopic(client, 'arn:aws:sns:eu-west-1:111122223333:oncall');

afterEach(() => {
  sns.reset();
});

const MESSAGE = { subject: 'Subject', text: 'Text\n', attributes: { owner: 'team', kind: 'sweepFailed' } };

test('a message is published with its attributes, by which subscriptions filter', async () => {
  sns.on(PublishCommand).resolves({ MessageId: 'a message' });
  await topic.publish(MESSAGE);
  expect(sns.commandCalls(PublishCommand)[0]!.args[0].input).toEqual({
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:oncall',
    Subject: 'Subject',
    Message: 'Text\n',
    MessageAttributes: {
      owner: { DataType: 'String', StringValue: 'team' },
      kind: { DataType: 'String', StringValue: 'sweepFailed' },
    },
  });
});

test('a message that has a form for chat goes there by https, and everywhere else as text', async () => {
  sns.on(PublishCommand).resolves({ MessageId: 'a message' });
  await topic.publish({ ...MESSAGE, chat: '{"version":"1.0"}' });
  const { Message, ...others } = sns.commandCalls(PublishCommand)[0]!.args[0].input;
  expect(JSON.parse(Message!)).toEqual({ default: 'Text\n', https: '{"version":"1.0"}' });
  expect(others).toEqual({
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:oncall',
    Subject: 'Subject',
    MessageStructure: 'json',
    MessageAttributes: {
      owner: { DataType: 'String', StringValue: 'team' },
      kind: { DataType: 'String', StringValue: 'sweepFailed' },
    },
  });
});

test('a message is not known to be sent where the answer does not name it', async () => {
  sns.on(PublishCommand).resolves({});
  await expect(topic.publish(MESSAGE)).rejects.toThrow('SNS Publish got no clear answer');
});

test('an error of SNS names the call', async () => {
  sns.on(PublishCommand).rejects(
    Object.assign(new Error('Topic does not exist'), {
      name: 'NotFoundException',
      $fault: 'client',
      $metadata: { httpStatusCode: 404, attempts: 1 },
    }),
  );
  await expect(topic.publish(MESSAGE)).rejects.toThrow('SNS Publish was refused with NotFound');
});
