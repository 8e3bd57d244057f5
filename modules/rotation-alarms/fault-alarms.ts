import type {
  CountedMetric,
  Fault,
  FaultAlarm,
  FaultFacts,
  MetricSource,
  MetricSources,
  WatchedFunction,
  WatchedQueue,
} from '../../contract/fault';
import { ALARM_KINDS, FAULTS, kebabCase, placeholders, type AlarmKind } from '../../contract/faults';
import { FURTHER_DIMENSIONS, type DimensionName, type GaugeName } from '../../contract/telemetry-names';
import {
  functionName,
  notificationFunctionName,
  notificationQueueName,
  retirementFunctionName,
  retirementQueueName,
  secretName,
} from '../aws/names';
import type { AlarmDefinition, MetricMath, WatchedMetric } from './alarm-definition';
import { messagesIn, ofFunction, ofStack } from './metrics';

/** What the alarms of a stack watch. Never references, but for the topics. */
export interface WatchedStack {
  /** The stack's prefix. */
  readonly stack: string;
  /** Of the secrets' names. */
  readonly secretPrefix: string;
  /** The rotation function that all users share, if they do. */
  readonly sharedFunction?: string | undefined;
  /** Whether the function of each user has alarms of its own: see `alarmsOfFunction`. */
  readonly perFunctionAlarms: boolean;
  /** Topics that were there already. */
  readonly topicArns: readonly string[];
}

export interface WatchedUserFunction {
  /** The stack's prefix. */
  readonly stack: string;
  readonly stableKey: string;
  /**
   * What the names in the Terraform addresses begin with. Never a reference.
   * @default the stable key, which is then no reference either
   */
  readonly address?: string;
  /** Of the secrets' names. @default as `stack` */
  readonly secretPrefix?: string;
  readonly functionName: string;
}

/** Of a stack, or of one user's function: of what it does not have, nothing is watched. */
interface Scope {
  readonly stack: string;
  readonly user?: string;
  readonly functions: Readonly<Partial<Record<WatchedFunction, string>>>;
  readonly queues: Readonly<Partial<Record<WatchedQueue, string>>>;
}

/** Everything that is watched once for all users of a stack. */
export function stackAlarms(watched: WatchedStack): readonly AlarmDefinition[] {
  const { stack, secretPrefix, sharedFunction, perFunctionAlarms, topicArns } = watched;
  const facts: FaultFacts = {
    ...placeholders(stack, secretPrefix),
    rotationFunction: sharedFunction ?? functionName(stack, '<user>'),
  };
  const scope: Scope = {
    stack,
    functions: {
      retirement: retirementFunctionName(stack),
      notification: notificationFunctionName(stack),
      ...(sharedFunction === undefined ? {} : { rotation: sharedFunction }),
    },
    queues: { retirement: retirementQueueName(stack), notification: notificationQueueName(stack) },
  };
  return ALARM_KINDS.flatMap((kind): AlarmDefinition[] => {
    const { alarm, gauge } = alarmOf(kind);
    const metric =
      alarm.watches === 'gauge'
        ? gauge && ofStack(stack, gauge.name as GaugeName, 'Maximum')
        : (sumIn(scope, alarm.watches) ??
          (perFunctionAlarms ? undefined : metricIn(scope, alarm.watches.withoutFunctionAlarms)));
    if (metric === undefined) return [];
    const directTopicArns = alarm.alsoDirectly === true ? { directTopicArns: topicArns } : {};
    return [{ ...definition(kind, facts, metric), address: kebabCase(kind), ...directTopicArns }];
  });
}

