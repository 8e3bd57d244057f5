import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { onlyOverTls, policyDocument, type PolicyStatement } from '../aws/policy-document';
import { addressed } from '../terraform/address';

export interface FailedEventsQueueProps {
  /** Of the resource in Terraform. */
  readonly address: string;
  readonly queueName: string;
  readonly place: AwsPlace;
  /**
   * The rules of EventBridge that send there what they cannot deliver, as ARNs, which may have stars. By name: a rule
   * refers to a function, and the function to this queue.
   * @default none: only roles of the account send, by their own policies
   */
  readonly rulesThatSend?: readonly string[];
}

/** How long a message stays in the queue: SQS's longest. */
const RETENTION_SECONDS = 14 * 86_400;

/**
 * Keeps the events that a function could not handle, until a person has read them.
 *
 * The policy is an argument of the queue. As a resource of its own it costs every first apply half a minute more: the
 * provider waits 25 seconds after each of the two, until SQS gives the same answer everywhere.
 */
export class FailedEventsQueue extends Construct {
  readonly resource: SqsQueue;
  /** A text, for policies: what only names the queue does not have to wait for it. */
  readonly namedArn: string;

  constructor(scope: Construct, id: string, props: FailedEventsQueueProps) {
    super(scope, id);
    const { partition, region, accountId } = props.place;
    this.namedArn = `arn:${partition}:sqs:${region}:${accountId}:${props.queueName}`;
    this.resource = addressed(
      props.address,
      new SqsQueue(this, 'Resource', {
        name: props.queueName,
        messageRetentionSeconds: RETENTION_SECONDS,
        sqsManagedSseEnabled: true,
        policy: policyDocument(this.#statements(props.rulesThatSend)),
      }),
    );
  }

  #statements(rulesThatSend: readonly string[] = []): readonly PolicyStatement[] {
    const Resource = this.namedArn;
    const fromRules: PolicyStatement = {
      Sid: 'UndeliveredEvents',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource,
      Condition: { ArnLike: { 'aws:SourceArn': rulesThatSend } },
    };
    return [...(rulesThatSend.length === 0 ? [] : [fromRules]), onlyOverTls('sqs:*', Resource)];
  }
}
