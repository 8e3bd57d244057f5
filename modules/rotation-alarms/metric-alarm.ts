import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { CloudwatchMetricAlarmConfig } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { alarmName } from '../aws/names';
import { isMetricMath } from './alarm-definition';
import type { AlarmDefinition } from './alarm-definition';
import { kebabCase } from '../../contract/faults';

export interface MetricAlarmProps {
  /** The stack's prefix. */
  readonly stack: string;
  /** The address of docs/runbook.md. */
  readonly runbookUrl: string;
  readonly definition: AlarmDefinition;
  /** Its own, besides those of the provider. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An alarm of CloudWatch. It publishes nothing by itself: a rule in EventBridge passes every change of its state to
 * the notification function, so that there is one form of message, and none twice.
 */
export function metricAlarm(scope: Construct, id: string, props: MetricAlarmProps): CloudwatchMetricAlarm {
  const { stack, runbookUrl, definition, tags } = props;
  const { kind, stableKey, meaning, firstStep, periodSeconds, periods, breaching } = definition;
  return addressed(
    definition.address,
    new CloudwatchMetricAlarm(scope, id, {
      alarmName: alarmName(stack, kebabCase(kind), stableKey),
      alarmDescription: `${meaning}\nFirst: ${firstStep}\nRunbook: ${runbookUrl}#${kebabCase(kind)}`,
      ...queryOf(definition),
      comparisonOperator: definition.comparison,
      threshold: definition.threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      treatMissingData: definition.missingData,
      alarmActions: definition.directTopicArns === undefined ? undefined : [...definition.directTopicArns],
      tags: tags === undefined ? undefined : { ...tags },
    }),
  );

  function queryOf({ watched }: AlarmDefinition): Partial<CloudwatchMetricAlarmConfig> {
    if (!isMetricMath(watched)) {
      const { namespace, name, dimensions, statistic } = watched;
      return { namespace, metricName: name, dimensions, statistic, period: periodSeconds };
    }
    return {
      metricQuery: [
        ...Object.entries(watched.metrics).map(([queryId, { namespace, name, dimensions, statistic }]) => ({
          id: queryId,
          metric: { namespace, metricName: name, dimensions, stat: statistic, period: periodSeconds },
        })),
        { id: 'result', expression: watched.expression, label: kebabCase(kind), returnData: true },
      ],
    };
  }
}
