import { type Check, problem, warning } from '../check';
import { applied } from '../remedies';

export const alarms: Check = {
  name: 'alarms',
  looksAt: 'the alarms, and whether their actions are on',
  permissions: ['cloudwatch:DescribeAlarms'],
  async run({ expected, account }) {
    const wanted = expected.named('aws_cloudwatch_metric_alarm');
    const found = await account.alarms(`${expected.prefix}/`);
    return wanted.flatMap(({ name }) => {
      const alarm = found.get(name);
      if (alarm === undefined) return [problem(name, 'There is no such alarm.', applied(expected))];
      if (alarm.ActionsEnabled !== false) return [];
      return [
        warning(
          name,
          'Its actions are switched off.',
          `aws cloudwatch enable-alarm-actions --alarm-names ${name}, or: ${applied(expected)}`,
        ),
      ];
    });
  },
};
