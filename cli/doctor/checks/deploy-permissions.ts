import { GetRoleCommand, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';

import auditPolicy from '../../../examples/pipelines/deploy-role-audit-policy.json';
import policy from '../../../examples/pipelines/deploy-role-policy.json';
import { concurrently } from '../../concurrently';
import { type Check, type Context, type Finding, problem } from '../check';
import { type Expected, text } from '../expected';
import { watchesActs } from '../watches-acts';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string | readonly string[]>> };
}

const AT_A_TIME = 3;

export const deployPermissions: Check = {
  name: 'deploy-permissions',
  looksAt:
    'whether whoever applies may do what examples/pipelines/deploy-role-policy.json allows, by simulation',
  permissions: ['iam:GetRole', 'iam:SimulatePrincipalPolicy'],
  async run(context) {
    const principal = await whoApplies(context);
    // The account's root user may do everything, and cannot be simulated.
    if (principal.endsWith(':root')) return [];
    const found = await concurrently(neededBy(context.expected), AT_A_TIME, (statement) =>
      simulate(principal, statement, context),
    );
    return found.flat();
  },
};

/** The role that Terraform assumes; else whoever runs this command, of a session its role. */
async function whoApplies({ expected, account }: Context): Promise<string> {
  const arn = expected.stack.deployRoleArn ?? account.callerArn;
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return arn;
  // A session's ARN is without the role's path.
  const { Role } = await account.iam.send(new GetRoleCommand({ RoleName: role }));
  return Role?.Arn ?? arn;
}

/** Whether a stack needs a statement; those that are not named here, every stack does. */
const NEEDED: Readonly<Record<string, (expected: Expected) => boolean>> = {
  Users: has('aws_iam_user'),
  UsersWithAll: has('aws_iam_user'),
  UsersVirtualMfa: has('aws_iam_user'),
  UsersInGroups: has('aws_iam_user_group_membership'),
  Vpc: (expected) =>
    expected.of('aws_lambda_function').some(({ arguments: own }) => own['vpc_config'] !== undefined),
  Topic: has('aws_sns_topic'),
  Subscriptions: has('aws_sns_topic_subscription'),
  Trail: has('aws_cloudtrail'),
  FindTrails: has('aws_cloudtrail'),
  Bucket: has('aws_cloudtrail'),
  Records: has('aws_cloudtrail'),
  LogOfSuspiciousActs: watchesActs,
  LogAdmitsRules: has('aws_cloudwatch_log_resource_policy'),
  RuleWhereIamsEventsArrive: hasRuleElsewhere,
  RoleForRule: hasRuleElsewhere,
};

function has(type: string): (expected: Expected) => boolean {
  return (expected) => expected.of(type).length > 0;
}

function hasRuleElsewhere(expected: Expected): boolean {
  return expected.of('aws_cloudwatch_event_rule').some(({ region }) => region !== expected.region);
}

export const neededBy = (expected: Expected): readonly Statement[] =>
  [...policy.Statement, ...auditPolicy.Statement].filter(({ Sid }) => NEEDED[Sid]?.(expected) ?? true);

async function simulate(
  principal: string,
  { Sid, Action, Resource, Condition }: Statement,
  context: Context,
): Promise<readonly Finding[]> {
  const pages = paginateSimulatePrincipalPolicy(
    { client: context.account.iam },
    {
      PolicySourceArn: principal,
      ActionNames: [...Action],
      ResourceArns: [Resource].flat().map((arn) => ofThisStack(arn, context)),
      ContextEntries: Object.entries(Condition?.StringEquals ?? {}).map(([ContextKeyName, values]) => ({
        ContextKeyName,
        ContextKeyType: 'string' as const,
        ContextKeyValues: [values].flat().slice(0, 1),
      })),
    },
  );
  const denied: string[] = [];
  for await (const { EvaluationResults = [] } of pages) {
    for (const { EvalActionName = '', EvalDecision } of EvaluationResults) {
      if (EvalDecision !== 'allowed') denied.push(EvalActionName);
    }
  }
  if (denied.length === 0) return [];
  return [
    problem(
      principal,
      `It may not: ${denied.join(', ')}.`,
      `Allow it what the statement ${Sid} of examples/pipelines/deploy-role-policy.json or deploy-role-audit-policy.json does, with your account, region and prefix. If a condition of your own allows it, which a simulation cannot know, nothing is to do.`,
    ),
  ];
}

/** What the examples are written for. */
const EXAMPLE = { accountId: '111122223333', region: 'eu-west-1', prefix: 'iam-key-rotation' };

/** The resource of a statement with the stack's own values, and for each `*` a name that there will be. */
export function ofThisStack(arn: string, { expected, account }: Context): string {
  if (arn === '*') return arn;
  const [first = { stableKey: 'user', userName: 'user', secretName: `${expected.prefix}/user` }] =
    expected.users;
  const [made] = expected.of('aws_iam_user');
  const user =
    made === undefined ? first.userName : `${text(made, 'path')}${text(made, 'name')}`.replace(/^\//, '');
  return arn
    .replace(/^arn:aws:/, `arn:${account.partition}:`)
    .replace(EXAMPLE.accountId, expected.accountId)
    .replace(EXAMPLE.region, expected.region)
    .replace(`secret:${EXAMPLE.prefix}/*`, `secret:${first.secretName}-AbCdEf`)
    .replace(':user/*', `:user/${user}`)
    .replaceAll(EXAMPLE.prefix, expected.prefix)
    .replace(`${expected.prefix}-*-failed`, `${expected.prefix}-retire-failed`)
    .replace('*', 'retire');
}
