/*
 * Every name on AWS, and every tag key, that is made from a stack's prefix and a user's stable key: here, or in
 * contract/names.ts, and nowhere else, because the configuration is checked against the limits of exactly these names.
 */

import { deliveryFunctionName, functionName, retirementFunctionName } from '../../contract/names';

export {
  DEFAULT_PREFIX,
  deliveryFunctionName,
  deliveryQueueName,
  functionName,
  logGroupName,
  notificationFunctionName,
  notificationQueueName,
  notificationRuleName,
  respondFunctionName,
  retirementFunctionName,
  retirementQueueName,
  secretName,
  sharedFunctionName,
  suspiciousActsLogGroupName,
  trailBucketName,
} from '../../contract/names';

/** What all names of a stack's secrets begin with. */
export const secretNamePrefix = (prefix: string): string => `${prefix}/`;

/** `<prefix>-retire`: what runs the retirement function, in EventBridge Scheduler. */
export const retirementScheduleName = (prefix: string): string => retirementFunctionName(prefix);

/** `<prefix>-retire-schedule`: the role that EventBridge Scheduler runs it with. */
export const retirementScheduleRoleName = (prefix: string): string => functionName(prefix, 'retire-schedule');

/** `<prefix>-deliver`: what runs the delivery function, in EventBridge Scheduler. */
export const deliveryScheduleName = (prefix: string): string => deliveryFunctionName(prefix);

/** `<prefix>-deliver-schedule`: the role that EventBridge Scheduler runs it with. */
export const deliveryScheduleRoleName = (prefix: string): string => functionName(prefix, 'deliver-schedule');

/** `<prefix>-deliver-…`: a rule of EventBridge, at most 64 characters, as a role's name. */
export const deliveryRuleName = (prefix: string, what: 'events' | 'labels'): string =>
  functionName(prefix, `deliver-${what}`);

/** `<prefix>-alerts`: the topic that messages for people go to. */
export const alertsTopicName = (prefix: string): string => functionName(prefix, 'alerts');

/** What the names of all alarms of a stack begin with; no prefix has a slash, so those of no other stack do. */
export const alarmNamePrefix = (prefix: string): string => `${prefix}/`;

/** `<prefix>/<kind>`, or `<prefix>/<key>/<kind>`: the alarm of a kind of fault. */
export const alarmName = (prefix: string, kind: string, stableKey?: string): string =>
  `${alarmNamePrefix(prefix)}${stableKey === undefined ? '' : `${stableKey}/`}${kind}`;

/** `<prefix>`: the audit trail, where the stack makes one. */
export const trailName = (prefix: string): string => prefix;

/** `<prefix>-<watch>`: an EventBridge rule on what somebody else does to what is ours. */
export const watchRuleName = (prefix: string, watch: string): string => `${prefix}-${watch}`;

/** `<prefix>-iam-events`: what brings IAM's events to the stack's region, rule and role. */
export const iamEventsName = (prefix: string): string => functionName(prefix, 'iam-events');

/** `<prefix>-leaks.events`: what brings AWS's reports of leaks to the stack's region, rules and role. No stable key has a dot. */
export const leakEventsName = (prefix: string): string => functionName(prefix, 'leaks.events');

/** Those of a stack and of all its shards, as an ARN writes them. */
export const suspiciousActsLogGroups = (stackPrefix: string): string => `/aws/events/${stackPrefix}-*`;

/** `<prefix>-suspicious-acts`: what lets EventBridge write to it, in CloudWatch Logs. */
export const suspiciousActsLogPolicyName = (prefix: string): string =>
  watchRuleName(prefix, 'suspicious-acts');

/** `<prefix>`, in CloudWatch. */
export const dashboardName = (prefix: string): string => prefix;

/** A function's role is called as the function is. */
export const roleName = (nameOfFunction: string): string => nameOfFunction;

/** The table with the settings and journals of a stack's users. */
export const tableName = (prefix: string): string => prefix;

export { LONGEST_NAME, RESERVED_STABLE_KEYS } from '../../contract/stable-key';

/** What `STABLE_KEY` takes, after "a stable key". */
export const STABLE_KEY_RULE = 'begins with a letter or _ and has letters, digits, _ and -';

/** Of the user's own policy that lets it decrypt its secret. */
export const SELF_RENEWAL_POLICY_NAME = 'iam-key-rotation-self-renewal';

export { KEY_NOTE_TAG_PREFIX, TAG_KEYS, TAG_NAMESPACE } from '../../contract/tags';
