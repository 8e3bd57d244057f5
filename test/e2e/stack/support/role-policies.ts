import {
  GetAccessKeyLastUsedCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { runSimulation, type SimulationIdentityPolicy } from '@cloud-copilot/iam-simulate';

import { ApiError, type AuthenticatedCall } from '../../../../sandbox/front/api-call';
import type { Authorize } from '../../../../sandbox/front/front';
import type { LocalAws } from '../../../../sandbox/local-aws';

/** What a policy decides by, besides who calls and what. */
interface Target {
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

/**
 * Lets a function do what the policies of its role allow, as Terraform put them on the role, and nothing else.
 * Everybody else may do everything.
 *
 * @param aws the local AWS that asks; it is there by the time of the first call
 */
export function byRolePolicies(aws: () => LocalAws): Authorize {
  return async (call) => {
    const { principal, service, action } = call;
    if (principal.type !== 'role' || `${service}:${action}` === 'sts:GetCallerIdentity') {
      return;
    }
    const account = new IAMClient({
      endpoint: aws().endpoint,
      region: aws().region,
      credentials: aws().adminCredentials,
    });
    const { resource, context } = await targetOf(call, aws(), account);
    const result = await runSimulation(
      {
        request: {
          principal: principal.arn,
          action: `${service}:${action}`,
          resource: { resource, accountId: aws().accountId },
          contextVariables: { ...context },
        },
        identityPolicies: await policiesOf(principal.arn, account),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === 'error') {
      throw new Error(
        `${service}:${action} on ${resource} cannot be simulated: ${JSON.stringify(result.errors)}`,
      );
    }
    if (result.overallResult !== 'Allowed') {
      throw new ApiError(
        call.protocol === 'query' ? 'AccessDenied' : 'AccessDeniedException',
        `User: ${principal.callerArn} is not authorized to perform: ${service}:${action} on resource: ${resource}`,
        call.protocol === 'query' ? 403 : 400,
      );
    }
  };
}

async function policiesOf(roleArn: string, account: IAMClient): Promise<SimulationIdentityPolicy[]> {
  const RoleName = roleArn.split('/').at(-1)!;
  const { PolicyNames = [] } = await account.send(new ListRolePoliciesCommand({ RoleName }));
  return Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await account.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: PolicyName, policy: JSON.parse(decodeURIComponent(PolicyDocument!)) as unknown };
    }),
  );
}

async function targetOf(call: AuthenticatedCall, aws: LocalAws, account: IAMClient): Promise<Target> {
  const { parameters, service } = call;
  switch (service) {
    case 'iam': {
      const UserName =
        (parameters['UserName'] as string | undefined) ??
        (await ownerOf(String(parameters['AccessKeyId']), account));
      const { User } = await account.send(new GetUserCommand({ UserName }));
      const tags = User!.Tags ?? [];
      return {
        resource: User!.Arn!,
        context: Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key!}`, Value!])),
      };
    }
    case 'secretsmanager':
      return { resource: String(parameters['SecretId']), context: {} };
    case 'dynamodb': {
      const { pk } = parameters['Key'] as { pk: { S: string } };
      return {
        resource: `arn:aws:dynamodb:${aws.region}:${aws.accountId}:table/${String(parameters['TableName'])}`,
        context: { 'dynamodb:LeadingKeys': [pk.S] },
      };
    }
    default:
      throw new Error(`A function called ${service}:${call.action}, which no policy was written for.`);
  }
}

async function ownerOf(AccessKeyId: string, account: IAMClient): Promise<string> {
  const { UserName } = await account.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  return UserName!;
}
