import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { leakEventsName } from '../aws/names';
import { policyDocument } from '../aws/policy-document';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { addressed } from '../terraform/address';
import { leakPattern } from './event-patterns';

export interface LeakForwardingProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  /** At least one, and none of them the stack's own. */
  readonly from: readonly {
    readonly region: string;
    /** End of the address of what is made there. */
    readonly address: string;
    readonly provider: AwsProvider;
  }[];
  readonly defaults: FunctionDefaults;
}

const ADDRESS = 'leak-events';

/**
 * Brings AWS's reports of leaks to the stack's region: IAM and Health send them to one region of a partition, Health to a second
 * one besides. https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
 */
export class LeakForwarding extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LeakForwardingProps) {
    super(scope, id);
    const { defaults, from, place, prefix } = props;
    const { partition, region, accountId } = place;
    const name = leakEventsName(prefix);
    const busArn = `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
    const role = addressed(
      ADDRESS,
      new IamRole(this, 'Role', {
        name,
        path: defaults.rolePath,
        permissionsBoundary: defaults.permissionsBoundaryArn,
        description: `EventBridge brings AWS's reports of leaked keys to the region of ${prefix} with it.`,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'EventBridge',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: {
                'aws:SourceAccount': accountId,
                'aws:SourceArn': from.map(
                  (one) => `arn:${partition}:events:${one.region}:${accountId}:rule/${name}`,
                ),
              },
            },
          },
        ]),
      }),
    );
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
    const rules = from.flatMap(({ address, provider }) => {
      const rule = addressed(
        address,
        new CloudwatchEventRule(this, `${address}-rule`, {
          provider,
          name,
          description: `Brings AWS's reports of leaked keys to ${region}, for ${prefix}.`,
          eventPattern: JSON.stringify(leakPattern(place)),
          state: 'ENABLED',
        }),
      );
      const target = addressed(
        address,
        new CloudwatchEventTarget(this, `${address}-target`, {
          provider,
          rule: rule.name,
          targetId: 'bus',
          arn: busArn,
          roleArn: role.arn,
          dependsOn: [policy],
        }),
      );
      return [rule, target];
    });
    this.parts = [policy, ...rules];
  }
}
