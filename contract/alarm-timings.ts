import type { AlarmTiming } from './fault';

/*
 * CloudWatch looks back 7 days at most, and a day where the period is shorter than an hour: whatever has to be watched
 * for longer is a gauge of the retirement function.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */

const HOUR_SECONDS = 3_600;

/**
 * For gauges of the retirement function, which come once an hour at some moment of 15 minutes: an hour may have two or
 * none. Without a value the alarm stays as it is, since nothing is known of the fault; that the function does not run is
 * another alarm.
 */
export const ONCE_AN_HOUR = {
  periodSeconds: HOUR_SECONDS,
  periods: 1,
  breaching: 1,
  missingData: 'ignore',
} as const satisfies AlarmTiming;

/**
 * What goes wrong now and then is in sight for a day, however far apart Secrets Manager makes its tries (it does not
 * say). A function that was not invoked has no data, and nothing failed.
 */
export const SEEN_FOR_A_DAY = {
  periodSeconds: HOUR_SECONDS,
  periods: 24,
  breaching: 1,
  missingData: 'notBreaching',
} as const satisfies AlarmTiming;

/** What goes wrong in a run of the retirement function is in sight until three runs in a row went well. */
export const SEEN_FOR_THREE_RUNS = { ...SEEN_FOR_A_DAY, periods: 3 } as const satisfies AlarmTiming;

/** One run may be missed, three in a row may not. No data is what such an alarm is there to see. */
export const MISSED_THREE_TIMES = {
  periodSeconds: HOUR_SECONDS,
  periods: 3,
  breaching: 3,
  missingData: 'breaching',
} as const satisfies AlarmTiming;

/** SQS reports a queue that has messages every minute, and an empty one that nobody uses not at all. */
export const NOT_EMPTY = {
  periodSeconds: 300,
  periods: 1,
  breaching: 1,
  missingData: 'notBreaching',
} as const satisfies AlarmTiming;
