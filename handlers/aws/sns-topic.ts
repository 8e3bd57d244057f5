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

  /** Who subscribes by https, as Amazon Q Developer does (F 16.2), gets what chat shows; all others get the text (F 16.1). */
  async publish({ subject, text, chat, attributes }: Message): Promise<void> {
    const call: CallName = { service: 'SNS', action: 'Publish' };
    const { MessageId } = await callAws(call, 'changes', (options) =>
      this.client.send(
        new PublishCommand({
          TopicArn: this.arn,
          Subject: subject,
          ...(chat === undefined
            ? { Message: text }
            : { Message: JSON.stringify({ default: text, https: chat }), MessageStructure: 'json' }),
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
