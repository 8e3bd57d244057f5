import * as z from 'zod/mini';

import { isAlarmKind } from '../../../contract/faults';
import { STABLE_KEY } from '../../../contract/stable-key';
import type { FaultReport } from './fault-report';
import { quoted } from './quoted';
import { IN_ENGLISH, someText } from '../../../contract/schema-parts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const detailSchema = z.object({
  alarmName: someText,
  state: z.object({
    value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
    /** By CloudWatch, or by whoever set the state. */
    reason: z.pipe(z.catch(z.string(), 'no reason'), z.transform(quoted)),
    /** `2019-10-02T17:04:40.985+0000` */
    timestamp: z.pipe(
      z.string(),
      z.transform((text: string, context) => {
        const moment = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
        if (Number.isNaN(moment))
          context.issues.push({ code: 'custom', message: 'not a moment', input: text });
        return moment;
      }),
    ),
  }),
  previousState: z.catch(z.optional(z.object({ value: z.string() })), undefined),
});

/**
 * What the change of an alarm's state says. Alarms are called `<stack>/<kind>` or `<stack>/<stable key>/<kind>`. Their
 * descriptions are not believed: whoever may change an alarm writes them.
 */
export function readAlarmEvent(
  detail: Readonly<Record<string, unknown>>,
  stack: string,
): readonly FaultReport[] {
  const { alarmName, state, previousState } = detailSchema.parse(detail, IN_ENGLISH);
  const subject = subjectOf(alarmName, stack);
  if (subject === undefined) return [];
  const report = { ...subject, reporter: 'alarm', at: state.timestamp } as const;
  switch (state.value) {
    case 'ALARM': {
      const isNew = previousState?.value === 'INSUFFICIENT_DATA' && subject.kind === 'sweepNotRunning';
      const what = `CloudWatch says of ${alarmName}: ${state.reason}`;
      const began = { phase: 'began', ...report, since: state.timestamp, what } as const;
      return [isNew ? { ...began, isOfNewAlarm: true } : began];
    }
    case 'OK':
      return [{ phase: 'ended', ...report, what: `CloudWatch says of ${alarmName}: ${state.reason}` }];
    case 'INSUFFICIENT_DATA':
      return [];
  }
}

function subjectOf(alarmName: string, stack: string): Pick<FaultReport, 'kind' | 'user'> | undefined {
  if (!alarmName.startsWith(`${stack}/`)) return undefined;
  const words = alarmName.slice(stack.length + 1).split('/');
  const kind = (words.at(-1) ?? '').replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (!isAlarmKind(kind) || words.length > 2 || !words.slice(0, -1).every((key) => STABLE_KEY.test(key)))
    return undefined;
  return { kind, user: words.length === 2 ? words[0] : undefined };
}
