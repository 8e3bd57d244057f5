import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { aStackWithEverything } from '../modules/support/configurations';
import { synthesize } from '../modules/support/synthesize';
import { type Decision, evaluate, type Policy } from '../support/iam-evaluation/evaluate';

const ACCOUNT = '111122223333';
const policy = (name: string): Policy => ({
  name,
  document: JSON.parse(readFileSync(join(__dirname, '../../examples/pipelines', `${name}.json`), 'utf8')),
});
const DEPLOY = [policy('deploy-role-policy'), policy('deploy-role-audit-policy')];
const BOUNDED = [...DEPLOY, policy('deploy-role-bounds-policy')];
const BOUNDARY = policy('boundary-of-functions');

const boundary = (name: string): string => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
const role = `arn:aws:iam::${ACCOUNT}:role/iam-key-rotation-office`;
const user = `arn:aws:iam::${ACCOUNT}:user/service/ci-deployer`;
const person = `arn:aws:iam::${ACCOUNT}:user/admin`;

interface PolicyOfRole {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

const may = (
  policies: readonly Policy[],
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Decision> =>
  evaluate(
    { principal: `arn:aws:iam::${ACCOUNT}:role/deploy`, accountId: ACCOUNT, action, resource, context },
    { identity: policies },
  );

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Calls by which a principal gets rights that it or somebody else does not have. */
const GIVING_RIGHTS = [
  ['iam:AttachUserPolicy', user, 'users'],
  ['iam:CreateRole', role, 'functions'],
  ['iam:CreateUser', user, 'users'],
  ['iam:PutRolePermissionsBoundary', role, 'functions'],
  ['iam:PutRolePolicy', role, 'functions'],
  ['iam:PutUserPermissionsBoundary', user, 'users'],
  ['iam:PutUserPolicy', user, 'users'],
] as const;

describe('the bounds of the role that deploys', () => {
  it.each(GIVING_RIGHTS)('let it call %s within the boundary alone', async (action, resource, own) => {
    const within = { 'iam:PermissionsBoundary': boundary(own) };
    const another = { 'iam:PermissionsBoundary': boundary(own === 'users' ? 'functions' : 'users') };

    expect(await may(BOUNDED, action, resource, within)).toBe('Allowed');
    expect(await may(BOUNDED, action, resource, another)).toBe('ExplicitlyDenied');
    expect(await may(BOUNDED, action, resource)).toBe('ExplicitlyDenied');
    // Without the bounds it may: this is what they are for.
    expect(await may(DEPLOY, action, resource)).toBe('Allowed');
  });

  it.each([
    ['iam:DeleteRolePermissionsBoundary', role],
    ['iam:DeleteUserPermissionsBoundary', user],
    ['iam:CreatePolicyVersion', boundary('functions')],
    ['iam:SetDefaultPolicyVersion', boundary('users')],
    ['iam:DeletePolicy', boundary('users')],
  ])('never let it call %s, which takes a boundary away', async (action, resource) => {
    expect(await may(BOUNDED, action, resource)).toBe('ExplicitlyDenied');
  });

  it.each([
    'iam:DeactivateMFADevice',
    'iam:DeleteAccessKey',
    'iam:DeleteLoginProfile',
    'iam:DeleteUser',
    // Policies may ask for a tag of whoever calls.
    'iam:TagUser',
    'iam:UntagUser',
  ])('let it call %s on the users under the path alone', async (action) => {
    expect(await may(BOUNDED, action, user)).toBe('Allowed');
    expect(await may(BOUNDED, action, person)).toBe('ExplicitlyDenied');
    expect(await may(DEPLOY, action, person)).toBe('Allowed');
  });

  it('let it put users into the groups under the path alone', async () => {
    const group = (name: string): string => `arn:aws:iam::${ACCOUNT}:group/${name}`;

    expect(await may(BOUNDED, 'iam:AddUserToGroup', group('service/mailers'))).toBe('Allowed');
    expect(await may(BOUNDED, 'iam:AddUserToGroup', group('admins'))).toBe('ExplicitlyDenied');
    // Without the bounds it may: this is what they are for.
    expect(await may(DEPLOY, 'iam:AddUserToGroup', group('admins'))).toBe('Allowed');
  });

  it('let it write no policy that makes a secret public', async () => {
    const secret = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:iam-key-rotation/ci-deployer-a1B2c3`;
    const put = (blocks: Readonly<Record<string, string>>): Promise<Decision> =>
      may(BOUNDED, 'secretsmanager:PutResourcePolicy', secret, blocks);

    expect(await put({ 'secretsmanager:BlockPublicPolicy': 'true' })).toBe('Allowed');
    expect(await put({ 'secretsmanager:BlockPublicPolicy': 'false' })).toBe('ExplicitlyDenied');
    expect(await put({})).toBe('ExplicitlyDenied');
  });

  /** Every other call of IAM and STS with which rights are known to be won, none of which the policies allow. */
  it.each([
    ['iam:AddUserToGroup', `arn:aws:iam::${ACCOUNT}:group/admins`],
    ['iam:AttachGroupPolicy', `arn:aws:iam::${ACCOUNT}:group/admins`],
    ['iam:AttachRolePolicy', role],
    ['iam:CreateAccessKey', user],
    ['iam:CreateLoginProfile', user],
    ['iam:CreatePolicy', boundary('mine')],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
    ['iam:PutGroupPolicy', `arn:aws:iam::${ACCOUNT}:group/admins`],
    ['iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/deploy`],
    ['iam:UpdateAccessKey', person],
    ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`],
    ['iam:UpdateLoginProfile', user],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
  ])('leave no other way to more rights: %s', async (action, resource) => {
    const everywhere = { 'iam:PermissionsBoundary': boundary('functions') };

    expect(await may(BOUNDED, action, resource, everywhere)).not.toBe('Allowed');
  });
});

describe('the boundary for the roles of the functions', () => {
  const asAnyRole = (action: string, resource: string): Promise<Decision> =>
    evaluate(
      { principal: role, accountId: ACCOUNT, action, resource, context: {} },
      {
        identity: [{ name: 'all', document: EVERYTHING }],
        boundary: BOUNDARY,
      },
    );

  it.each([
    ['iam:CreateUser', user],
    ['iam:AttachUserPolicy', user],
    ['iam:CreateAccessKey', person],
    ['iam:PutRolePolicy', role],
    ['iam:DeleteRolePermissionsBoundary', role],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:another-a1B2c3`],
    ['s3:GetObject', 'arn:aws:s3:::records/1'],
  ])('refuses %s to a role that is given every right', async (action, resource) => {
    expect(await asAnyRole(action, resource)).toBe('ImplicitlyDenied');
  });

  it('admits the actions of all roles that a stack makes, and no others', () => {
    const { Statement } = BOUNDARY.document as PolicyOfRole;

    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual(actionsOfRoles());
  });
});

const COPY = {
  region: 'us-east-1',
  kmsKeyArn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
};

const RESTART = {
  kind: 'restart',
  ecsService: `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/payments/api`,
} as const;

/** The actions in the policies of all roles of a stack that asks for everything. */
function actionsOfRoles(): readonly string[] {
  const everything = aStackWithEverything();
  const users = everything.users.map((user) => ({
    ...user,
    replicas: [COPY],
    deliver: [...user.deliver, RESTART],
  }));
  const stack = synthesize({ ...everything, users, onLeak: 'replace' });
  const statements = stack.addresses
    .filter((address) => address.startsWith('aws_iam_role_policy.'))
    .flatMap((address) => (stack.json(address, 'policy') as PolicyOfRole).Statement);
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
