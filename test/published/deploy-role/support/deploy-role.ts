import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

import type { Authorize } from '../../../../sandbox/front/front';
import type { LocalAws } from '../../../../sandbox/local-aws';
import { accessDenied } from '../../../support/iam-evaluation/authorizer';
import { defaultKeyPolicy } from '../../../support/iam-evaluation/default-key-policy';
import { evaluate, type Policy } from '../../../support/iam-evaluation/evaluate';
import { type DeployRequest, deployRequests } from './deploy-requests';

export const ACCOUNT_ID = '111122223333';
export const DEPLOY_ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/deploy`;

const EXAMPLES = join(__dirname, '../../../../examples/pipelines');

const printed = (name: string): Policy => ({
  name,
  document: JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8')) as unknown,
});

/** What docs/pipelines.md gives to the role of the pipeline. */
export const POLICIES: readonly Policy[] = ['deploy-role-policy', 'deploy-role-audit-policy'].map(printed);

/** What it gives to the role that plans. */
export const PLAN_POLICIES: readonly Policy[] = [printed('plan-role-policy')];

/** The same as the first for a stack with a `rolePath`, as docs/pipelines.md says. */
const policiesWith = (rolePath: string): readonly Policy[] =>
  JSON.parse(JSON.stringify(POLICIES).replaceAll(':role/iam-', `:role${rolePath}iam-`)) as Policy[];

export const decide = (request: DeployRequest, policies = POLICIES): Promise<string> =>
  evaluate(
    { ...request, principal: DEPLOY_ROLE_ARN, accountId: ACCOUNT_ID },
    {
      identity: policies,
      ...(request.action.startsWith('kms:') ? { resource: defaultKeyPolicy(ACCOUNT_ID) } : {}),
    },
  );

/** The role that deploys may do what its policies allow, and nothing else. Everybody else may do everything. */
export function byDeployPolicies(rolePath = '/'): Authorize {
  const policies = policiesWith(rolePath);
  return async (call) => {
    if (call.principal.arn !== DEPLOY_ROLE_ARN) return;
    for (const request of deployRequests(call, ACCOUNT_ID, rolePath)) {
      if ((await decide(request, policies)) === 'Allowed') continue;
      throw accessDenied(call, request);
    }
  };
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` }, Action: 'sts:AssumeRole' },
  ],
});

export async function createDeployRole(aws: LocalAws): Promise<void> {
  const iam = new IAMClient(aws.clientConfig());
  await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: TRUST }));
}

/** The environment of a program that runs as the role. */
export async function environmentOfDeployRole(aws: LocalAws): Promise<Record<string, string>> {
  const { Credentials } = await new STSClient(aws.clientConfig()).send(
    new AssumeRoleCommand({ RoleArn: DEPLOY_ROLE_ARN, RoleSessionName: 'pipeline' }),
  );
  return {
    ...aws.environment,
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  };
}
