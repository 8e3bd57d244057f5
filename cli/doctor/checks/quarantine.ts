import { paginateListEntitiesForPolicy, paginateListPolicies } from '@aws-sdk/client-iam';

import { type Check, problem } from '../check';

/** AWS makes a new version now and then. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html */
const QUARANTINE = 'AWSCompromisedKeyQuarantine';

export const quarantine: Check = {
  name: 'quarantine',
  looksAt: 'whether AWS has put a user into quarantine, because a key of it was found in public',
  permissions: ['iam:ListEntitiesForPolicy', 'iam:ListPolicies'],
  async run({ expected, account: { iam } }) {
    const ours = new Set(expected.users.map(({ userName }) => userName));
    const findings = [];
    // Two calls where nobody is in quarantine, however many users there are.
    for await (const { Policies = [] } of paginateListPolicies(
      { client: iam },
      { Scope: 'AWS', OnlyAttached: true },
    )) {
      for (const { Arn, PolicyName } of Policies) {
        if (Arn === undefined || PolicyName?.startsWith(QUARANTINE) !== true) continue;
        const pages = paginateListEntitiesForPolicy(
          { client: iam },
          { PolicyArn: Arn, EntityFilter: 'User' },
        );
        for await (const { PolicyUsers = [] } of pages) {
          for (const { UserName = '' } of PolicyUsers) {
            if (ours.has(UserName)) findings.push(inQuarantine(UserName, PolicyName));
          }
        }
      }
    }
    return findings;
  },
};

const inQuarantine = (user: string, policy: string) =>
  problem(
    user,
    `AWS has attached ${policy} to it: a key of this user was found in public. What the policy denies stays denied, also for a new key.`,
    'Replace the leaked key: npx iam-key-rotation emergency --help. Then follow the support case that AWS has opened; the policy is taken off when that is done, and not before.',
  );
