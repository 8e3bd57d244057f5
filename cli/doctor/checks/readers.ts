import { GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

import { concurrently } from '../../concurrently';
import { unlessMissing } from '../account';
import { type Check, type Context, type Finding, problem, warning } from '../check';
import { text } from '../expected';
import { applied } from '../remedies';

const AT_A_TIME = 8;

const statement = z.object({
  Effect: z.string(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});

/** Somebody who writes a policy by hand may leave the list out where there is one statement. */
const policySchema = z.object({
  Statement: z.union([z.array(statement), statement.transform((one) => [one])]),
});

/** What IAM shows of a principal that was deleted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const UNIQUE_ID = /\b(?:AIDA|AROA)[A-Z0-9]{12,}\b/g;
const IDENTITY = /arn:[\w-]+:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+|arn:[\w-]+:iam::\d{12}:root/g;

export const readers: Check = {
  name: 'readers',
  looksAt: 'the policies of the secrets, and whether the readers in them exist',
  permissions: [
    'iam:ListRoles',
    'iam:ListUsers',
    'secretsmanager:GetResourcePolicy',
    'secretsmanager:ListSecrets',
  ],
  async run(context) {
    const wanted = context.expected.of('aws_secretsmanager_secret_policy').map((resource) => ({
      secretName: context.expected.nameAt(text(resource, 'secret_arn')),
      // Without the user itself, where it may read its secret: the stack refers to it, or makes it.
      readers: [...new Set(text(resource, 'policy').match(IDENTITY) ?? [])].filter(
        (arn) => !context.expected.makes(arn),
      ),
    }));
    if (wanted.length === 0) return [];
    const [policies, existing] = await Promise.all([policyFindings(wanted, context), identities(context)]);
    const absent = [...new Set(wanted.flatMap((one) => one.readers))].filter(
      (arn) => isOwn(arn, context) && !existing.has(arn),
    );
    return [...policies, ...absent.map((arn) => noSuchReader(arn, wanted))];
  },
};

interface Wanted {
  readonly secretName: string;
  readonly readers: readonly string[];
}

async function policyFindings(wanted: readonly Wanted[], context: Context): Promise<readonly Finding[]> {
  const secrets = await context.account.secrets();
  const found = await concurrently(
    // That a secret is missing is another check's.
    wanted.filter(
      ({ secretName }) => secrets.get(secretName)?.DeletedDate === undefined && secrets.has(secretName),
    ),
    AT_A_TIME,
    (one) => ofPolicy(one, context),
  );
  return found.flat();
}

async function ofPolicy(
  { secretName, readers: wanted }: Wanted,
  { expected, account: { secretsManager } }: Context,
): Promise<readonly Finding[]> {
  const answer = await unlessMissing(
    secretsManager.send(new GetResourcePolicyCommand({ SecretId: secretName })),
  );
  const policy = answer?.ResourcePolicy ?? '{"Statement":[]}';
  const { Statement } = policySchema.parse(JSON.parse(policy));
  const admitted = JSON.stringify(Statement.filter(({ Effect }) => Effect === 'Allow'));
  const deleted = [
    ...new Set(JSON.stringify(Statement.map(({ Principal }) => Principal)).match(UNIQUE_ID) ?? []),
  ];
  const notAdmitted = wanted.filter((arn) => !admitted.includes(JSON.stringify(arn)));
  const denied = Statement.some(({ Effect }) => Effect === 'Deny');
  return [
    ...deleted.map((id) =>
      problem(
        secretName,
        `Its policy names ${id}: a role or user that was deleted. Terraform can plan no change of the secret while it is there.`,
        'Run examples/pipelines/deploy.sh plan and apply, which write the policy anew; or: aws secretsmanager delete-resource-policy ' +
          `--secret-id ${secretName}, and then terraform apply.`,
      ),
    ),
    ...notAdmitted.map((arn) =>
      problem(secretName, `Its policy does not admit the reader ${arn}.`, applied(expected)),
    ),
    ...(denied
      ? [
          warning(
            secretName,
            'Its policy denies something; this product writes no such statement.',
            `Find out whom it denies: aws secretsmanager get-resource-policy --secret-id ${secretName}. ${applied(expected)}`,
          ),
        ]
      : []),
  ];
}

/** The ARNs of all roles and users. */
async function identities({ account }: Context): Promise<ReadonlySet<string | undefined>> {
  const [roles, found] = await Promise.all([account.roles(), account.users()]);
  return new Set([
    ...[...roles.values()].map(({ Arn }) => Arn),
    ...[...found.values()].map(({ Arn }) => Arn),
  ]);
}

/** Whether it can be looked up: roles and users of other accounts cannot. */
const isOwn = (arn: string, { expected }: Context): boolean =>
  arn.split(':')[4] === expected.accountId && !arn.endsWith(':root');

const noSuchReader = (arn: string, wanted: readonly Wanted[]): Finding =>
  warning(
    arn,
    `The account has no such role or user. It is a reader of ${wanted
      .filter((one) => one.readers.includes(arn))
      .map(({ secretName }) => secretName)
      .join(', ')}.`,
    'If it is still to be made, nothing is to do. Else correct `readers` in the configuration, with the path (role/teams/deploy): ' +
      'a reader whose ARN is not exactly this one is refused.',
  );