/** Whether the rotation function of one user fails, or is kept from running. */
export function alarmsOfFunction(watched: WatchedUserFunction): readonly AlarmDefinition[] {
  const { stack, secretPrefix = stack, stableKey, address = stableKey } = watched;
  const facts: FaultFacts = {
    ...placeholders(stack),
    user: stableKey,
    secret: secretName(secretPrefix, stableKey),
    rotationFunction: watched.functionName,
  };
  const scope: Scope = { stack, user: stableKey, functions: { rotation: watched.functionName }, queues: {} };
  return ALARM_KINDS.flatMap((kind): AlarmDefinition[] => {
    const { alarm } = alarmOf(kind);
    const metric = alarm.watches === 'gauge' ? undefined : sumIn(scope, alarm.watches);
    if (metric === undefined) return [];
    const end = alarm.userAddress ?? kebabCase(kind).replaceAll('-', '_');
    return [{ ...definition(kind, facts, metric), stableKey, address: `${address}_${end}` }];
  });
}

function definition(
  kind: AlarmKind,
  facts: FaultFacts,
  watched: WatchedMetric | MetricMath,
): Omit<AlarmDefinition, 'address'> {
  const { alarm, meaning, firstStep } = alarmOf(kind);
  const { periodSeconds, periods, breaching, missingData, above, below } = alarm;
  return {
    kind,
    meaning,
    firstStep: firstStep(facts),
    watched,
    comparison: below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
    threshold: below ?? above ?? 0,
    periodSeconds,
    periods,
    breaching,
    missingData,
  };
}

function alarmOf(kind: AlarmKind): Fault & { readonly alarm: FaultAlarm } {
  const { alarm, ...fault } = FAULTS[kind];
  if (alarm === undefined) throw new Error(`${kind} has no alarm in contract/faults.ts. This is a bug.`);
  return { ...fault, alarm };
}

/**
 * The sum of what this scope has, period by period. What is taken off may be one period late: AWS counts an error at the time
 * when the invocation began, and a metric of ours when it was logged. A deferred rotation that begins before a full hour and
 * ends after it is then an alarm without a fault. Metric math cannot look at a later period, and to compare with the earlier
 * one would tell every crash an hour late; windows begin at a full hour, so hardly any invocation runs across one.
 *
 * Undefined where the scope has nothing of it. FILL makes a count that was never made 0: without
 * it, the sum would be missing data as soon as one of its parts is.
 */
function sumIn(
  scope: Scope,
  { sumOf, less = {} }: { readonly sumOf: MetricSources; readonly less?: MetricSources },
): WatchedMetric | MetricMath | undefined {
  const added = metricsIn(scope, sumOf);
  const [first, ...others] = Object.entries(added);
  if (first === undefined) return undefined;
  const subtracted = metricsIn(scope, less);
  const parts = Object.keys(subtracted).map((name) => ` - ${orZero(name)}`);
  if (others.length === 0 && parts.length === 0) return first[1];
  const sum = others.length === 0 ? first[0] : Object.keys(added).map(orZero).join(' + ');
  return { metrics: { ...added, ...subtracted }, expression: `${sum}${parts.join('')}` };
}

const orZero = (name: string): string => `FILL(${name}, 0)`;

const metricsIn = (scope: Scope, sources: MetricSources): Readonly<Record<string, WatchedMetric>> =>
  Object.fromEntries(
    Object.entries(sources).flatMap(([name, source]) => {
      const metric = metricIn(scope, source);
      return metric === undefined ? [] : [[name, metric]];
    }),
  );

function metricIn(scope: Scope, source: MetricSource | undefined): WatchedMetric | undefined {
  if (source === undefined) return undefined;
  if ('ofFunction' in source) {
    const name = scope.functions[source.ofFunction];
    return name === undefined ? undefined : ofFunction(name, source.metric);
  }
  if ('inQueue' in source) {
    const name = scope.queues[source.inQueue];
    return name === undefined ? undefined : messagesIn(name);
  }
  return scope.user === undefined || isOfUsers(source.metric)
    ? ofStack(scope.stack, source.metric, 'Sum', scope.user)
    : undefined;
}

/** Whether it is counted for each user, too. */
function isOfUsers(name: CountedMetric): boolean {
  const further: Partial<Record<CountedMetric, readonly (readonly DimensionName[])[]>> = FURTHER_DIMENSIONS;
  return further[name]?.some((dimensions) => dimensions.includes('User')) === true;
}
