import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { TerraformIterator } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { alertsTopicName } from '../aws/names';
import { onlyOverTls, policyDocument } from '../aws/policy-document';
import { addressed } from '../terraform/address';

export interface AlertsTopicProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  readonly emails: readonly string[];
  /**
   * Customer key that encrypts the messages. Its policy has to leave its use to the account's IAM policies.
   * @default the account's own `aws/sns`
   */
  readonly kmsKeyArn?: string;
}

/**
 * What the policy of a topic may name: `sns:*` holds actions that are not a topic's, and is refused.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
const ACTIONS = [
  'sns:AddPermission',
  'sns:DeleteTopic',
  'sns:GetTopicAttributes',
  'sns:ListSubscriptionsByTopic',
  'sns:Publish',
  'sns:RemovePermission',
  'sns:SetTopicAttributes',
  'sns:Subscribe',
];

/**
 * Where people, and their tools, hear of faults.
 *
 * It is encrypted with the account's `aws/sns` key, which costs nothing and is nobody's to look after. That key's policy
 * admits only principals of the account: EventBridge and CloudWatch, which publish as themselves, could not use the topic.
 * They do not have to, as the notification function alone publishes here, and its role is such a principal.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class AlertsTopic extends Construct {
  readonly arn: string;
  readonly resource: SnsTopic;

  constructor(scope: Construct, id: string, props: AlertsTopicProps) {
    super(scope, id);
    const topic = addressed(
      'alerts',
      new SnsTopic(this, 'Resource', {
        name: alertsTopicName(props.prefix),
        kmsMasterKeyId: props.kmsKeyArn ?? 'alias/aws/sns',
        policy: topicPolicy(props),
      }),
    );
    // `for_each`, so that the address of one subscription does not depend on the others.
    const emails = TerraformIterator.fromList([...props.emails]);
    addressed(
      'alerts-email',
      new SnsTopicSubscription(this, 'Emails', {
        forEach: emails,
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: emails.value as string,
      }),
    );
    this.arn = topic.arn;
    this.resource = topic;
  }
}

/** The policy that SNS gives a topic by itself, which lets the account use it, and that nobody does so without TLS. */
function topicPolicy({ prefix, place: { partition, region, accountId } }: AlertsTopicProps): string {
  const Resource = `arn:${partition}:sns:${region}:${accountId}:${alertsTopicName(prefix)}`;
  return policyDocument([
    {
      Sid: 'OwnAccount',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ACTIONS,
      Resource,
      Condition: { StringEquals: { 'aws:SourceOwner': accountId } },
    },
    onlyOverTls(ACTIONS, Resource),
  ]);
}
