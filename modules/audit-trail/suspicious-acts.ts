import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { DEFAULT_LOG_RETENTION_DAYS } from '../aws/default-values';
import {
  suspiciousActsLogGroupName,
  suspiciousActsLogGroups,
  suspiciousActsLogPolicyName,
  watchRuleName,
} from '../aws/names';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { policyDocument } from '../aws/policy-document';
import type { LogPolicy } from './log-policy';
import type { Watch } from './watches';
import { watchesOf } from './watches';
import type { WatchTarget } from './watch-target';
import type { Watched } from './watched';

export interface SuspiciousActsProps {
  readonly watched: Watched;
  /** @default "own" */
  readonly logPolicy?: LogPolicy;
  /**
   * Functions that are told of every act.
   * @default the acts are only written to the log group
   */
  readonly targets?: readonly WatchTarget[];
  /**
   * Of the log group: how long it is kept, and what encrypts it.
   * @default {}
   */
  readonly defaults?: FunctionDefaults;
}

const ADDRESS = 'suspicious-acts';

/**
 * Notices what somebody else does to rotated users, their secrets and what rotates them, and keeps it in a log group.
 * It sees what a CloudTrail trail of the account logs, usually within some minutes; without a trail, nothing.
 */
export class SuspiciousActs extends Construct {
  readonly logGroupName: string;
  /** Whose secret's reads are not watched, by stable key, and why. */
  readonly unwatched: Readonly<Record<string, string>>;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SuspiciousActsProps) {
    super(scope, id);
    const { prefix } = props.watched;
    const { watches, unwatched } = watchesOf(props.watched);
    const log = this.#log(prefix, props.defaults ?? {});
    const admitted = this.#admitEventBridge(props, log);
    const targets = (props.targets ?? []).map((target) => ({
      ...target,
      ready: [...target.ready, this.#permit(target, props.watched)],
    }));

    this.parts = [
      log,
      ...admitted,
      ...watches.flatMap((watch) => this.#watch(prefix, watch, { log, admitted, targets })),
    ];
    this.logGroupName = log.name;
    this.unwatched = unwatched;
  }

  #log(prefix: string, { logRetentionDays, logKmsKeyArn }: FunctionDefaults): CloudwatchLogGroup {
    return addressed(
      ADDRESS,
      new CloudwatchLogGroup(this, 'LogGroup', {
        name: suspiciousActsLogGroupName(prefix),
        retentionInDays: logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
        kmsKeyId: logKmsKeyArn,
      }),
    );
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions */
  #admitEventBridge(
    { watched, logPolicy = 'own' }: SuspiciousActsProps,
    log: CloudwatchLogGroup,
  ): readonly CloudwatchLogResourcePolicy[] {
    if (logPolicy === 'ofAnotherShard') return [];
    const { place, prefix, stackPrefix = prefix } = watched;
    const { partition, region, accountId } = place;
    const ofAllShards = `arn:${partition}:logs:${region}:${accountId}:log-group:${suspiciousActsLogGroups(stackPrefix)}`;
    const Principal = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
    const [Resource, rules] =
      logPolicy === 'own'
        ? [`${log.arn}:*`, watchRuleName(prefix, 'watch-*')]
        : [`${ofAllShards}:*`, watchRuleName(stackPrefix, '*watch-*')];
    const policy = addressed(
      ADDRESS,
      new CloudwatchLogResourcePolicy(this, 'LogPolicy', {
        policyName: suspiciousActsLogPolicyName(prefix),
        policyDocument: policyDocument([
          { Sid: 'Streams', Effect: 'Allow', Principal, Action: 'logs:CreateLogStream', Resource },
          {
            Sid: 'EventBridge',
            Effect: 'Allow',
            Principal,
            Action: 'logs:PutLogEvents',
            Resource,
            // Whoever makes a rule of another name must not write acts here that nobody did.
            Condition: {
              ArnLike: { 'aws:SourceArn': `arn:${partition}:events:${region}:${accountId}:rule/${rules}` },
            },
          },
        ]),
      }),
    );
    return [policy];
  }

  /** For all rules at once: a function's policy has no room for one statement each. */
  #permit(
    { targetId, functionName, replacedTogether }: WatchTarget,
    { place, prefix }: Watched,
  ): LambdaPermission {
    const { partition, region, accountId } = place;
    return addressed(
      `${ADDRESS}_${targetId}`,
      new LambdaPermission(this, `Permission-${targetId}`, {
        statementId: watchRuleName(prefix, ADDRESS),
        action: 'lambda:InvokeFunction',
        functionName,
        principal: 'events.amazonaws.com',
        sourceArn: `arn:${partition}:events:${region}:${accountId}:rule/${watchRuleName(prefix, 'watch-*')}`,
        lifecycle: replacedTogether,
      }),
    );
  }

  #watch(
    prefix: string,
    { name, description, pattern, ofReads }: Watch,
    to: {
      readonly log: CloudwatchLogGroup;
      readonly admitted: readonly CloudwatchLogResourcePolicy[];
      readonly targets: readonly WatchTarget[];
    },
  ): readonly ITerraformDependable[] {
    const rule = addressed(
      `watch-${name}`,
      new CloudwatchEventRule(this, name, {
        name: watchRuleName(prefix, `watch-${name}`),
        description,
        eventPattern: JSON.stringify(pattern),
        state: ofReads ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
      }),
    );
    const recorded = addressed(
      `watch-${name}`,
      new CloudwatchEventTarget(this, `${name}-log`, {
        rule: rule.name,
        targetId: 'log',
        arn: to.log.arn,
        dependsOn: [...to.admitted],
      }),
    );
    const told = to.targets.map((target) =>
      addressed(
        `watch-${name}_${target.targetId}`,
        new CloudwatchEventTarget(this, `${name}-${target.targetId}`, {
          rule: rule.name,
          targetId: target.targetId,
          arn: target.functionArn,
          deadLetterConfig: target.queueArn === undefined ? undefined : { arn: target.queueArn },
          dependsOn: [...target.ready],
        }),
      ),
    );
    return [rule, recorded, ...told];
  }
}
