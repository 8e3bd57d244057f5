import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { iamEventsName } from '../aws/names';
import { EventForwarding } from '../event-forwarding/event-forwarding';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { iamActs } from './iam-patterns';
import type { Watched } from './watched';

export interface IamEventForwardingProps {
  readonly watched: Watched;
  /** Of the one region where IAM's events arrive. */
  readonly provider: AwsProvider;
  /** That region: `iamEventsRegion` of the partition. */
  readonly region: string;
  /**
   * Of its role.
   * @default {}
   */
  readonly defaults?: FunctionDefaults;
}

const ADDRESS = 'iam-events';

/**
 * Brings IAM's events on access keys, users and the stack's roles to the stack's region: they arrive in one region of a
 * partition alone, and a rule sees only its own. https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
 */
export class IamEventForwarding extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: IamEventForwardingProps) {
    super(scope, id);
    const { provider, region, watched, defaults = {} } = props;
    const { place, prefix } = watched;
    this.parts = new EventForwarding(this, 'Forwarding', {
      address: ADDRESS,
      name: iamEventsName(prefix),
      ruleDescription: `Brings what others do with keys, users and roles to ${place.region}, for ${prefix}.`,
      roleDescription: `EventBridge brings IAM's events to the region of ${prefix} with it.`,
      pattern: iamActs(watched),
      ...{ place, defaults },
      from: [{ address: ADDRESS, region, provider }],
    }).parts;
  }
}
