import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';

import { MINUTE, SECOND } from '../../contract/instant';
import type { Account } from './account';
import { inWords, persistently, refusalOf } from './asking';
import { doesNotHold, holds, type Finding } from './assumption';
import type { Part } from './resources';

/* What a policy of the deploying role has to say. */

export const TAGLESS_ROLE: Part = { kind: 'role', part: 'without-list-tags' };
export const LOG_GROUP_ROLE: Part = { kind: 'role', part: 'log-group' };
export const MADE_LOG_GROUP: Part = { kind: 'log group', part: 'made-by-role' };

/** How long a role's policy may take to hold. */
const POLICY_LAG = MINUTE;

export async function getFunctionLeavesTagsOut(account: Account): Promise<Finding> {
  const { functionName, functionArn } = await account.witness();
  const role = await account.makeRole(TAGLESS_ROLE, [
    { Effect: 'Allow', Action: 'lambda:GetFunction', Resource: functionArn },
  ]);
  const { lambda } = await account.assume(role);
  const question = new GetFunctionCommand({ FunctionName: functionName });
  const { Tags } = await persistently(() => lambda.send(question), /^AccessDenied/, {
    signal: account.signal,
    limit: POLICY_LAG,
  });
  return Tags === undefined
    ? holds('Who may not list the tags got the function without them, and no error.')
    : doesNotHold('Who may not list the tags got the function with them.');
}

export async function logGroupIsMadeByTheFormWithStar(account: Account): Promise<Finding> {
  const logGroupName = account.nameOf(MADE_LOG_GROUP);
  const role = await account.makeRole(LOG_GROUP_ROLE, [
    {
      Effect: 'Allow',
      Action: 'logs:CreateLogGroup',
      Resource: account.arn('logs', `log-group:${logGroupName}:*`),
    },
    // Shows when the policy holds.
    { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
  ]);
  const { logs } = await account.assume(role);
  await persistently(() => logs.send(new DescribeLogGroupsCommand({ limit: 1 })), /^AccessDenied/, {
    signal: account.signal,
    limit: POLICY_LAG,
  });
  const allowed = await account.until(
    async () => {
      const refusal = await refusalOf(logs.send(new CreateLogGroupCommand({ logGroupName })));
      return refusal === undefined || refusal.code === 'ResourceAlreadyExistsException' ? true : undefined;
    },
    20 * SECOND,
    2 * SECOND,
  );
  return allowed
    ? holds('The role that is allowed nothing but the ARN with `:*` has made it.')
    : doesNotHold(`The role that is allowed the ARN with \`:*\` was refused for ${inWords(20 * SECOND)}.`);
}
