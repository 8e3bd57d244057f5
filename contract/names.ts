import { LONGEST_NAME } from './stable-key';

/*
 * Names on AWS that texts for people name, too: the secrets and functions of a stack, and their queues.
 */

/** Of a user in IAM. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
export const IAM_USER_NAME = /^[\w+=,.@-]{1,64}$/;

/** The prefix of all names unless the stack sets another. */
export const DEFAULT_PREFIX = 'iam-key-rotation';

/**
 * Secrets Manager ends the ARN of a secret with a hyphen and six characters. Where the name itself ends so, the ARN without its end
 * is taken for a whole one, and the secret is not found.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
const ENDS_LIKE_AN_ARN = /-[A-Za-z0-9]{6}$/;

/** What stands behind such a stable key in the secret's name. */
const APART = '/key';

/**
 * In Secrets Manager: `<prefix>/<key>`; for a key such as `ci-deploy`, which ends like an ARN, `<prefix>/ci-deploy/key`.
 *
 * @param prefix of the names of secrets, which the shards of a stack share
 */
export const secretName = (prefix: string, stableKey: string): string =>
  `${prefix}/${stableKey}${ENDS_LIKE_AN_ARN.test(stableKey) ? APART : ''}`;

/** The stable key in a secret's name. Undefined: no secret of this prefix is called so. */
export function stableKeyOfSecretName(name: string, prefix: string): string | undefined {
  if (!name.startsWith(`${prefix}/`)) return undefined;
  const rest = name.slice(prefix.length + 1);
  const stableKey = rest.endsWith(APART) ? rest.slice(0, -APART.length) : rest;
  return secretName(prefix, stableKey) === name ? stableKey : undefined;
}

/** `<prefix>-<key>`: the rotation function of one user. */
export const functionName = (prefix: string, stableKey: string): string => `${prefix}-${stableKey}`;

/** How many characters the prefix leaves for a stable key; 0 or less: none. */
export const longestStableKey = (prefix: string): number => LONGEST_NAME - functionName(prefix, '').length;

/** The name in `arn:aws:lambda:<region>:<account>:function:<name>`, which a version may follow; '' where there is none. */
export const functionNameIn = (arn = ''): string => arn.split(':')[6] ?? '';

/** `<prefix>-rotate`: the rotation function that all users of a stack share. */
export const sharedFunctionName = (prefix: string): string => functionName(prefix, 'rotate');

/** `<prefix>-retire`: the function that retires the previous keys of a stack. */
export const retirementFunctionName = (prefix: string): string => functionName(prefix, 'retire');

/** `<prefix>-retire-failed`: the queue of the runs that could not be made. */
export const retirementQueueName = (prefix: string): string => functionName(prefix, 'retire-failed');

/** `<prefix>-deliver`: the function that delivers current keys to targets. */
export const deliveryFunctionName = (prefix: string): string => functionName(prefix, 'deliver');

/** `<prefix>-deliver-failed`: the queue of the runs and events that it could not do. */
export const deliveryQueueName = (prefix: string): string => functionName(prefix, 'deliver-failed');

/** `<prefix>-notify`: the function that notifies people of faults. */
export const notificationFunctionName = (prefix: string): string => functionName(prefix, 'notify');

/** `<prefix>-notify-failed`: the queue of the events that nobody could be notified of. */
export const notificationQueueName = (prefix: string): string => functionName(prefix, 'notify-failed');

/** `<prefix>-notify-…`: a rule of EventBridge, at most 64 characters, as a role's name. */
export const notificationRuleName = (
  prefix: string,
  what: 'events' | 'alarms' | 'aws' | 'health' | 'policy' | 'drill',
): string => functionName(prefix, `notify-${what}`);

/** `<prefix>-respond`: the function that answers AWS's reports of leaked keys. */
export const respondFunctionName = (prefix: string): string => functionName(prefix, 'respond');

/** `<prefix>-trail-<account>`: the bucket of the audit trail. Names of buckets are unique in the whole partition, and lower-case. */
export const trailBucketName = (prefix: string, accountId: string): string =>
  `${prefix.toLowerCase().replaceAll('_', '-')}-trail-${accountId}`;

/** Where every suspicious act is kept. EventBridge writes only to log groups below `/aws/events`. */
export const suspiciousActsLogGroupName = (prefix: string): string => `/aws/events/${prefix}-suspicious-acts`;

/** Where Lambda writes by itself. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
export const logGroupName = (nameOfFunction: string): string => `/aws/lambda/${nameOfFunction}`;
