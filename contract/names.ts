/*
 * Names on AWS that texts for people name, too: the secrets and functions of a stack, and their queues.
 */

/** `<prefix>/<key>`, in Secrets Manager. @param prefix of the names of secrets, which the shards of a stack share */
export const secretName = (prefix: string, stableKey: string): string => `${prefix}/${stableKey}`;

/** `<prefix>-<key>`: the rotation function of one user. */
export const functionName = (prefix: string, stableKey: string): string => `${prefix}-${stableKey}`;

/** `<prefix>-rotate`: the rotation function that all users of a stack share. */
export const sharedFunctionName = (prefix: string): string => functionName(prefix, 'rotate');

/** `<prefix>-retire`: the function that retires the previous keys of a stack. */
export const retirementFunctionName = (prefix: string): string => functionName(prefix, 'retire');

/** `<prefix>-retire-failed`: the queue of the runs that could not be made. */
export const retirementQueueName = (prefix: string): string => functionName(prefix, 'retire-failed');

/** `<prefix>-notify`: the function that notifies people of faults. */
export const notificationFunctionName = (prefix: string): string => functionName(prefix, 'notify');

/** `<prefix>-notify-failed`: the queue of the events that nobody could be notified of. */
export const notificationQueueName = (prefix: string): string => functionName(prefix, 'notify-failed');

/** Where every suspicious act is kept. EventBridge writes only to log groups below `/aws/events`. */
export const suspiciousActsLogGroupName = (prefix: string): string => `/aws/events/${prefix}-suspicious-acts`;

/** Where Lambda writes by itself. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
export const logGroupName = (nameOfFunction: string): string => `/aws/lambda/${nameOfFunction}`;
