import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';

import { groupedBy } from '../../grouped-by';
import { shellWord } from '../../shell-word';
import { unlessMissing } from '../account';
import { type Check, type Context, problem } from '../check';
import { text } from '../expected';
import { applied } from '../remedies';

export const subscriptions: Check = {
  name: 'subscriptions',
  looksAt: 'whether the addresses that get messages have confirmed',
  permissions: ['sns:ListSubscriptionsByTopic'],
  async run(context) {
    const { expected } = context;
    const byTopic = groupedBy(expected.of('aws_sns_topic_subscription'), (resource) =>
      expected.nameAt(text(resource, 'topic_arn')),
    );
    const found = await Promise.all(
      [...byTopic].map(async ([topic, wanted]) => {
        const existing = await unlessMissing(subscriptionsOf(topic, context));
        if (existing === undefined) {
          return [problem(topic, 'There is no such topic, so nobody gets a message.', applied(expected))];
        }
        return wanted.flatMap((resource) => {
          const [endpoint, protocol] = [text(resource, 'endpoint'), text(resource, 'protocol')];
          const one = existing.find((each) => each.Endpoint === endpoint && each.Protocol === protocol);
          if (one?.SubscriptionArn?.startsWith('arn:') === true) return [];
          return [
            one === undefined
              ? problem(
                  endpoint,
                  `It is not subscribed to ${topic}: it gets no message. Perhaps somebody has followed the link in a message that ends the subscription.`,
                  `${applied(expected)} Then follow the link that AWS sends to the address.`,
                )
              : problem(
                  endpoint,
                  `Its subscription to ${topic} was not confirmed: it gets no message.`,
                  'Follow the link in the message of AWS Notifications. It is valid for 2 days; after that subscribe the address again: ' +
                    `aws sns subscribe --topic-arn ${arnOf(topic, context)} --protocol ${protocol} --notification-endpoint ${shellWord(endpoint)}`,
                ),
          ];
        });
      }),
    );
    return found.flat();
  },
};

async function subscriptionsOf(topic: string, context: Context): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  const pages = paginateListSubscriptionsByTopic(
    { client: context.account.sns },
    { TopicArn: arnOf(topic, context) },
  );
  for await (const { Subscriptions = [] } of pages) found.push(...Subscriptions);
  return found;
}

const arnOf = (topic: string, { expected, account }: Context): string =>
  topic.startsWith('arn:')
    ? topic
    : `arn:${account.partition}:sns:${expected.region}:${expected.accountId}:${topic}`;
