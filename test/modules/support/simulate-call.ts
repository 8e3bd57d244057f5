import { runSimulation } from '@cloud-copilot/iam-simulate';

import type { PolicyStatement } from '../../../modules/aws/policy-document';

/** Whether IAM would allow a call to a role that has these statements and no others. */
export async function simulateCall(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  contextVariables: Readonly<Record<string, string | string[]>> = {},
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::111122223333:role/iam-key-rotation-retire',
        action,
        resource: { resource, accountId: '111122223333' },
        contextVariables: { ...contextVariables },
      },
      identityPolicies: [{ name: 'own', policy: { Version: '2012-10-17', Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(JSON.stringify(result.errors));
  }
  return result.overallResult === 'Allowed';
}
