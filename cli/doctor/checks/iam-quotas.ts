import { GetAccountSummaryCommand } from '@aws-sdk/client-iam';

import { type Check, type Finding, problem } from '../check';
import type { NamedType } from '../expected';
import { raise } from '../remedies';

export const iamQuotas: Check = {
  name: 'iam-quotas',
  looksAt: 'whether the account has room for the users and roles that are still to be made',
  permissions: ['iam:GetAccountSummary', 'iam:ListRoles', 'iam:ListUsers'],
  async run({ expected, account }) {
    const [{ SummaryMap = {} }, roles, users] = await Promise.all([
      account.iam.send(new GetAccountSummaryCommand({})),
      account.roles(),
      account.users(),
    ]);
    const missing = (type: NamedType, existing: ReadonlyMap<string, unknown>): number =>
      expected.named(type).filter(({ name }) => !existing.has(name)).length;
    return [
      ...tooFew('roles', missing('aws_iam_role', roles), SummaryMap.Roles, SummaryMap.RolesQuota),
      ...tooFew('users', missing('aws_iam_user', users), SummaryMap.Users, SummaryMap.UsersQuota),
    ];
  },
};

function tooFew(
  what: string,
  needed: number,
  used: number | undefined,
  quota: number | undefined,
): readonly Finding[] {
  if (used === undefined || quota === undefined || used + needed <= quota) return [];
  return [
    problem(
      `IAM ${what}`,
      `The account has ${used} ${what} of ${quota}, and the stack needs ${needed} more.`,
      raise(`IAM, ${what} per account`),
    ),
  ];
}
