import { GetScheduleCommand } from '@aws-sdk/client-scheduler';

import { unlessMissing } from '../account';
import { type Check, problem } from '../check';
import { applied } from '../remedies';

export const schedules: Check = {
  name: 'schedules',
  looksAt: 'the schedule on which previous keys are retired',
  permissions: ['scheduler:GetSchedule'],
  async run({ expected, account: { scheduler } }) {
    const found = await Promise.all(
      expected.named('aws_scheduler_schedule').map(async ({ name }) => {
        const schedule = await unlessMissing(scheduler.send(new GetScheduleCommand({ Name: name })));
        if (schedule?.State === 'ENABLED') return [];
        return [
          problem(
            name,
            `The schedule is ${schedule === undefined ? 'not there' : 'switched off'}: no previous key is deactivated or deleted, and no fault is found.`,
            applied(expected),
          ),
        ];
      }),
    );
    return found.flat();
  },
};
