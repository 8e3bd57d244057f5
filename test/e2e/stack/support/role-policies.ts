import {
  GetAccessKeyLastUsedCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { runSimulation, type SimulationIdentityPolicy } from '@cloud-copilot/iam-simulate';

import { ApiError, type AuthenticatedCall } from '../../../../sandbox/front/api-call';
import type { Authorize } from '../../../../sandbox/front/front';
import type { LocalAws } from '../../../../sandbox/local-aws';

/** What a policy decides by, besides who calls. */
interface Target {
  /** `iam:ListAccessKeys` */
  readonly action: string;
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
    const account = new IAMClient(aws().clientConfig());
    const policies = await policiesOf(principal.arn, account);
    const decidesByTags = JSON.stringify(policies).includes('aws:ResourceTag/');
    for (const target of await targetsOf(call, aws(), account, decidesByTags)) {
      if (!(await allows(policies, principal.arn, target, aws().accountId))) {
        throw new ApiError(
          call.protocol === 'query' ? 'AccessDenied' : 'AccessDeniedException',
          `User: ${principal.callerArn} is not authorized to perform: ${target.action} on resource: ${target.resource}`,
          call.protocol === 'query' ? 403 : 400,
        );
      }
    }
  };
}

async function allows(
  identityPolicies: SimulationIdentityPolicy[],
  principal: string,
  { action, resource, context }: Target,
  accountId: string,
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId },
        contextVariables: { ...context },
      },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be simulated: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
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

/** Some calls ask for more than one permission. */
async function targetsOf(
  call: AuthenticatedCall,
  aws: LocalAws,
  account: IAMClient,
  decidesByTags: boolean,
): Promise<Target[]> {
  const { parameters, service } = call;
  const action = `${service}:${call.action}`;
  switch (service) {
    case 'iam': {
      const UserName =
        (parameters['UserName'] as string | undefined) ??
        (await ownerOf(String(parameters['AccessKeyId']), account));
      const { User } = await account.send(new GetUserCommand({ UserName }));
      const tags = User!.Tags ?? [];
      const context = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key!}`, Value!]));
      return [{ action, resource: User!.Arn!, context }];
    }
    case 'secretsmanager':
      return [
        {
          action,
          resource: String(parameters['SecretId']),
          // Asked for only where it matters: a fault that is meant for a function could hit this call instead.
          context: decidesByTags ? await tagsOfSecret(String(parameters['SecretId']), aws) : {},
        },
        ...(call.action === 'RotateSecret' ? [await invocationFor(String(parameters['SecretId']), aws)] : []),
      ];
    case 'dynamodb': {
      const key = (parameters['Key'] as { pk: { S: string } } | undefined)?.pk.S;
      const resource = `arn:aws:dynamodb:${aws.region}:${aws.accountId}:table/${String(parameters['TableName'])}`;
      return [{ action, resource, context: key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] } }];
    }
    case 'events': {
      const entries = parameters['Entries'] as readonly {
        readonly EventBusName?: string;
        readonly Source: string;
      }[];
      return entries.map(({ EventBusName = 'default', Source }) => ({
        action,
        resource: EventBusName.startsWith('arn:')
          ? EventBusName
          : `arn:aws:events:${aws.region}:${aws.accountId}:event-bus/${EventBusName}`,
        context: { 'events:source': [Source] },
      }));
    }
    case 'sns':
      return [{ action, resource: String(parameters['TopicArn']), context: {} }];
    case 'cloudtrail':
      return [{ action, resource: '*', context: {} }];
    default:
      throw new Error(`A function called ${service}:${call.action}, which no policy was written for.`);
  }
}

/** Who asks for a rotation has to be allowed to invoke the function that makes it. */
async function invocationFor(SecretId: string, aws: LocalAws): Promise<Target> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { RotationLambdaARN } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return { action: 'lambda:InvokeFunction', resource: RotationLambdaARN!, context: {} };
}

async function tagsOfSecret(SecretId: string, aws: LocalAws): Promise<Target['context']> {
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { Tags = [] } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key!}`, Value!]));
}

async function ownerOf(AccessKeyId: string, account: IAMClient): Promise<string> {
  const { UserName } = await account.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  return UserName!;
}
