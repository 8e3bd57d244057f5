import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';

import { concurrently } from '../../concurrently';
import { groupedBy } from '../../grouped-by';
import { unlessMissing } from '../account';
import { type Check, type Context, type Finding, problem } from '../check';
import { text } from '../expected';
import { applied } from '../remedies';

/** Lambda's control plane allows 15 calls a second. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const AT_A_TIME = 4;

const policySchema = z.object({
  Statement: z.array(z.object({ Sid: z.string().optional(), Principal: z.unknown().optional() })),
});

export const permissions: Check = {
  name: 'permissions',
  looksAt: 'whether Secrets Manager and EventBridge may invoke the functions',
  permissions: ['lambda:GetPolicy', 'lambda:ListFunctions'],
  async run(context) {
    const existing = await context.account.functions();
    const byFunction = groupedBy(context.expected.of('aws_lambda_permission'), (resource) =>
      context.expected.nameAt(text(resource, 'function_name')),
    );
    const found = await concurrently(
      // That a function is missing is another check's.
      [...byFunction].filter(([name]) => existing.has(name)),
      AT_A_TIME,
      async ([name, wanted]) => {
        const admitted = await admittedTo(name, context);
        return wanted
          .filter((resource) => admitted.get(text(resource, 'statement_id')) !== text(resource, 'principal'))
          .map((resource) => missing(name, text(resource, 'principal'), context));
      },
    );
    return found.flat();
  },
};

/** The service of each statement of the function's own policy. */
async function admittedTo(
  name: string,
  { account: { lambda } }: Context,
): Promise<ReadonlyMap<string | undefined, unknown>> {
  const found = await unlessMissing(lambda.send(new GetPolicyCommand({ FunctionName: name })));
  if (found?.Policy === undefined) return new Map();
  const { Statement } = policySchema.parse(JSON.parse(found.Policy));
  return new Map(Statement.map(({ Sid, Principal }) => [Sid, serviceOf(Principal)]));
}

const serviceOf = (principal: unknown): unknown =>
  typeof principal === 'object' && principal !== null && 'Service' in principal
    ? principal.Service
    : principal;

const missing = (name: string, principal: string, { expected }: Context): Finding =>
  problem(
    name,
    `Its policy does not let ${principal} invoke it.`,
    `${applied(expected)} Find out who took the permission away: look in CloudTrail for RemovePermission.`,
  );
