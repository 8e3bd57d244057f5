import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { DELIVER_ALL } from '../../contract/delivery-input';
import type { DeliverEnv } from '../../contract/env/deliver';
import type { AwsPlace } from '../aws/aws-place';
import {
  DEFAULT_PREFIX,
  deliveryFunctionName,
  deliveryQueueName,
  deliveryRuleName,
  deliveryScheduleName,
  deliveryScheduleRoleName,
  functionName,
} from '../aws/names';
import type { JournalTableReference } from '../journal-table/journal-table';
import { EventRule, type EventListener } from '../node-function/event-rule';
import { FailedEventsQueue } from '../node-function/failed-events-queue';
import { DELIVER_ACCESS_KEYS_ENTRY } from '../node-function/handler-entries';
import { HourlySchedule } from '../node-function/hourly-schedule';
import { NodeFunction } from '../node-function/node-function';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { addressed } from '../terraform/address';
import { labelPattern, promotionPattern } from './event-patterns';
import { deliveryStatements, type DeliveredUser, type DeliveryReach } from './policies';

export interface KeyDeliveryProps {
  /** The stack's name. */
  readonly stackName: string;
  /**
   * Of all names on AWS.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  /**
   * Of the secrets' names, where it is another than that of everything else.
   * @default prefix
   */
  readonly secretPrefix?: string;
  /** Whose keys go to targets: at least one. Or what is reached for them, where Terraform alone knows the users. */
  readonly users: readonly DeliveredUser[] | DeliveryReach;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  /** @default {} */
  readonly defaults?: FunctionDefaults;
}

/** A run over all users: as long as Lambda allows. One user needs seconds, or the wait for a lease. */
const TIMEOUT_SECONDS = 900;

/** Only the run that is in Lambda's queue when it starts counts: the next hour's looks at everything anew. */
const LONGEST_IN_QUEUE_SECONDS = 3_600;

/**
 * What brings the current key of users to places outside their own secrets: one function, run by the events after which another
 * key may be current, and every hour in case one is lost, and a queue of what failed. There is one for each stack that has
 * targets.
 */
export class KeyDelivery extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  /** Of the queue of failed runs and events. */
  readonly queueUrl: string;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KeyDeliveryProps) {
    super(scope, id);
    const { defaults = {}, place, prefix = DEFAULT_PREFIX, table } = props;
    const { secretPrefix = prefix } = props;
    const { partition, region, accountId } = place;
    const queue = new FailedEventsQueue(this, 'Failed', {
      address: 'deliver-failed',
      queueName: deliveryQueueName(prefix),
      place,
      rulesThatSend: [
        `arn:${partition}:events:${region}:${accountId}:rule/${functionName(prefix, 'deliver-*')}`,
      ],
    });
    const lambda = new NodeFunction<DeliverEnv>(this, 'Function', {
      address: 'deliver',
      functionName: deliveryFunctionName(prefix),
      description: `Delivers the current access keys of the IAM users of ${props.stackName} to their targets.`,
      entryFile: DELIVER_ACCESS_KEYS_ENTRY,
      environment: { TABLE_NAME: table.tableName, STACK: prefix, SECRET_NAME_PREFIX: secretPrefix },
      timeoutSeconds: TIMEOUT_SECONDS,
      statements: deliveryStatements({
        ...{ place, secretPrefix, users: props.users },
        ...{ tableArn: table.arn, queueArn: queue.namedArn },
      }),
      defaults,
    });
    const onFailure = addressed(
      'deliver',
      new LambdaFunctionEventInvokeConfig(this, 'OnFailure', {
        functionName: lambda.functionName,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: LONGEST_IN_QUEUE_SECONDS,
        destinationConfig: { onFailure: { destination: queue.resource.arn } },
        lifecycle: lambda.replacedTogether,
        dependsOn: [...lambda.ready],
      }),
    );
    const ready = [...lambda.ready, onFailure];
    const rules = this.#listen(props, {
      functionName: lambda.functionName,
      functionArn: lambda.arn,
      queueArn: queue.resource.arn,
      replacedTogether: lambda.replacedTogether,
      ready,
    });
    const schedule = new HourlySchedule(this, 'Schedule', {
      address: 'deliver',
      scheduleName: deliveryScheduleName(prefix),
      roleName: deliveryScheduleRoleName(prefix),
      description: `Delivers the current access keys of ${prefix} to the targets that do not have them.`,
      runs: `the delivery function of ${prefix}`,
      sid: 'Deliver',
      input: DELIVER_ALL,
      ...{ place, functionArn: lambda.arn, queue },
      rolePath: defaults.rolePath,
      permissionsBoundaryArn: defaults.permissionsBoundaryArn,
      dependsOn: ready,
    });

    table.precede?.(this);
    this.functionName = lambda.functionName;
    this.functionArn = lambda.arn;
    this.queueUrl = queue.resource.url;
    this.parts = [queue.resource, ...ready, ...rules.flatMap(({ parts }) => parts), ...schedule.parts];
  }

  /** Our event comes after the promotion is journaled, Secrets Manager's also where ours is lost. */
  #listen(
    { prefix = DEFAULT_PREFIX, secretPrefix = prefix, place }: KeyDeliveryProps,
    listener: EventListener,
  ): readonly EventRule[] {
    const targetId = 'deliver-access-keys';
    return [
      new EventRule(this, 'Promotions', {
        address: 'deliver-events',
        ruleName: deliveryRuleName(prefix, 'events'),
        description: `Another key of a user of ${prefix} is the current one.`,
        pattern: promotionPattern(prefix, place),
        ...{ targetId, listener },
      }),
      new EventRule(this, 'Labels', {
        address: 'deliver-labels',
        ruleName: deliveryRuleName(prefix, 'labels'),
        description: `AWSCURRENT of a secret of ${prefix} was moved.`,
        pattern: labelPattern(secretPrefix, place),
        ...{ targetId, listener },
      }),
    ];
  }
}
