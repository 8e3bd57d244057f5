import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

import { clientConfig, type AwsConnection } from '../aws-options';

export interface Subscription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

/** The ids that AWS makes up. Undefined: there is no such thing in this account and region. */
export interface AwsLookUps {
  secretArn(name: string): Promise<string | undefined>;
  queueUrl(name: string): Promise<string | undefined>;
  subscriptionArn(subscription: Subscription): Promise<string | undefined>;
}

/** With the caller's own credentials; nothing but reads, and never of a secret's value. */
export function createAwsLookUps(connection: AwsConnection): AwsLookUps {
  const config = clientConfig(connection);
  const secrets = new SecretsManagerClient(config);
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  return {
    secretArn: (name) =>
      unlessMissing(async () => (await secrets.send(new DescribeSecretCommand({ SecretId: name }))).ARN),
    queueUrl: (name) =>
      unlessMissing(async () => (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl),
    subscriptionArn: ({ topicArn, protocol, endpoint }) =>
      unlessMissing(async () => {
        for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn })) {
          const found = page.Subscriptions?.find(
            (one) => one.Protocol === protocol && one.Endpoint === endpoint,
          );
          // One that nobody confirmed has no ARN yet: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
          if (found !== undefined)
            return found.SubscriptionArn?.startsWith('arn:') ? found.SubscriptionArn : undefined;
        }
        return undefined;
      }),
  };
}

/** How the three services say that there is no such thing. */
const MISSING: ReadonlySet<string> = new Set([
  'ResourceNotFoundException', // Secrets Manager
  'QueueDoesNotExist',
  'NotFoundException', // SNS
]);

async function unlessMissing<Found>(lookUp: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await lookUp();
  } catch (error) {
    if (error instanceof Error && MISSING.has(error.name)) return undefined;
    throw error;
  }
}
