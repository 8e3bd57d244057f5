import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';

import { unlessMissing } from '../account';
import { type Check, problem } from '../check';
import { applied } from '../remedies';

export const table: Check = {
  name: 'table',
  looksAt: 'the table with settings and journals',
  permissions: ['dynamodb:DescribeTable'],
  async run({ expected, account: { dynamodb } }) {
    const found = await unlessMissing(
      dynamodb.send(new DescribeTableCommand({ TableName: expected.prefix })),
    );
    if (found !== undefined) return [];
    return [
      problem(
        expected.prefix,
        `This account has no such table in ${expected.region}: the stack was not applied, or the table was deleted.`,
        `Was it never applied: ${applied(expected)} Was the table deleted, restore it from its point-in-time backup under the same name first (docs/state.md): without journals no key is rotated or retired.`,
      ),
    ];
  },
};
