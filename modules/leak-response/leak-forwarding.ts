import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { leakEventsName } from '../aws/names';
import { EventForwarding, type ListeningPost } from '../event-forwarding/event-forwarding';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { leakPattern } from './event-patterns';

export interface LeakForwardingProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  /** The stack has a user for drills, which come the same way. @default false */
  readonly bringsDrills?: boolean;
  /** At least one, and none of them the stack's own. */
  readonly from: readonly ListeningPost[];
  readonly defaults: FunctionDefaults;
}

/**
 * Brings AWS's reports of leaks to the stack's region: IAM and Health send them to one region of a partition, Health to a second
 * one besides. https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
 */
export class LeakForwarding extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LeakForwardingProps) {
    super(scope, id);
    const { bringsDrills = false, defaults, from, place, prefix } = props;
    this.parts = new EventForwarding(this, 'Forwarding', {
      address: 'leak-events',
      name: leakEventsName(prefix),
      ruleDescription: `Brings AWS's reports of leaked keys to ${place.region}, for ${prefix}.`,
      roleDescription: `EventBridge brings AWS's reports of leaked keys to the region of ${prefix} with it.`,
      pattern: leakPattern(place, bringsDrills ? prefix : undefined),
      ...{ place, from, defaults },
    }).parts;
  }
}
