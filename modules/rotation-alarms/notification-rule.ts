import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { NotificationFunction } from './notification-function';

export interface NotificationRuleProps {
  /** Name in the Terraform addresses. */
  readonly address: string;
  /** At most 64 characters. */
  readonly ruleName: string;
  readonly description: string;
  readonly pattern: object;
  readonly notification: NotificationFunction;
}

/** Hands the events of the account's default bus that match a pattern to the notification function. */
export class NotificationRule extends Construct {
  readonly resource: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: NotificationRuleProps) {
    super(scope, id);
    const { address, notification } = props;
    const rule = addressed(
      address,
      new CloudwatchEventRule(this, 'Resource', {
        name: props.ruleName,
        description: props.description,
        eventPattern: JSON.stringify(props.pattern),
      }),
    );
    this.resource = rule;
    const permission = addressed(
      address,
      new LambdaPermission(this, 'Permission', {
        statementId: props.ruleName,
        action: 'lambda:InvokeFunction',
        functionName: notification.functionName,
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
        lifecycle: notification.replacedTogether,
        dependsOn: [...notification.ready],
      }),
    );
    addressed(
      address,
      new CloudwatchEventTarget(this, 'Target', {
        rule: rule.name,
        targetId: 'notify-people',
        arn: notification.functionArn,
        // What cannot be delivered within a day is told late by the alarm on this queue, or not at all.
        deadLetterConfig: { arn: notification.queueArn },
        dependsOn: [permission],
      }),
    );
  }
}
