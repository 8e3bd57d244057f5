import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { Fn, Token } from 'cdktf';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';

import type { MessageFormat } from '../../contract/chat-notification';
import type { NotifyEnv } from '../../contract/env/notify';
import { addressed } from '../terraform/address';
import type { WatchTarget } from '../audit-trail/watch-target';
import type { AwsPlace } from '../aws/aws-place';
import { functionName, notificationFunctionName, notificationQueueName } from '../aws/names';
import { FailedEventsQueue } from '../node-function/failed-events-queue';
import { NOTIFY_PEOPLE_ENTRY } from '../node-function/handler-entries';
import type { JournalTableReference } from '../journal-table/journal-table';
import type { OrReference, TerraformReference } from '../terraform/reference';
import { JsonReference, type TextList } from '../terraform/json-text';
import { NodeFunction } from '../node-function/node-function';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { notificationStatements } from './policies';

export interface NotificationFunctionProps {
  readonly stackName: string;
  readonly prefix: string;
  /** Of the secrets' names. @default as `prefix` */
  readonly secretPrefix?: string;
  /** Whether other stacks' secrets are named alike. @default false */
  readonly sharded?: boolean;
  /** The stack's own topic. */
  readonly topicArn: string;
  /** Topics that were there already: a list, or a reference to one. */
  readonly existingTopicArns: readonly string[];
  /** The customer key that encrypts the stack's own topic, if one does. */
  readonly kmsKeyArn?: string;
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
  /** @default "text" */
  readonly format?: MessageFormat | TerraformReference;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  readonly defaults: FunctionDefaults;
}

/** Some reads and writes of the table, and a call for each topic, with the SDK's retries. */
const TIMEOUT_SECONDS = 120;

/** What tells people: a function, and a queue of the events that it could not tell them of. */
export class NotificationFunction extends Construct implements WatchTarget {
  readonly targetId = 'notify';
  readonly functionName: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly ready: readonly ITerraformDependable[];
  readonly replacedTogether: TerraformResourceLifecycle;

  constructor(scope: Construct, id: string, props: NotificationFunctionProps) {
    super(scope, id);
    const { prefix, table, topicArn, kmsKeyArn, place } = props;
    const topics = topicsOf(props);
    // EventBridge puts there what it cannot deliver, Lambda what the function could not do.
    const queue = new FailedEventsQueue(this, 'Failed', {
      address: 'notify-failed',
      queueName: notificationQueueName(prefix),
      place,
      rulesThatSend: ['notify-*', 'watch-*'].map((rules) => ruleArn(place, functionName(prefix, rules))),
    });
    const lambda = new NodeFunction<OrReference<NotifyEnv>>(this, 'Function', {
      address: 'notify',
      functionName: notificationFunctionName(prefix),
      description: `Tells people what is wrong with the access keys of the IAM users of ${props.stackName}.`,
      entryFile: NOTIFY_PEOPLE_ENTRY,
      environment: {
        TABLE_NAME: table.tableName,
        ACCOUNT_ID: place.accountId,
        STACK: prefix,
        SECRET_NAME_PREFIX: props.secretPrefix ?? prefix,
        SHARDED: props.sharded === true ? 'true' : 'false',
        TOPIC_ARNS: topics.joined,
        RUNBOOK_URL: props.runbookUrl,
        FORMAT: props.format,
      },
      timeoutSeconds: TIMEOUT_SECONDS,
      statements: notificationStatements({
        ...{ place, topicArn, kmsKeyArn },
        everyTopicArn: topics.every,
        existingTopicArns: topics.existing,
        tableArn: table.arn,
        queueArn: queue.namedArn,
      }),
      defaults: props.defaults,
    });
    const onFailure = addressed(
      'notify',
      new LambdaFunctionEventInvokeConfig(this, 'OnFailure', {
        functionName: lambda.functionName,
        maximumRetryAttempts: 2,
        destinationConfig: { onFailure: { destination: queue.resource.arn } },
        lifecycle: lambda.replacedTogether,
        dependsOn: [...lambda.ready],
      }),
    );

    this.functionName = lambda.functionName;
    this.functionArn = lambda.arn;
    this.queueArn = queue.resource.arn;
    this.ready = [...lambda.ready, onFailure];
    this.replacedTogether = lambda.replacedTogether;
  }
}

const ruleArn = ({ partition, region, accountId }: AwsPlace, name: string): string =>
  `arn:${partition}:events:${region}:${accountId}:rule/${name}`;

/** The topics as the function and its policy need them; of a list that is a reference Terraform makes the same. */
function topicsOf({ topicArn, existingTopicArns }: NotificationFunctionProps): {
  readonly joined: string;
  readonly every: TextList;
  readonly existing: TextList | undefined;
} {
  if (!Token.isUnresolved(existingTopicArns)) {
    const every = [topicArn, ...existingTopicArns];
    const existing = existingTopicArns.length === 0 ? undefined : existingTopicArns;
    return { joined: every.join(','), every, existing };
  }
  const every = Fn.concat([[topicArn], existingTopicArns]) as string[];
  // A condition without a value is refused, so the stack's own topic is named there, too.
  const text = new JsonReference(Fn.jsonencode(every));
  return { joined: Fn.join(',', every), every: text, existing: text };
}
