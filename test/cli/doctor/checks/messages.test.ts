import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';

import type { Check } from '../../../../cli/doctor/check';
import { alarms } from '../../../../cli/doctor/checks/alarms';
import { rules } from '../../../../cli/doctor/checks/rules';
import { schedules } from '../../../../cli/doctor/checks/schedules';
import { subscriptions } from '../../../../cli/doctor/checks/subscriptions';
import { contextOf, refusal } from '../support/context';

const cloudWatch = mockClient(CloudWatchClient);
const events = mockClient(EventBridgeClient);
const scheduler = mockClient(SchedulerClient);
const sns = mockClient(SNSClient);

const RESOURCES = {
  aws_cloudwatch_metric_alarm: { stuck: { alarm_name: 'iam-key-rotation/rotation-stuck' } },
  aws_cloudwatch_event_rule: { notify: { name: 'iam-key-rotation-notify-alarms' } },
  aws_scheduler_schedule: { retire: { name: 'iam-key-rotation-retire' } },
  aws_sns_topic: { alerts: { name: 'iam-key-rotation-alerts' } },
  aws_sns_topic_subscription: {
    email: { topic_arn: '${aws_sns_topic.alerts.arn}', protocol: 'email', endpoint: 'oncall@example.com' },
  },
};

const found = async (check: Check): Promise<readonly string[]> =>
  (await check.run(contextOf({ resources: RESOURCES }))).map(
    (finding) => `${finding.subject}: ${finding.found}`,
  );

beforeEach(() => {
  for (const client of [cloudWatch, events, scheduler, sns]) client.reset();
});

describe('the check of alarms', () => {
  const alarm = { AlarmName: 'iam-key-rotation/rotation-stuck' };

  it('finds nothing where the alarm is there and its actions are on', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...alarm, ActionsEnabled: true }] });
    expect(await found(alarms)).toEqual([]);
  });

  it('finds actions that are off, and an alarm that is not there', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...alarm, ActionsEnabled: false }] });
    expect(await found(alarms)).toEqual([`${alarm.AlarmName}: Its actions are switched off.`]);
    cloudWatch.on(DescribeAlarmsCommand).resolves({});
    expect(await found(alarms)).toEqual([`${alarm.AlarmName}: There is no such alarm.`]);
  });
});

describe('the check of rules', () => {
  beforeEach(() => {
    events.on(DescribeRuleCommand).resolves({ State: 'ENABLED' });
    events.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: 'notify', Arn: 'arn' }] });
  });

  it('finds nothing where the rule is on and has a target', async () => {
    expect(await found(rules)).toEqual([]);
  });

  it('finds nothing where a module has switched off the rule that needs a trail', async () => {
    const notify = { name: 'iam-key-rotation-notify-aws', state: 'DISABLED' };
    const resources = { aws_cloudwatch_event_rule: { 'notify-aws': notify } };
    events.on(DescribeRuleCommand).resolves({ State: 'DISABLED' });
    expect(await rules.run(contextOf({ resources }))).toEqual([]);
  });

  it('finds a rule that is off, is not there, or leads nowhere', async () => {
    events.on(ListTargetsByRuleCommand).resolves({});
    expect((await found(rules))[0]).toContain('The rule has no target in eu-west-1');
    events.on(DescribeRuleCommand).resolves({ State: 'DISABLED' });
    expect((await found(rules))[0]).toContain('The rule is switched off in eu-west-1');
    events.on(DescribeRuleCommand).rejects(refusal('ResourceNotFoundException'));
    expect((await found(rules))[0]).toContain('The rule is not there in eu-west-1');
  });
});

describe('the check of schedules', () => {
  it('finds nothing where the schedule is on', async () => {
    scheduler.on(GetScheduleCommand).resolves({ State: 'ENABLED' });
    expect(await found(schedules)).toEqual([]);
  });

  it('finds a schedule that is off or not there', async () => {
    scheduler.on(GetScheduleCommand).resolves({ State: 'DISABLED' });
    expect((await found(schedules))[0]).toContain('The schedule is switched off');
    scheduler.on(GetScheduleCommand).rejects(refusal('ResourceNotFoundException'));
    expect((await found(schedules))[0]).toContain('The schedule is not there');
  });
});

describe('the check of subscriptions', () => {
  const one = { Protocol: 'email', Endpoint: 'oncall@example.com' };
  const confirmed = 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts:1234';

  it('finds nothing where the address has confirmed, and asks about the topic of the stack', async () => {
    sns
      .on(ListSubscriptionsByTopicCommand)
      .resolves({ Subscriptions: [{ ...one, SubscriptionArn: confirmed }] });
    expect(await found(subscriptions)).toEqual([]);
    expect(sns.commandCalls(ListSubscriptionsByTopicCommand)[0]?.args[0].input.TopicArn).toBe(
      'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts',
    );
  });

  it('finds an address that has not confirmed', async () => {
    const SubscriptionArn = 'PendingConfirmation';
    sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [{ ...one, SubscriptionArn }] });
    expect(await found(subscriptions)).toEqual([
      'oncall@example.com: Its subscription to iam-key-rotation-alerts was not confirmed: it gets no message.',
    ]);
  });

  it('finds an address that is not subscribed, and a topic that is not there', async () => {
    sns.on(ListSubscriptionsByTopicCommand).resolves({});
    expect((await found(subscriptions))[0]).toContain('It is not subscribed to iam-key-rotation-alerts');
    sns.on(ListSubscriptionsByTopicCommand).rejects(refusal('NotFoundException'));
    expect(await found(subscriptions)).toEqual([
      'iam-key-rotation-alerts: There is no such topic, so nobody gets a message.',
    ]);
  });
});
