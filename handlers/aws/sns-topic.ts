import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

import type { CallName } from '../core/model/call-errors';
import type { Message } from '../core/notifications/message';
import type { Topic } from '../core/notifications/notification-ports';
import { callAws, incomplete } from './call-aws';

export class SnsTopic implements Topic {
  constructor(
    private readonly client: SNSClient,
    readonly arn: string,
  ) {}

  async publish({ subject, text, attributes }: Message): Promise<void> {
    const call: CallName = { service: 'SNS', action: 'Publish' };
    const { MessageId } = await callAws(call, 'changes', (options) =>
      this.client.send(
        new PublishCommand({
          TopicArn: this.arn,
          Subject: subject,
          Message: text,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
        }),
        options,
      ),
    );
    if (MessageId === undefined) throw incomplete(call, 'the answer names no message');
  }
}
