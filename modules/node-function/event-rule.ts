import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';

/** A function that is invoked with events. */
export interface EventListener {
  readonly functionName: string;
  readonly functionArn: string;
  /** Gets what cannot be delivered within a day. */
  readonly queueArn: string;
  /** Everything that an invocation needs. */
  readonly ready: readonly ITerraformDependable[];
  readonly replacedTogether: TerraformResourceLifecycle;
}

export interface EventRuleProps {
  /** Name in the Terraform addresses. */
  readonly address: string;
  /** At most 64 characters. */
  readonly ruleName: string;
  readonly description: string;
  readonly pattern: object;
  /** Of the function among the rule's targets. */
  readonly targetId: string;
  readonly listener: EventListener;
}

/** Hands the events of the account's default bus that match a pattern to a function. */
export class EventRule extends Construct {
  readonly resource: CloudwatchEventRule;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const { address, listener } = props;
    const rule = addressed(
      address,
      new CloudwatchEventRule(this, 'Resource', {
        name: props.ruleName,
        description: props.description,
        eventPattern: JSON.stringify(props.pattern),
      }),
    );
    const permission = addressed(
      address,
      new LambdaPermission(this, 'Permission', {
        statementId: props.ruleName,
        action: 'lambda:InvokeFunction',
        functionName: listener.functionName,
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
        lifecycle: listener.replacedTogether,
        dependsOn: [...listener.ready],
      }),
    );
    const target = addressed(
      address,
      new CloudwatchEventTarget(this, 'Target', {
        rule: rule.name,
        targetId: props.targetId,
        arn: listener.functionArn,
        deadLetterConfig: { arn: listener.queueArn },
        dependsOn: [permission],
      }),
    );
    this.resource = rule;
    this.parts = [rule, permission, target];
  }
}
