import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { RetireEnv } from '../../contract/env/retire';
import { addressed } from '../terraform/address';
import type { OrReference, TerraformCondition, TerraformReference } from '../terraform/reference';
import type { AwsPlace } from '../aws/aws-place';
import { DEFAULT_MAXIMUM_DELETIONS_PER_RUN } from '../aws/default-values';
import {
  DEFAULT_PREFIX,
  retirementFunctionName,
  retirementQueueName,
  retirementScheduleName,
  retirementScheduleRoleName,
} from '../aws/names';
import { FailedEventsQueue } from '../node-function/failed-events-queue';
import { RETIRE_ACCESS_KEYS_ENTRY } from '../node-function/handler-entries';
import type { JournalTableReference } from '../journal-table/journal-table';
import { HourlySchedule } from '../node-function/hourly-schedule';
import { NodeFunction } from '../node-function/node-function';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { readDeliveries } from '../rotated-user/policies';
import { lookAtQuarantine, retirementStatements } from './policies';
import type { RetiredUser } from './policies';

export interface KeyRetirementProps {
  /** The stack's name. */
  readonly stackName: string;
  /**
   * Of all names on AWS.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  /**
   * `report`: decide and say so, change nothing.
   * @default "act"
   */
  readonly mode?: 'act' | 'report' | TerraformReference;
  /**
   * Of the secrets' names, where it is another than that of everything else.
   * @default prefix
   */
  readonly secretPrefix?: string;
  /**
   * Whether other stacks' secrets have names that begin so, too.
   * @default false
   */
  readonly sharded?: boolean;
  /**
   * How many keys one run deletes at most.
   * @default 25
   */
  readonly maximumDeletionsPerRun?: number;
  /**
   * `user`: what is measured becomes metrics of each user, too, which CloudWatch bills one by one.
   * @default "stack"
   */
  readonly metricsPer?: 'stack' | 'user' | TerraformReference;
  /**
   * Whose keys are retired. Asked once all users are made: what guards them against removal guards this, too.
   * `tagged`: they are made elsewhere, and are told by the tag `iam-key-rotation:stack` with the stack's name.
   */
  readonly users: (() => readonly RetiredUser[]) | 'tagged';
  /**
   * Whether some user has delivery targets.
   * @default false
   */
  readonly delivers?: boolean | TerraformCondition;
  /**
   * Whether a word acknowledges the keys of some user (`by: command` or `either`).
   * @default false
   */
  readonly acknowledges?: boolean;
  /**
   * Whether the stack answers leaks: then it looks whether AWS's quarantine of a user is over.
   * @default false
   */
  readonly answersLeaks?: boolean | TerraformCondition;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  /** @default {} */
  readonly defaults?: FunctionDefaults;
}

/** Lambda's own limit. The function ends a run by itself before it, and the next one continues. */
const TIMEOUT_SECONDS = 900;

/**
 * A run over 5,000 users was measured: 117 MB at most, and 14 s of CPU within 109 s, as it makes about 90 calls a second,
 * each signed. Lambda gives 256 MB a seventh of a CPU, which is just that; this is twice as much.
 */
const MEMORY_MB = 512;

/**
 * What retires the previous keys of all users of a stack: one function, run by EventBridge Scheduler every hour, and a
 * queue of the runs that failed. There is one for each stack, and of its runs one at a time.
 */
export class KeyRetirement extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  /** Of the queue of failed runs. */
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KeyRetirementProps) {
    super(scope, id);
    const {
      answersLeaks = false,
      defaults = {},
      delivers = false,
      place,
      prefix = DEFAULT_PREFIX,
      table,
      users,
    } = props;
    const queue = new FailedEventsQueue(this, 'Failed', {
      address: 'retire-failed',
      queueName: retirementQueueName(prefix),
      place,
    });
    const lambda = new NodeFunction<OrReference<RetireEnv>>(this, 'Function', {
      address: 'retire',
      functionName: retirementFunctionName(prefix),
      description: `Retires the previous access keys of the IAM users of ${props.stackName}.`,
      entryFile: RETIRE_ACCESS_KEYS_ENTRY,
      environment: {
        TABLE_NAME: table.tableName,
        STACK: prefix,
        MODE: props.mode ?? 'act',
        MAXIMUM_DELETIONS: String(props.maximumDeletionsPerRun ?? DEFAULT_MAXIMUM_DELETIONS_PER_RUN),
        METRICS_PER: props.metricsPer ?? 'stack',
        QUARANTINE: quarantineIs(answersLeaks),
      },
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: MEMORY_MB,
      statements: () => [
        ...retirementStatements({
          ...{ place, prefix, stackName: props.stackName },
          ...{ secretPrefix: props.secretPrefix, sharded: props.sharded, delivers: delivers === true },
          acknowledges: props.acknowledges,
          answersLeaks: answersLeaks === true,
          users: users === 'tagged' ? users : users(),
          vpc: defaults.vpc,
          tableArn: table.arn,
          queueArn: queue.namedArn,
        }),
        ...(typeof delivers === 'boolean'
          ? []
          : [{ ...delivers, statement: readDeliveries(table.arn, '*') }]),
        ...(typeof answersLeaks === 'boolean'
          ? []
          : [{ ...answersLeaks, statement: lookAtQuarantine(place, props.stackName) }]),
      ],
      defaults,
    });
    const onFailure = this.#reportFailures(lambda, queue.resource.arn);
    const schedule = new HourlySchedule(this, 'Schedule', {
      address: 'retire',
      scheduleName: retirementScheduleName(prefix),
      roleName: retirementScheduleRoleName(prefix),
      description: `Retires the previous access keys of ${prefix}.`,
      runs: `the retirement function of ${prefix}`,
      sid: 'Retire',
      ...{ place, functionArn: lambda.arn, queue },
      rolePath: defaults.rolePath,
      permissionsBoundaryArn: defaults.permissionsBoundaryArn,
      dependsOn: [...lambda.ready, onFailure],
    });

    table.precede?.(this);
    this.functionName = lambda.functionName;
    this.functionArn = lambda.arn;
    this.queueUrl = queue.resource.url;
    this.queueArn = queue.resource.arn;
    this.parts = [queue.resource, ...lambda.ready, onFailure, ...schedule.parts];
  }

  /**
   * Scheduler invokes Lambda asynchronously: it has done its part when the event is in Lambda's queue, so what fails
   * after that is Lambda's to report. Lambda does not run it again: it would find the failed run's claim to be the only
   * one, end, and count as a success. The next hour's run does what was left.
   * https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
   */
  #reportFailures(
    lambda: NodeFunction<OrReference<RetireEnv>>,
    queueArn: string,
  ): LambdaFunctionEventInvokeConfig {
    return addressed(
      'retire',
      new LambdaFunctionEventInvokeConfig(this, 'OnFailure', {
        functionName: lambda.functionName,
        maximumRetryAttempts: 0,
        maximumEventAgeInSeconds: 3_600,
        destinationConfig: { onFailure: { destination: queueArn } },
        lifecycle: lambda.replacedTogether,
        dependsOn: [...lambda.ready],
      }),
    );
  }
}

/** An environment of Lambda has no absent value where Terraform alone can tell. */
function quarantineIs(answersLeaks: boolean | TerraformCondition): string | undefined {
  if (typeof answersLeaks === 'boolean') return answersLeaks ? 'looked-at' : undefined;
  return `\${${answersLeaks.where} ? "looked-at" : "ignored"}`;
}
