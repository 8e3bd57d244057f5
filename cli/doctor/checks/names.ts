import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { paginateListDashboards } from '@aws-sdk/client-cloudwatch';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';

import { TAG_KEYS } from '../../../contract/tags';
import { unlessMissing } from '../account';
import { type Check, type Context, CouldNotLookError, type Finding, problem } from '../check';
import { type Expected, type NamedType, nameOf } from '../expected';
import { otherSpelling } from '../user-names';

const OTHER_PREFIX =
  'Give the stack another prefix. Or, if this is what a lost state left behind: npx iam-key-rotation import-blocks --help';

export const names: Check = {
  name: 'names',
  looksAt:
    'whether the names of what will be made are free (where the stack was applied before, they are its own)',
  permissions: [
    'cloudtrail:DescribeTrails',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:ListDashboards',
    'dynamodb:DescribeTable',
    'dynamodb:ListTagsOfResource',
    'events:DescribeRule',
    'iam:ListRoles',
    'iam:ListUsers',
    'lambda:ListFunctions',
    'logs:DescribeLogGroups',
    'scheduler:GetSchedule',
    'secretsmanager:ListSecrets',
    'sns:GetTopicAttributes',
    'sqs:GetQueueUrl',
  ],
  async run(context) {
    const tableOwner = await ownerOfTable(context);
    if (tableOwner === 'this stack') {
      throw new CouldNotLookError(
        'This stack was applied before, at least in part. Which of its names are its own, and which are those of others, ' +
          'only its state tells: terraform plan shows what is still to be made.',
      );
    }
    const { account, expected } = context;
    const [inSecrets, inUsers, functions, roles, alarms, groups, dashboards, trails, inRules, ...others] =
      await Promise.all([
        ofSecrets(context),
        ofUsers(context),
        account.functions(),
        account.roles(),
        account.alarms(`${expected.prefix}/`),
        logGroups(context),
        dashboardNames(context),
        trailNames(context),
        ofRules(context),
        ...FEW.map((type) => one(type, context)),
      ]);
    return [
      ...ofTable(tableOwner, context),
      ...inSecrets,
      ...inUsers,
      ...taken('function', 'aws_lambda_function', functions, expected),
      ...taken('role', 'aws_iam_role', roles, expected),
      ...taken('alarm', 'aws_cloudwatch_metric_alarm', alarms, expected),
      ...taken('log group', 'aws_cloudwatch_log_group', groups, expected),
      ...taken('dashboard', 'aws_cloudwatch_dashboard', dashboards, expected),
      ...taken('trail', 'aws_cloudtrail', trails, expected),
      ...inRules,
      ...others.flat(),
    ];
  },
};

type Owner = 'this stack' | 'somebody' | 'nobody';

/** By its tags. The table is what Terraform makes first. */
async function ownerOfTable({ expected, account: { dynamodb } }: Context): Promise<Owner> {
  const found = await unlessMissing(dynamodb.send(new DescribeTableCommand({ TableName: expected.prefix })));
  if (found === undefined) return 'nobody';
  const { Tags = [] } = await dynamodb.send(
    new ListTagsOfResourceCommand({ ResourceArn: found.Table?.TableArn }),
  );
  const name = expected.stack.tags?.[TAG_KEYS.stack];
  const isOurs =
    name !== undefined && Tags.some(({ Key, Value }) => Key === TAG_KEYS.stack && Value === name);
  return isOurs ? 'this stack' : 'somebody';
}

function ofTable(owner: Owner, { expected }: Context): readonly Finding[] {
  return owner === 'nobody' ? [] : [isTaken('table', expected.prefix, OTHER_PREFIX)];
}

async function ofSecrets({ expected, account }: Context): Promise<readonly Finding[]> {
  const existing = await account.secrets();
  return expected.named('aws_secretsmanager_secret').flatMap(({ name }) => {
    const secret = existing.get(name);
    if (secret === undefined) return [];
    if (secret.DeletedDate === undefined) return [isTaken('secret', name, OTHER_PREFIX)];
    return [
      problem(
        name,
        `A secret of this name is scheduled for deletion (since ${secret.DeletedDate.toISOString()}), and keeps its name until it is deleted.`,
        `Restore it and take it back (docs/state.md#a-deleted-secret), or delete it for good: aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery (delete its replicas first). Or give the stack another prefix.`,
      ),
    ];
  });
}

