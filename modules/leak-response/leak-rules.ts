import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { notificationRuleName } from '../aws/names';
import { EventRule, type EventListener } from '../node-function/event-rule';
import { healthPattern, quarantinePattern } from './event-patterns';

export interface LeakRulesProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  readonly listener: EventListener;
  /** Of the listener among the rules' targets. */
  readonly targetId: string;
}

/** Hands what AWS reports of leaks in the stack's region, or is brought there, to a function. */
export class LeakRules extends Construct {
  readonly health: EventRule;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { prefix, place, ...listening }: LeakRulesProps) {
    super(scope, id);
    this.health = new EventRule(this, 'Health', {
      address: 'leak-health',
      ruleName: notificationRuleName(prefix, 'health'),
      description: `AWS Health reports a leaked key of the account of ${prefix}.`,
      pattern: healthPattern(place),
      ...listening,
    });
    const quarantine = new EventRule(this, 'Quarantine', {
      address: 'leak-quarantine',
      ruleName: notificationRuleName(prefix, 'policy'),
      description: `AWS puts a user of the account of ${prefix} into quarantine, because a key of it leaked.`,
      pattern: quarantinePattern(place),
      ...listening,
    });
    this.parts = [...this.health.parts, ...quarantine.parts];
  }
}
