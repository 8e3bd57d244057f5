import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { notificationRuleName } from '../aws/names';
import { EventRule, type EventListener } from '../node-function/event-rule';
import { drillPattern, healthPattern, quarantinePattern } from './event-patterns';

export interface LeakRulesProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  readonly listener: EventListener;
  /** Of the listener among the rules' targets. */
  readonly targetId: string;
  /** The stack has a user for drills. @default false */
  readonly hearsDrills?: boolean;
}

/** Hands what AWS reports of leaks in the stack's region, or is brought there, to a function. */
export class LeakRules extends Construct {
  readonly health: EventRule;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LeakRulesProps) {
    super(scope, id);
    const { hearsDrills = false, prefix, place, ...listening } = props;
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
    const drills = hearsDrills
      ? new EventRule(this, 'Drill', {
          address: 'leak-drill',
          ruleName: notificationRuleName(prefix, 'drill'),
          description: `Somebody plays a leak, for the user for drills of ${prefix}.`,
          pattern: drillPattern(place, prefix),
          ...listening,
        })
      : undefined;
    this.parts = [...this.health.parts, ...quarantine.parts, ...(drills?.parts ?? [])];
  }
}
