import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { retirementScheduleName, retirementScheduleRoleName } from '../aws/names';
import { policyDocument } from '../aws/policy-document';
import type { FailedEventsQueue } from '../node-function/failed-events-queue';

export interface RetirementScheduleProps {
  readonly prefix: string;
  readonly place: AwsPlace;
  readonly functionArn: string;
  /** Of the runs that failed. */
  readonly queue: FailedEventsQueue;
  /** Path of Scheduler's role. */
  readonly rolePath?: string;
  /** Permissions boundary of Scheduler's role: it has to allow invoking the function and sending to the queue. */
  readonly permissionsBoundaryArn?: string;
  /** Without these a run fails. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** How long Scheduler tries to deliver one run: until the next one is due. */
const DELIVERY_SECONDS = 3_600;

/** EventBridge Scheduler invokes the retirement function every hour, at some moment of a window of 15 minutes. */
export class RetirementSchedule extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RetirementScheduleProps) {
    super(scope, id);
    const { prefix, functionArn, queue } = props;
    const role = this.#role(props);
    const policy = addressed(
      'retire-schedule',
      new IamRolePolicy(this, 'Policy', {
        name: retirementScheduleRoleName(prefix),
        // The id, which is the name, is not known while the role is made again: then the policy is, too, which goes with it.
        role: role.id,
        policy: policyDocument([
          { Sid: 'Retire', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn },
          { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue.namedArn },
        ]),
      }),
    );
    const schedule = addressed(
      'retire',
      new SchedulerSchedule(this, 'Resource', {
        name: retirementScheduleName(prefix),
        description: `Retires the previous access keys of ${prefix}.`,
        state: 'ENABLED',
        scheduleExpression: 'rate(1 hour)',
        flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 15 },
        target: {
          arn: functionArn,
          roleArn: role.arn,
          retryPolicy: { maximumEventAgeInSeconds: DELIVERY_SECONDS, maximumRetryAttempts: 10 },
          deadLetterConfig: { arn: queue.resource.arn },
        },
        dependsOn: [policy, ...props.dependsOn],
      }),
    );
    this.parts = [policy, schedule];
  }

  /** For schedules of this account alone: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  #role({ prefix, place, rolePath, permissionsBoundaryArn }: RetirementScheduleProps): IamRole {
    const { partition, region, accountId } = place;
    return addressed(
      'retire-schedule',
      new IamRole(this, 'Role', {
        name: retirementScheduleRoleName(prefix),
        path: rolePath,
        permissionsBoundary: permissionsBoundaryArn,
        description: `EventBridge Scheduler runs the retirement function of ${prefix} with it.`,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'Scheduler',
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: {
                'aws:SourceAccount': accountId,
                'aws:SourceArn': `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/default`,
              },
            },
          },
        ]),
      }),
    );
  }
}