async function ofUsers({ expected, account }: Context): Promise<readonly Finding[]> {
  const existing = await account.users();
  return expected
    .named('aws_iam_user')
    .filter(({ address }) => expected.stack.imported?.includes(address) !== true)
    .flatMap(({ name }) => {
      const spelling = otherSpelling(name, existing);
      if (!existing.has(name) && spelling === undefined) return [];
      return isTaken(
        'IAM user',
        name,
        `${spelling === undefined ? '' : `To IAM the name of its user ${spelling} is the same. Write userName: ${spelling} in the configuration, and: `}Say in the configuration that it is there: \`existing: true\` leaves the user as it is and only rotates its keys; \`import: true\` has Terraform manage it.`,
      );
    });
}

function taken(
  what: string,
  type: NamedType,
  existing: Pick<ReadonlySet<string>, 'has'>,
  expected: Expected,
): readonly Finding[] {
  return expected
    .named(type)
    .filter(({ name }) => existing.has(name))
    .map(({ name }) => isTaken(what, name, OTHER_PREFIX));
}

async function logGroups({ expected, account: { logs } }: Context): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const logGroupNamePrefix of [`/aws/lambda/${expected.prefix}-`, `/aws/events/${expected.prefix}-`]) {
    for await (const page of paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix })) {
      for (const { logGroupName = '' } of page.logGroups ?? []) found.add(logGroupName);
    }
  }
  return found;
}

async function dashboardNames({
  expected: { prefix },
  account: { cloudWatch },
}: Context): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const pages = paginateListDashboards({ client: cloudWatch }, { DashboardNamePrefix: prefix });
  for await (const { DashboardEntries = [] } of pages) {
    for (const { DashboardName = '' } of DashboardEntries) found.add(DashboardName);
  }
  return found;
}

/** Also those that are managed in another region, and record in this one. */
async function trailNames({ expected, account }: Context): Promise<ReadonlySet<string>> {
  if (expected.named('aws_cloudtrail').length === 0) return new Set();
  const { trailList = [] } = await account.cloudTrail.send(new DescribeTrailsCommand({}));
  return new Set(trailList.map(({ Name = '' }) => Name));
}

async function ofRules({ expected, account }: Context): Promise<readonly Finding[]> {
  const found = await Promise.all(
    expected.of('aws_cloudwatch_event_rule').map(async (rule) => {
      const Name = nameOf(rule);
      const existing = await unlessMissing(
        account.eventsIn(rule.region).send(new DescribeRuleCommand({ Name })),
      );
      return existing === undefined ? [] : [isTaken('rule', Name, OTHER_PREFIX)];
    }),
  );
  return found.flat();
}

/** Things of which a stack has one or two. */
const FEW = ['aws_scheduler_schedule', 'aws_sns_topic', 'aws_sqs_queue'] as const;
type Few = (typeof FEW)[number];

async function one(type: Few, context: Context): Promise<readonly Finding[]> {
  const found = await Promise.all(
    context.expected.named(type).map(async ({ name }) => {
      const existing = await unlessMissing(LOOK_UP[type](name, context));
      return existing === undefined ? [] : [isTaken(LABELS[type], name, OTHER_PREFIX)];
    }),
  );
  return found.flat();
}

const LABELS: Readonly<Record<Few, string>> = {
  aws_scheduler_schedule: 'schedule',
  aws_sns_topic: 'topic',
  aws_sqs_queue: 'queue',
};

const LOOK_UP: Readonly<Record<Few, (name: string, context: Context) => Promise<unknown>>> = {
  aws_scheduler_schedule: (Name, { account }) => account.scheduler.send(new GetScheduleCommand({ Name })),
  aws_sns_topic: (name, { expected, account }) =>
    account.sns.send(
      new GetTopicAttributesCommand({
        TopicArn: `arn:${account.partition}:sns:${expected.region}:${expected.accountId}:${name}`,
      }),
    ),
  aws_sqs_queue: (QueueName, { account }) => account.sqs.send(new GetQueueUrlCommand({ QueueName })),
};

const isTaken = (what: string, name: string, remedy: string): Finding =>
  problem(
    name,
    `The account has ${/^[aeiouI]/.test(what) ? 'an' : 'a'} ${what} of this name already.`,
    remedy,
  );
