import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';

import { stackSchema } from '../../../modules/config/schema/stack';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

it('the description of an alarm fits into CloudWatch for every alarm, with the longest prefix, user and address of the runbook', () => {
  const runbookUrl = `https://wiki.example.com/${'r'.repeat(375)}`;
  const alerts = { ...aStack([]).alerts, perFunctionAlarms: true, runbookUrl };
  expect(stackSchema.shape.alerts.safeParse({ runbookUrl }).success).toBe(true);
  expect(stackSchema.shape.alerts.safeParse({ runbookUrl: `${runbookUrl}r` }).success).toBe(false);

  const stack = synthesize(aStack([aUser('u'.repeat(15))], { prefix: 'p'.repeat(48), alerts }));
  const alarms = stack.addresses.filter((address) =>
    address.startsWith(`${CloudwatchMetricAlarm.tfResourceType}.`),
  );
  const lengths = alarms.map((address) => String(stack.at(address)['alarm_description']).length);

  expect(alarms.length).toBeGreaterThan(10);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(LONGEST_DESCRIPTION);
});
