import { notificationRuleName } from '../../contract/names';
import type { Resource } from '../import-blocks/synthesized-stack';
import { type Expected, nameOf } from './expected';

/**
 * The rule that hears Secrets Manager's own reports, which only a trail brings to EventBridge. The Terraform modules make it in any
 * case, and switch it on where `trail_exists` says so; all other stacks have it where they have or use a trail.
 */
export const isServiceEventsRule = (rule: Resource, { prefix }: Pick<Expected, 'prefix'>): boolean =>
  nameOf(rule) === notificationRuleName(prefix, 'aws');

export const isSwitchedOff = (rule: Resource): boolean => rule.arguments['state'] === 'DISABLED';

/** Whether the stack relies on a trail to hear of Secrets Manager's own events. */
export const hearsServiceEvents = (expected: Expected): boolean =>
  expected
    .of('aws_cloudwatch_event_rule')
    .some((rule) => isServiceEventsRule(rule, expected) && !isSwitchedOff(rule));
