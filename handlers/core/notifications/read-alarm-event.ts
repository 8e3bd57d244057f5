import * as z from 'zod';

import { isAlarmKind } from '../../../contract/faults';
import { STABLE_KEY } from '../../../contract/stable-key';
import type { FaultReport } from './fault-report';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const detailSchema = z.object({
  alarmName: z.string().min(1),
  configuration: z.object({ description: z.string().optional() }).catch({}),
  state: z.object({
    value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
    reason: z.string().catch('no reason'),
    /** `2019-10-02T17:04:40.985+0000` */
    timestamp: z.string().transform((text, context) => {
      const moment = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
      if (Number.isNaN(moment)) context.addIssue({ code: 'custom', message: 'not a moment' });
      return moment;
    }),
  }),
  previousState: z.object({ value: z.string() }).optional().catch(undefined),
});

/**
 * What the change of an alarm's state says. Alarms are called `<stack>/<kind>` or `<stack>/<stable key>/<kind>`, and
 * their descriptions say what they mean and what to do first.
 */
export function readAlarmEvent(
  detail: Readonly<Record<string, unknown>>,
  stack: string,
): readonly FaultReport[] {
  const { alarmName, configuration, state, previousState } = detailSchema.parse(detail);
  const subject = subjectOf(alarmName, stack);
  if (subject === undefined) return [];
  const report = { ...subject, reporter: 'alarm', at: state.timestamp } as const;
  switch (state.value) {
    case 'ALARM': {
      const isNew = previousState?.value === 'INSUFFICIENT_DATA' && subject.kind === 'sweepNotRunning';
      const what = [
        ...(isNew ? [FIRST_HOUR] : []),
        // The message has the runbook's address below, whatever it is about.
        (configuration.description ?? NO_DESCRIPTION).replace(/\nRunbook: .*$/, ''),
        `CloudWatch says of ${alarmName}: ${state.reason}`,
      ].join('\n');
      return [{ phase: 'began', ...report, since: state.timestamp, what }];
    }
    case 'OK':
      return [{ phase: 'ended', ...report, what: `CloudWatch says of ${alarmName}: ${state.reason}` }];
    case 'INSUFFICIENT_DATA':
      return [];
  }
}

const NO_DESCRIPTION = 'The alarm has no description any more: run terraform apply.';

/** An alarm whose missing data breaches finds none on the day that it is made. */
const FIRST_HOUR =
  'If this stack was made within the last hour, all is well: the first run is still to come, and its message follows. ' +
  'It also shows that notifications reach you.';

function subjectOf(alarmName: string, stack: string): Pick<FaultReport, 'kind' | 'user'> | undefined {
  if (!alarmName.startsWith(`${stack}/`)) return undefined;
  const words = alarmName.slice(stack.length + 1).split('/');
  const kind = (words.at(-1) ?? '').replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (!isAlarmKind(kind) || words.length > 2 || !words.slice(0, -1).every((key) => STABLE_KEY.test(key)))
    return undefined;
  return { kind, user: words.length === 2 ? words[0] : undefined };
}
