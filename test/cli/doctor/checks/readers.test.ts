import { IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  GetResourcePolicyCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';

import { readers } from '../../../../cli/doctor/checks/readers';
import { contextOf, refusal } from '../support/context';

const iam = mockClient(IAMClient);
const secrets = mockClient(SecretsManagerClient);
const READER = 'arn:aws:iam::111122223333:role/teams/ci';
const NAME = 'iam-key-rotation/ci';

const policyFor = (...arns: readonly string[]): string =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalArn': arns } },
      },
    ],
  });

const found = async (wanted = READER): Promise<readonly string[]> => {
  const context = contextOf({
    resources: {
      aws_secretsmanager_secret: { ci: { name: NAME } },
      aws_secretsmanager_secret_policy: {
        ci: { secret_arn: '${aws_secretsmanager_secret.ci.arn}', policy: policyFor(wanted) },
      },
    },
  });
  return (await readers.run(context)).map(
    (finding) => `${finding.severity}: ${finding.subject}: ${finding.found}`,
  );
};

describe('the check of readers', () => {
  beforeEach(() => {
    iam.reset();
    secrets.reset();
    iam.on(ListRolesCommand).resolves({ Roles: [{ Arn: READER, RoleName: 'ci' }] as never });
    iam.on(ListUsersCommand).resolves({ Users: [] });
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: NAME }] });
    secrets.on(GetResourcePolicyCommand).resolves({ ResourcePolicy: policyFor(READER) });
  });

  it('finds nothing where the reader exists and is admitted', async () => {
    expect(await found()).toEqual([]);
  });

  it('finds a policy that is not there, or that admits another', async () => {
    const expected = [`problem: ${NAME}: Its policy does not admit the reader ${READER}.`];
    secrets.on(GetResourcePolicyCommand).resolves({});
    expect(await found()).toEqual(expected);
    secrets.on(GetResourcePolicyCommand).resolves({ ResourcePolicy: policyFor(`${READER}-other`) });
    expect(await found()).toEqual(expected);
  });

  it('finds the unique id of a principal that was deleted', async () => {
    const policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } }] };
    const own = JSON.parse(policyFor(READER)) as { Statement: object[] };
    secrets.on(GetResourcePolicyCommand).resolves({
      ResourcePolicy: JSON.stringify({ Statement: [...policy.Statement, ...own.Statement] }),
    });
    expect(await found()).toEqual([
      `problem: ${NAME}: Its policy names AROAEXAMPLEEXAMPLE12: a role or user that was deleted. Terraform can plan no change of the secret while it is there.`,
    ]);
  });

  it('finds a statement that denies', async () => {
    const own = JSON.parse(policyFor(READER)) as { Statement: object[] };
    const ResourcePolicy = JSON.stringify({
      Statement: [...own.Statement, { Effect: 'Deny', Principal: '*' }],
    });
    secrets.on(GetResourcePolicyCommand).resolves({ ResourcePolicy });
    expect(await found()).toEqual([
      `warning: ${NAME}: Its policy denies something; this product writes no such statement.`,
    ]);
  });

  it('finds a reader that does not exist, also where only its path is another one', async () => {
    iam
      .on(ListRolesCommand)
      .resolves({ Roles: [{ Arn: 'arn:aws:iam::111122223333:role/ci', RoleName: 'ci' }] as never });
    expect(await found()).toEqual([
      `warning: ${READER}: The account has no such role or user. It is a reader of ${NAME}.`,
    ]);
  });

  it('does not look for readers of other accounts, whose roles it cannot see', async () => {
    const elsewhere = 'arn:aws:iam::444455556666:role/ci';
    secrets.on(GetResourcePolicyCommand).resolves({ ResourcePolicy: policyFor(elsewhere) });
    expect(await found(elsewhere)).toEqual([]);
  });

  it('lets the answer of AWS through where it may not look', async () => {
    secrets.on(GetResourcePolicyCommand).rejects(refusal('AccessDeniedException'));
    await expect(found()).rejects.toThrow('AccessDeniedException');
  });
});
