import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { TerraformResource, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { AwsPlace } from '../aws-place';
import {
  notificationFunctionName,
  notificationQueueName,
  notificationRuleName,
  retirementFunctionName,
  retirementQueueName,
} from '../config/names';
import type { JournalTable } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import type { AlarmDefinition } from './alarm-definition';
import { AlertsTopic } from './alerts-topic';
import { alarmPattern, lifecyclePattern, secretsManagerPattern } from './event-patterns';
import { metricAlarm } from './metric-alarm';
import { NotificationFunction } from './notification-function';
import { NotificationRule } from './notification-rule';
import { alarmOfAllFunctions, alarmOfSharedFunction, alarmsOfFunction } from './rotation-function-alarms';
import { stackAlarms } from './stack-alarms';

/** The functions that rotate: one for all users, or one for each, by stable key. Names, never references. */
export type RotationFunctions =
  | { readonly kind: 'shared'; readonly functionName: string }
  | { readonly kind: 'per-user'; readonly functionNames: Readonly<Record<string, string>> };

export interface RotationAlarmsProps {
  readonly stackName: string;
  /** Of all names on AWS. Never a reference. */
  readonly prefix: string;
  /**
   * Of the secrets' names. Never a reference.
   * @default as `prefix`
   */
  readonly secretPrefix?: string;
  /**
   * Whether other stacks' secrets are named alike, so that the table has to say whose one is.
   * @default false
   */
  readonly sharded?: boolean;
  readonly emails: readonly string[];
  /** SNS topics that were there already, in the stack's region. */
  readonly topicArns: readonly string[];
  /** Encrypts the stack's own topic. @default the account's own `aws/sns` */
  readonly kmsKeyArn?: string;
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
  readonly rotation: RotationFunctions;
  /** Two alarms for each function, where each user has its own; otherwise one for all of them. */
  readonly perFunctionAlarms: boolean;
  /**
   * Whether a CloudTrail trail logs the management events of this region: without one, Secrets Manager's own events
   * reach nobody, and no rule is made for them.
   */
  readonly trailExists: boolean;
  readonly table: JournalTable;
  readonly place: AwsPlace;
  readonly defaults: FunctionDefaults;
}

/** What notices that something is wrong, and what tells people: alarms, events, and a topic that they all end at. */
export class RotationAlarms extends Construct {
  readonly topicArn: string;
  /** Of all alarms, those of the whole stack first. */
  readonly alarmArns: readonly string[];
  readonly #alarms: readonly {
    readonly stableKey: string | undefined;
    readonly alarm: CloudwatchMetricAlarm;
  }[];
  /** For further rules: `NotificationRule`. */
  readonly notification: NotificationFunction;

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    const { prefix, kmsKeyArn, runbookUrl, table, place, defaults } = props;

    const topic = new AlertsTopic(this, 'Topic', { prefix, emails: props.emails, kmsKeyArn });
    this.notification = new NotificationFunction(this, 'Notification', {
      ...{ prefix, kmsKeyArn, runbookUrl, table, place, defaults },
      ...{ stackName: props.stackName, secretPrefix: props.secretPrefix, sharded: props.sharded },
      topicArn: topic.arn,
      existingTopicArns: props.topicArns,
    });
    this.#addRules(props);
    const alarms = new Construct(this, 'Alarms');
    this.#alarms = definitionsOf(props)
      .toSorted(byScopeAndAddress)
      .map((definition) => ({
        stableKey: definition.stableKey,
        alarm: metricAlarm(alarms, definition.address, { stack: prefix, runbookUrl, definition }),
      }));
    this.alarmArns = this.#alarms.map(({ alarm }) => alarm.arn);
    this.topicArn = topic.arn;
  }

  /** What a user's guard against removal guards: all of this, but the alarms of other users' functions. */
  partsFor(stableKey: string): readonly ITerraformDependable[] {
    const others = this.#alarms.filter((one) => one.stableKey !== undefined && one.stableKey !== stableKey);
    const ofOthers = new Set(others.map(({ alarm }) => alarm.node.path));
    return this.node
      .findAll()
      .filter((part) => TerraformResource.isTerraformResource(part))
      .filter(({ node }) => !ofOthers.has(node.path));
  }

  #addRules({ prefix, secretPrefix = prefix, place, trailExists }: RotationAlarmsProps): void {
    const { notification } = this;
    new NotificationRule(this, 'Events', {
      address: 'notify-events',
      ruleName: notificationRuleName(prefix, 'events'),
      description: `What ${prefix} itself reports: failed rotations, findings, and their ends.`,
      pattern: lifecyclePattern(prefix),
      notification,
    });
    new NotificationRule(this, 'AlarmStates', {
      address: 'notify-alarms',
      ruleName: notificationRuleName(prefix, 'alarms'),
      description: `The alarms of ${prefix}.`,
      pattern: alarmPattern(prefix, place),
      notification,
    });
    if (trailExists) {
      new NotificationRule(this, 'SecretsManager', {
        address: 'notify-aws',
        ruleName: notificationRuleName(prefix, 'aws'),
        description: `What Secrets Manager reports of the rotations of ${prefix}, by way of CloudTrail.`,
        pattern: secretsManagerPattern(secretPrefix, place),
        notification,
      });
    }
  }
}

/**
 * Those of the whole stack first, because a dashboard shows a hundred; then in an order that does not depend on that of
 * the users in the file, so that nothing changes when they change places.
 */
function byScopeAndAddress(a: AlarmDefinition, b: AlarmDefinition): number {
  const byScope = Number(a.stableKey !== undefined) - Number(b.stableKey !== undefined);
  return byScope === 0 ? (a.address < b.address ? -1 : 1) : byScope;
}

function definitionsOf(props: RotationAlarmsProps): readonly AlarmDefinition[] {
  const { prefix, secretPrefix = prefix, rotation, topicArns } = props;
  return [
    ...rotationAlarms(props),
    ...stackAlarms({
      ...{ stack: prefix, secretPrefix },
      retirementFunction: retirementFunctionName(prefix),
      retirementQueue: retirementQueueName(prefix),
      notificationFunction: notificationFunctionName(prefix),
      notificationQueue: notificationQueueName(prefix),
      sharedFunction: rotation.kind === 'shared' ? rotation.functionName : undefined,
      topicArns,
    }),
  ];
}

function rotationAlarms({
  prefix,
  rotation,
  perFunctionAlarms,
}: RotationAlarmsProps): readonly AlarmDefinition[] {
  if (rotation.kind === 'shared') return [alarmOfSharedFunction(prefix, rotation.functionName)];
  if (!perFunctionAlarms) return [alarmOfAllFunctions(prefix)];
  return Object.entries(rotation.functionNames).flatMap(([stableKey, functionName]) =>
    alarmsOfFunction(prefix, stableKey, functionName),
  );
}
