import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { iamEventsName } from '../aws/names';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { policyDocument } from '../aws/policy-document';
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
    const { provider, watched } = props;
    const { partition, region, accountId } = watched.place;
    const busArn = `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
    const name = iamEventsName(watched.prefix);
    const rule = addressed(
      ADDRESS,
      new CloudwatchEventRule(this, 'Rule', {
        provider,
        name,
        description: `Brings what others do with keys, users and roles to ${region}, for ${watched.prefix}.`,
        eventPattern: JSON.stringify(iamActs(watched)),
        state: 'ENABLED',
      }),
    );
    const role = this.#role(name, props);
    const policy = addressed(
      ADDRESS,
      new IamRolePolicy(this, 'Policy', {
        name,
        // The id, which is the name, is not known while the role is made again: then the policy is, too, which goes with it.
        role: role.id,
        policy: policyDocument([
          { Sid: 'Forward', Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn },
        ]),
      }),
    );
    const target = addressed(
      ADDRESS,
      new CloudwatchEventTarget(this, 'Target', {
        provider,
        rule: rule.name,
        targetId: 'bus',
        arn: busArn,
        roleArn: role.arn,
        dependsOn: [policy],
      }),
    );
    this.parts = [rule, policy, target];
  }

  /** For this rule alone. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html */
  #role(name: string, { watched, region, defaults = {} }: IamEventForwardingProps): IamRole {
    const { partition, accountId } = watched.place;
    return addressed(
      ADDRESS,
      new IamRole(this, 'Role', {
        name,
        path: defaults.rolePath,
        permissionsBoundary: defaults.permissionsBoundaryArn,
        description: `EventBridge brings IAM's events to the region of ${watched.prefix} with it.`,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'EventBridge',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: {
                'aws:SourceAccount': accountId,
                'aws:SourceArn': `arn:${partition}:events:${region}:${accountId}:rule/${name}`,
              },
            },
          },
        ]),
      }),
    );
  }
}
