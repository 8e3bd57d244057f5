import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';

import type { RecordedCall } from '../../../sandbox/front/recorder';
import type { Policies, Policy } from './evaluate';

/** What a role has as identity policies and as its boundary, exactly as it was put on it. */
export type RolePolicies = Pick<Policies, 'identity' | 'boundary'>;

/**
 * Reads each role's policies once for as long as nobody changes anything in IAM: most of a test's time would go into it.
 *
 * @param calls all calls so far; a change is among them before whoever asked for it knows that it was made
 */
export function rememberedPolicies(
  calls: () => readonly RecordedCall[],
  iam: () => IAMClient,
): (roleArn: string) => Promise<RolePolicies> {
  const remembered = new Map<string, Promise<RolePolicies>>();
  let seen = 0;
  return (roleArn) => {
    const sofar = calls();
    if (sofar.slice(seen).some(changesIam)) remembered.clear();
    seen = sofar.length;
    const policies = remembered.get(roleArn) ?? policiesOfRole(iam(), roleArn);
    remembered.set(roleArn, policies);
    return policies;
  };
}

/** A key that is made or deleted changes no policy. */
const changesIam = ({ service, action }: RecordedCall): boolean =>
  service === 'iam' && !/^(Get|List)|AccessKey/.test(action);

async function policiesOfRole(iam: IAMClient, roleArn: string): Promise<RolePolicies> {
  const RoleName = roleArn.split('/').at(-1)!;
  const [{ PolicyNames = [] }, { AttachedPolicies = [] }, { Role }] = await Promise.all([
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    iam.send(new GetRoleCommand({ RoleName })),
  ]);
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { name: PolicyName, document: parseDocument(PolicyDocument) };
  });
  const attached = AttachedPolicies.map(({ PolicyArn }) => managedPolicy(iam, PolicyArn!));
  const boundaryArn = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    identity: await Promise.all([...inline, ...attached]),
    ...(boundaryArn === undefined ? {} : { boundary: await managedPolicy(iam, boundaryArn) }),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<Policy> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy!.DefaultVersionId }),
  );
  return { name: PolicyArn, document: parseDocument(PolicyVersion!.Document) };
}

/** IAM answers with documents in percent-encoding. */
const parseDocument = (text = ''): unknown => JSON.parse(decodeURIComponent(text));
