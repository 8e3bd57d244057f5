import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { policyDocument } from '../aws/policy-document';
import type { FailedEventsQueue } from './failed-events-queue';

export interface HourlyScheduleProps {
  /** Name of the schedule in the Terraform addresses; that of its role ends in `-schedule`. */
  readonly address: string;
  readonly scheduleName: string;
  readonly roleName: string;
  /** What it does, as in "Retires the previous access keys of production." */
  readonly description: string;
  /** Whose function it runs, as in "the retirement function of production". */
  readonly runs: string;
  /** Of the statement that lets it invoke the function. */
  readonly sid: string;
  /**
   * What the function is invoked with.
   * @default what Scheduler sends by itself
   */
  readonly input?: object;
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

/** EventBridge Scheduler invokes a function every hour, at some moment of a window of 15 minutes. */
export class HourlySchedule extends Construct {
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: HourlyScheduleProps) {
    super(scope, id);
    const { address, functionArn, input, queue } = props;
    const role = this.#role(props);
    const policy = addressed(
      `${address}-schedule`,
      new IamRolePolicy(this, 'Policy', {
        name: props.roleName,
        // The id, which is the name, is not known while the role is made again: then the policy is, too, which goes with it.
        role: role.id,
        policy: policyDocument([
          { Sid: props.sid, Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn },
          { Sid: 'ReportFailure', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue.namedArn },
        ]),
      }),
    );
    const schedule = addressed(
      address,
      new SchedulerSchedule(this, 'Resource', {
        name: props.scheduleName,
        description: props.description,
        state: 'ENABLED',
        scheduleExpression: 'rate(1 hour)',
        flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 15 },
        target: {
          arn: functionArn,
          roleArn: role.arn,
          ...(input === undefined ? {} : { input: JSON.stringify(input) }),
          retryPolicy: { maximumEventAgeInSeconds: DELIVERY_SECONDS, maximumRetryAttempts: 10 },
          deadLetterConfig: { arn: queue.resource.arn },
        },
        dependsOn: [policy, ...props.dependsOn],
      }),
    );
    this.parts = [policy, schedule];
  }

  /** For schedules of this account alone: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  #role({ address, roleName, runs, place, rolePath, permissionsBoundaryArn }: HourlyScheduleProps): IamRole {
    const { partition, region, accountId } = place;
    return addressed(
      `${address}-schedule`,
      new IamRole(this, 'Role', {
        name: roleName,
        path: rolePath,
        permissionsBoundary: permissionsBoundaryArn,
        description: `EventBridge Scheduler runs ${runs} with it.`,
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
