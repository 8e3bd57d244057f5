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
  /** For further rules: `NotificationRule`. */
  readonly notification: NotificationFunction;

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    const { prefix, kmsKeyArn, runbookUrl, table, place, defaults } = props;

    const topic = new AlertsTopic(this, 'Topic', { prefix, emails: props.emails, kmsKeyArn });
    this.notification = new NotificationFunction(this, 'Notification', {
      ...{ prefix, kmsKeyArn, runbookUrl, table, place, defaults },
      stackName: props.stackName,
      topicArn: topic.arn,
      existingTopicArns: props.topicArns,
    });
    this.#addRules(props);
    const alarms = new Construct(this, 'Alarms');
    for (const definition of definitionsOf(props)) {
      metricAlarm(alarms, definition.address, { stack: prefix, runbookUrl, definition });
    }
    this.topicArn = topic.arn;
  }

  #addRules({ prefix, place, trailExists }: RotationAlarmsProps): void {
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
        pattern: secretsManagerPattern(prefix, place),
        notification,
      });
    }
  }
}

function definitionsOf(props: RotationAlarmsProps): readonly AlarmDefinition[] {
  const { prefix, rotation, topicArns } = props;
  return [
    ...rotationAlarms(props),
    ...stackAlarms({
      stack: prefix,
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
