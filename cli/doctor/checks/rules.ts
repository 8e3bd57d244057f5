import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';

import type { Resource } from '../../import-blocks/synthesized-stack';
import { unlessMissing } from '../account';
import { type Check, type Context, type Finding, problem } from '../check';
import { nameOf } from '../expected';
import { applied } from '../remedies';
import { isServiceEventsRule, isSwitchedOff } from '../service-events';

export const rules: Check = {
  name: 'rules',
  looksAt: 'the rules that bring events to the function that notifies people',
  permissions: ['events:DescribeRule', 'events:ListTargetsByRule'],
  async run(context) {
    const found = await Promise.all(
      context.expected.of('aws_cloudwatch_event_rule').map((rule) => ofRule(rule, context)),
    );
    return found.flat();
  },
};

async function ofRule(rule: Resource, { expected, account }: Context): Promise<readonly Finding[]> {
  const name = nameOf(rule);
  if (isServiceEventsRule(rule, expected) && isSwitchedOff(rule)) return [];
  const events = account.eventsIn(rule.region);
  const found = await unlessMissing(events.send(new DescribeRuleCommand({ Name: name })));
  if (found?.State === undefined || found.State === 'DISABLED') {
    return [
      problem(
        name,
        `The rule is ${found === undefined ? 'not there' : 'switched off'} in ${rule.region}: nobody is notified of what it is about.`,
        applied(expected),
      ),
    ];
  }
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: name }));
  if (Targets.length > 0) return [];
  return [
    problem(
      name,
      `The rule has no target in ${rule.region}, so nothing receives its events.`,
      applied(expected),
    ),
  ];
}
