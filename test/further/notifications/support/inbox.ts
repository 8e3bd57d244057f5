import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

import type { LocalAws } from '../../../../sandbox/local-aws';

/** A message as a subscriber gets it. */
export interface ReceivedMessage {
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Notification {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}

/** A subscription to a topic whose messages a test can read: a queue. */
export class Inbox {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** @param filter - which messages it wants, by their attributes */
  static async subscribe(
    aws: LocalAws,
    topicArn: string,
    name: string,
    filter?: Readonly<Record<string, readonly string[]>>,
  ): Promise<Inbox> {
    const sqs = new SQSClient(aws.clientConfig());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await new SNSClient(aws.clientConfig()).send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${aws.region}:${aws.accountId}:${name}`,
        ...(filter === undefined ? {} : { Attributes: { FilterPolicy: JSON.stringify(filter) } }),
      }),
    );
    return new Inbox(sqs, QueueUrl!);
  }

  /** Everything that has come since the last time, and takes it out. */
  async take(): Promise<readonly ReceivedMessage[]> {
    const taken: ReceivedMessage[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return taken;
      taken.push(...Messages.map(({ Body }) => received(JSON.parse(Body!) as Notification)));
      await this.sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: this.queueUrl,
          Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
    }
  }
}

function received({ Subject, Message, MessageAttributes }: Notification): ReceivedMessage {
  return {
    subject: Subject,
    text: Message,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]),
    ),
  };
}
