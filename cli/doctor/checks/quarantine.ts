import { type IAMClient, paginateListEntitiesForPolicy, paginateListPolicies } from '@aws-sdk/client-iam';

import { type Check, type Finding, problem } from '../check';

/** AWS makes a new version now and then. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html */
const QUARANTINE = 'AWSCompromisedKeyQuarantine';

export const quarantine: Check = {
  name: 'quarantine',
  looksAt: 'whether AWS has put a user into quarantine, because a key of it was found in public',
  permissions: ['iam:ListEntitiesForPolicy', 'iam:ListPolicies'],
  async run({ expected, account: { iam } }) {
    const ours = new Set(expected.users.map(({ userName }) => userName.toLowerCase()));
    const findings: Finding[] = [];
    for await (const { user, policy } of attachments(iam)) {
      if (ours.has(user.toLowerCase())) findings.push(inQuarantine(user, policy));
    }
    return findings;
  },
};

/** Begins with the policies: a call or two where nobody is in quarantine, however many users there are. */
async function* attachments(
  iam: IAMClient,
): AsyncGenerator<{ readonly user: string; readonly policy: string }> {
  for await (const { Policies = [] } of paginateListPolicies(
    { client: iam },
    { Scope: 'AWS', OnlyAttached: true },
  )) {
    for (const { Arn: PolicyArn, PolicyName: policy } of Policies) {
      if (policy?.startsWith(QUARANTINE) !== true) continue;
      const pages = paginateListEntitiesForPolicy({ client: iam }, { PolicyArn, EntityFilter: 'User' });
      for await (const { PolicyUsers = [] } of pages) {
        yield* PolicyUsers.map(({ UserName = '' }) => ({ user: UserName, policy }));
      }
    }
  }
}

const inQuarantine = (user: string, policy: string): Finding =>
  problem(
    user,
    `AWS has attached ${policy} to it: a key of this user was found in public. What the policy denies stays denied, also for a new key.`,
    'Replace the leaked key: npx iam-key-rotation emergency --help. Then follow the support case that AWS has opened; the policy is taken off when that is done, and not before.',
  );
