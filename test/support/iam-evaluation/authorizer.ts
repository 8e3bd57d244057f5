import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';

import { ApiError, type AuthenticatedCall } from '../../../sandbox/front/api-call';
import type { Authorize } from '../../../sandbox/front/front';
import type { LocalAws } from '../../../sandbox/local-aws';
import { type Administrator, administratorOf } from './administrator';
import { evaluate } from './evaluate';
import { type Grant, grantsOf } from './grants';
import { type RequestForAccess, requestsOf } from './requests';
import { rememberedPolicies } from './role-policies';

/** Decides over the calls of roles by the policies that they have, and remembers what it decided. */
export interface Authorizer {
  /** For `startLocalAws({ authorize })`. Whoever is no role (Terraform, a person, a rotated user) may do everything. */
  readonly authorize: Authorize;
  /** Everything that was refused so far: `<role> iam:CreateAccessKey on <resource>`. */
  refusals(): readonly string[];
  /** The parts of a role's policies that no request has needed so far; see `grantsOf`. */
  unusedGrants(roleArn: string): Promise<readonly string[]>;
  /**
   * Asks for what AWS does with a role by itself, without a call that could be seen here, and counts it as used.
   *
   * @returns whether it is allowed.
   */
  allowsAws(roleArn: string, action: string, resource: string): Promise<boolean>;
}

/** `authorize` of an authorizer of which nothing else is asked. @param aws see `createAuthorizer` */
export const byRolePolicies = (aws: () => LocalAws): Authorize => createAuthorizer(aws).authorize;

/** @param aws the local AWS that asks; it is there by the time of the first call. */
export function createAuthorizer(aws: () => LocalAws): Authorizer {
  let admin: Administrator | undefined;
  const administrator = (): Administrator => (admin ??= administratorOf(aws()));
  const policiesOfRole = rememberedPolicies(
    () => aws().calls(),
    () => administrator().iam,
  );
  const refused: string[] = [];
  /** By role, what was allowed, each once. */
  const allowed = new Map<string, Map<string, RequestForAccess>>();
  const withLog = new Set<string>();

  const decide = async (request: RequestForAccess): Promise<boolean> => {
    const policies = await policiesOfRole(request.principal);
    const decision = await evaluate(request, { ...policies, resource: request.resourcePolicy });
    if (decision !== 'Allowed') {
      refused.push(`${request.principal} ${request.action} on ${request.resource}`);
      return false;
    }
    const ofRole = allowed.get(request.principal) ?? new Map<string, RequestForAccess>();
    allowed.set(request.principal, ofRole.set(JSON.stringify(request), request));
    return true;
  };
  const decideForAws = (roleArn: string, action: string, resource: string): Promise<boolean> => {
    const { accountId, region } = administrator();
    const context = { 'aws:PrincipalArn': roleArn, 'aws:RequestedRegion': region };
    return decide({ principal: roleArn, action, resource, accountId, context });
  };

  return {
    async authorize(call) {
      if (call.principal.type !== 'role') return;
      const { invocationId } = call.principal;
      if (invocationId !== undefined && !withLog.has(invocationId)) {
        withLog.add(invocationId);
        await writeLog(call, administrator(), decideForAws);
      }
      for (const request of await requestsOf(call, administrator())) {
        if (!(await decide(request))) throw accessDenied(call, request);
      }
    },
    refusals: () => [...refused],
    async unusedGrants(roleArn) {
      const { identity } = await policiesOfRole(roleArn);
      const unused: string[] = [];
      for (const grant of grantsOf(identity)) {
        if (!(await admitsAny(grant, allowed.get(roleArn)))) unused.push(grant.name);
      }
      return unused;
    },
    allowsAws: decideForAws,
  };
}

/** Whether one of the requests would be allowed with nothing but this part of a policy. */
async function admitsAny(
  { policy }: Grant,
  requests: ReadonlyMap<string, RequestForAccess> = new Map(),
): Promise<boolean> {
  for (const { resourcePolicy, ...request } of requests.values()) {
    const decision = await evaluate(request, { identity: [policy], resource: resourcePolicy });
    if (decision === 'Allowed') return true;
  }
  return false;
}

/**
 * Lambda writes a function's log with the function's role. Without the permission the function runs all the same, and
 * nobody sees its log: so that is only remembered as a refusal.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
async function writeLog(
  { principal, region }: AuthenticatedCall,
  { lambda, accountId }: Administrator,
  decideForAws: Authorizer['allowsAws'],
): Promise<void> {
  const FunctionName = principal.callerArn.split('/').at(-1);
  const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const stream = `arn:aws:logs:${region}:${accountId}:log-group:${LoggingConfig!.LogGroup!}:log-stream:${principal.invocationId!}`;
  await decideForAws(principal.arn, 'logs:CreateLogStream', stream);
  await decideForAws(principal.arn, 'logs:PutLogEvents', stream);
}

/** In the words of the caller's protocol. */
export function accessDenied(
  call: AuthenticatedCall,
  { action, resource }: Pick<RequestForAccess, 'action' | 'resource'>,
): ApiError {
  const message = `User: ${call.principal.callerArn} is not authorized to perform: ${action} on resource: ${resource}`;
  return call.protocol === 'query'
    ? new ApiError('AccessDenied', message, 403)
    : new ApiError('AccessDeniedException', message, 400);
}
