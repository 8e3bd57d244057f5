import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws/aws-place';
import { policyDocument } from '../aws/policy-document';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { addressed } from '../terraform/address';

/** A region in which events are listened to. */
export interface ListeningPost {
  readonly region: string;
  readonly provider: AwsProvider;
  /** Name in the Terraform addresses. */
  readonly address: string;
}

export interface EventForwardingProps {
  /** Of the role, in the Terraform addresses. */
  readonly address: string;
  /** Of the role, its policy and each rule. */
  readonly name: string;
  readonly ruleDescription: string;
  readonly roleDescription: string;
  readonly pattern: object;
  /** Where the events are brought to: the default bus there. */
  readonly place: AwsPlace;
  /** At least one, and none of them that of the place. */
  readonly from: readonly ListeningPost[];
  /** Of the role. */
  readonly defaults: FunctionDefaults;
}

/**
 * Brings events of other regions to the stack's: a rule sees only those of its own region.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export class EventForwarding extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EventForwardingProps) {
    super(scope, id);
    const { address, from, name, place } = props;
    const { partition, region, accountId } = place;
    const busArn = `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
    const role = this.#role(props);
    const policy = addressed(
      address,
      new IamRolePolicy(this, 'Policy', {
        name,
        // The id, which is the name, is not known while the role is made again: then the policy is, too, which goes with it.
        role: role.id,
        policy: policyDocument([
          { Sid: 'Forward', Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn },
        ]),
      }),
    );
    const rules = from.flatMap((post) => {
      const { provider } = post;
      const rule = addressed(
        post.address,
        new CloudwatchEventRule(this, `${post.address}-rule`, {
          provider,
          name,
          description: props.ruleDescription,
          eventPattern: JSON.stringify(props.pattern),
          state: 'ENABLED',
        }),
      );
      const target = addressed(
        post.address,
        new CloudwatchEventTarget(this, `${post.address}-target`, {
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

  /** For these rules alone. */
  #role({ address, name, roleDescription, place, from, defaults }: EventForwardingProps): IamRole {
    const { partition, accountId } = place;
    const rules = from.map(({ region }) => `arn:${partition}:events:${region}:${accountId}:rule/${name}`);
    return addressed(
      address,
      new IamRole(this, 'Role', {
        name,
        path: defaults.rolePath,
        permissionsBoundary: defaults.permissionsBoundaryArn,
        description: roleDescription,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'EventBridge',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: {
                'aws:SourceAccount': accountId,
                'aws:SourceArn': rules.length === 1 ? (rules[0] ?? '') : rules,
              },
            },
          },
        ]),
      }),
    );
  }
}
