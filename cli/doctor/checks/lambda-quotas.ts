import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';

import { type Check, warning } from '../check';
import { raise } from '../remedies';

/** For the functions of a stack that run at the same time, beside the account's others. */
const LEAST_CONCURRENCY = 10;

export const lambdaQuotas: Check = {
  name: 'lambda-quotas',
  looksAt: 'how many functions may run at the same time',
  permissions: ['lambda:GetAccountSettings'],
  async run({ expected, account: { lambda } }) {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const free = AccountLimit?.UnreservedConcurrentExecutions;
    if (free === undefined || free >= LEAST_CONCURRENCY) return [];
    return [
      warning(
        'Lambda',
        `All functions in ${expected.region} without a concurrency of their own share ${free} executions at a time: rotations may be throttled.`,
        raise('Lambda, Concurrent executions'),
      ),
    ];
  },
};
