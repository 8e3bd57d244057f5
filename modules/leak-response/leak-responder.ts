import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';

import type { RespondEnv } from '../../contract/env/respond';
import type { AwsPlace } from '../aws/aws-place';
import { notificationQueueName, respondFunctionName } from '../aws/names';
import type { JournalTableReference } from '../journal-table/journal-table';
import type { EventListener } from '../node-function/event-rule';
import { RESPOND_TO_LEAKS_ENTRY } from '../node-function/handler-entries';
import { NodeFunction } from '../node-function/node-function';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { addressed } from '../terraform/address';
import { responderStatements, type RotatingFunctions } from './policies';

export interface LeakResponderProps {
  readonly stackName: string;
  readonly prefix: string;
  readonly functions: 'per-user' | 'shared';
  readonly rotating: RotatingFunctions;
  /** The stable key of the user whose key a drill may have replaced. @default none */
  readonly drillUser?: string | undefined;
  /** Gets the reports that could not be answered: the notifications' own, which an alarm watches. */
  readonly queueArn: string;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  readonly defaults: FunctionDefaults;
}

/** It waits for a rotation function, which may take ten minutes. Lambda's own limit. */
const TIMEOUT_SECONDS = 900;

/** A report of an hour ago is found by the retirement function, as far as it was begun. */
const LONGEST_IN_QUEUE_SECONDS = 3_600;

/** The function that answers AWS's reports of leaked keys. Its role may invoke the rotation functions, and change nothing else. */
export class LeakResponder extends Construct implements EventListener {
  readonly functionName: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly ready: readonly ITerraformDependable[];
  readonly replacedTogether: TerraformResourceLifecycle;

  constructor(scope: Construct, id: string, props: LeakResponderProps) {
    super(scope, id);
    const { defaults, functions, place, prefix, queueArn, rotating, table } = props;
    const { partition, region, accountId } = place;
    const lambda = new NodeFunction<RespondEnv>(this, 'Function', {
      address: 'respond',
      functionName: respondFunctionName(prefix),
      description: `Has leaked access keys of the IAM users of ${props.stackName} replaced.`,
      entryFile: RESPOND_TO_LEAKS_ENTRY,
      environment: {
        TABLE_NAME: table.tableName,
        ACCOUNT_ID: accountId,
        STACK: prefix,
        FUNCTIONS: functions,
        ...(props.drillUser === undefined ? {} : { DRILL_USER: props.drillUser }),
      },
      timeoutSeconds: TIMEOUT_SECONDS,
      statements: responderStatements({
        ...{ place, prefix, rotating, tableArn: table.arn },
        queueArn: `arn:${partition}:sqs:${region}:${accountId}:${notificationQueueName(prefix)}`,
      }),
      defaults,
    });
    const onFailure = addressed(
      'respond',
      new LambdaFunctionEventInvokeConfig(this, 'OnFailure', {
        functionName: lambda.functionName,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: LONGEST_IN_QUEUE_SECONDS,
        destinationConfig: { onFailure: { destination: queueArn } },
        lifecycle: lambda.replacedTogether,
        dependsOn: [...lambda.ready],
      }),
    );
    this.functionName = lambda.functionName;
    this.functionArn = lambda.arn;
    this.queueArn = queueArn;
    this.ready = [...lambda.ready, onFailure];
    this.replacedTogether = lambda.replacedTogether;
  }
}
