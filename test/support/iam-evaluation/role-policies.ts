import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';

import type { Policies, Policy } from './evaluate';

/** What a role has as identity policies and as its boundary, exactly as it was put on it. */
export async function policiesOfRole(
  iam: IAMClient,
  roleArn: string,
): Promise<Pick<Policies, 'identity' | 'boundary'>> {
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
