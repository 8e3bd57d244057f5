import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { TerraformResource, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import type { MessageFormat } from '../../contract/chat-notification';
import type { AwsPlace } from '../aws/aws-place';
import { DEFAULT_RUNBOOK_URL } from '../aws/default-values';
import { DEFAULT_PREFIX, functionName, notificationRuleName, sharedFunctionName } from '../aws/names';
import type { JournalTableReference } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import type { TerraformReference } from '../terraform/reference';
import type { AlarmDefinition } from './alarm-definition';
import { AlertsTopic } from './alerts-topic';
import { alarmPattern, lifecyclePattern, secretsManagerPattern } from './event-patterns';
import { alarmsOfFunction, stackAlarms } from './fault-alarms';
import { metricAlarm } from './metric-alarm';
import { NotificationFunction } from './notification-function';
import { NotificationRule } from './notification-rule';

/**
 * The functions that rotate: one for all users, as a `RotationStack` makes it, or one for each of these, by stable key. Never
 * references.
 */
export type RotationFunctions =
  | { readonly kind: 'shared' }
  | {
      readonly kind: 'per-user';
      readonly stableKeys: readonly string[];
      /** Tags of the alarms of a user's function, by stable key. @default none */
      readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };

/** Strings may be Terraform references, and so may the lists of addresses and topics, each as a whole. */
export interface RotationAlarmsProps {
  /** The stack's name. */
  readonly stackName: string;
  /**
   * Of all names on AWS.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  /**
   * Of the secrets' names.
   * @default as `prefix`
   */
  readonly secretPrefix?: string;
  /**
   * Whether other stacks' secrets are named alike, so that the table has to say whose one is.
   * @default false
   */
  readonly sharded?: boolean;
  /**
   * Addresses that get every message, once their owners have confirmed it.
   * @default nobody: alarms and topic are there all the same
   */
  readonly emails?: readonly string[];
  /**
   * Standard SNS topics that were there already, in the stack's region.
   * @default none
   */
  readonly topicArns?: readonly string[];
  /**
   * Encrypts the stack's own topic.
   * @default the account's own `aws/sns`
   */
  readonly kmsKeyArn?: string;
  /**
   * The address of the runbook that every alarm and message names the section of.
   * @default "docs/runbook.md"
   */
  readonly runbookUrl?: string;
  /**
   * `chat`: who subscribes to a topic by https, as Amazon Q Developer in chat applications does, gets what chat shows. All other
   * subscriptions get the same text as ever.
   * @default "text"
   */
  readonly format?: MessageFormat | TerraformReference;
  readonly rotation: RotationFunctions;
  /**
   * Two alarms for each function, where each user has its own; otherwise one for all of them.
   * @default true
   */
  readonly perFunctionAlarms?: boolean;
  /**
   * Whether a CloudTrail trail logs the management events of this region: without one, Secrets Manager's own events
   * reach nobody, and no rule is made for them.
   * @default false
   */
  readonly trailExists?: boolean;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  /** @default {} */
  readonly defaults?: FunctionDefaults;
}

export interface RotationAlarm {
  readonly kind: AlarmDefinition['kind'];
  /** Undefined: it watches the whole stack. */
  readonly stableKey: string | undefined;
  readonly resource: CloudwatchMetricAlarm;
}

/** What notices that something is wrong, and what tells people: alarms, events, and a topic that they all end at. */
export class RotationAlarms extends Construct {
  readonly topic: AlertsTopic;
  /** Those of the whole stack first. */
  readonly alarms: readonly RotationAlarm[];
  /** A target of `SuspiciousActs`, and of further rules: `NotificationRule`. */
  readonly notification: NotificationFunction;
  /** What hears Secrets Manager's own events; absent where there is no trail. */
  readonly serviceEvents: NotificationRule | undefined;
  /** Alarms by the user whose function they watch; under undefined all other parts. */
  #partsByUser: ReadonlyMap<string | undefined, readonly TerraformResource[]> | undefined;

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    const { prefix = DEFAULT_PREFIX, runbookUrl = DEFAULT_RUNBOOK_URL, emails = [], topicArns = [] } = props;
    const { kmsKeyArn, table, place, defaults = {} } = props;

    this.topic = new AlertsTopic(this, 'Topic', { prefix, place, emails, kmsKeyArn });
    this.notification = new NotificationFunction(this, 'Notification', {
      ...{ prefix, kmsKeyArn, runbookUrl, table, place, defaults },
      ...{ stackName: props.stackName, secretPrefix: props.secretPrefix, sharded: props.sharded },
      topicArn: this.topic.arn,
      format: props.format,
      existingTopicArns: topicArns,
    });
    this.serviceEvents = this.#addRules({ ...props, prefix });
    const alarms = new Construct(this, 'Alarms');
    const tagsOf = props.rotation.kind === 'per-user' ? (props.rotation.tags ?? {}) : {};
    this.alarms = definitionsOf({ ...props, prefix, topicArns })
      .toSorted(byScopeAndAddress)
      .map((definition) => ({
        kind: definition.kind,
        stableKey: definition.stableKey,
        resource: metricAlarm(alarms, definition.address, {
          ...{ stack: prefix, runbookUrl, definition },
          tags: definition.stableKey === undefined ? undefined : tagsOf[definition.stableKey],
        }),
      }));
    table.precede?.(this);
  }

  /** What a user's guard against removal guards: all of this as it is at the first call, but the alarms of other users' functions. */
  partsFor(stableKey: string): readonly ITerraformDependable[] {
    // Once for all users: to look at the alarms of all of them for each would take the square of their number.
    const parts = (this.#partsByUser ??= this.#groupParts());
    return [...(parts.get(undefined) ?? []), ...(parts.get(stableKey) ?? [])];
  }

  #groupParts(): ReadonlyMap<string | undefined, readonly TerraformResource[]> {
    const users = new Map(this.alarms.map(({ stableKey, resource }) => [resource as unknown, stableKey]));
    const parts = new Map<string | undefined, TerraformResource[]>();
    for (const part of this.parts) {
      const user = users.get(part);
      const known = parts.get(user);
      if (known === undefined) parts.set(user, [part]);
      else known.push(part);
    }
    return parts;
  }

  get parts(): readonly TerraformResource[] {
    return this.node.findAll().filter((part) => TerraformResource.isTerraformResource(part));
  }

  #addRules({
    prefix,
    secretPrefix = prefix,
    place,
    trailExists = false,
  }: RotationAlarmsProps & { readonly prefix: string }): NotificationRule | undefined {
    const { notification } = this;
    new NotificationRule(this, 'Events', {
      address: 'notify-events',
      ruleName: notificationRuleName(prefix, 'events'),
      description: `What ${prefix} itself reports: failed rotations, findings, and their ends.`,
      pattern: lifecyclePattern(prefix, place),
      notification,
    });
    new NotificationRule(this, 'AlarmStates', {
      address: 'notify-alarms',
      ruleName: notificationRuleName(prefix, 'alarms'),
      description: `The alarms of ${prefix}.`,
      pattern: alarmPattern(prefix, place),
      notification,
    });
    if (!trailExists) return undefined;
    return new NotificationRule(this, 'SecretsManager', {
      address: 'notify-aws',
      ruleName: notificationRuleName(prefix, 'aws'),
      description: `What Secrets Manager reports of the rotations of ${prefix}, by way of CloudTrail.`,
      pattern: secretsManagerPattern(secretPrefix, place),
      notification,
    });
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

type Resolved = RotationAlarmsProps & Required<Pick<RotationAlarmsProps, 'prefix' | 'topicArns'>>;

function definitionsOf(props: Resolved): readonly AlarmDefinition[] {
  const { prefix, secretPrefix = prefix, rotation, perFunctionAlarms = true, topicArns } = props;
  const isShared = rotation.kind === 'shared';
  const ofFunctions =
    isShared || !perFunctionAlarms
      ? []
      : rotation.stableKeys.flatMap((stableKey) =>
          alarmsOfFunction({
            stack: prefix,
            secretPrefix,
            stableKey,
            functionName: functionName(prefix, stableKey),
          }),
        );
  const ofStack = stackAlarms({
    stack: prefix,
    secretPrefix,
    sharedFunction: isShared ? sharedFunctionName(prefix) : undefined,
    perFunctionAlarms,
    topicArns,
  });
  return [...ofFunctions, ...ofStack];
}
