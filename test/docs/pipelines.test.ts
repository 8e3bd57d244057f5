import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { evaluate, type Policy } from '../support/iam-evaluation/evaluate';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
}

const PROJECT = join(__dirname, '../..');
const PAGE = readFileSync(join(PROJECT, 'docs/pipelines.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^ *```json\n(?<text>[\s\S]*?)^ *```$/gm)].map(
  ({ groups }) => JSON.parse(groups!['text']!) as { readonly Statement: Statement[] } | Statement[],
);
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';
const ROLE = 'arn:aws:iam::111122223333:role/iam-key-rotation-somebody';

/** The policy of the role that deploys, with the statement `Roles` replaced as the page says. */
function boundedPolicy(): Policy {
  const replacement = BLOCKS.find((block): block is Statement[] => Array.isArray(block))!;
  const document = JSON.parse(
    readFileSync(join(PROJECT, 'examples/pipelines/deploy-role-policy.json'), 'utf8'),
  ) as { Statement: Statement[] };
  const others = document.Statement.filter(({ Sid }) => Sid !== 'Roles');
  expect(others).toHaveLength(document.Statement.length - 1);
  return { name: 'deploy', document: { ...document, Statement: [...others, ...replacement] } };
}

const decide = (action: string, boundary?: string): Promise<string> =>
  evaluate(
    {
      principal: 'arn:aws:iam::111122223333:role/deploy',
      accountId: '111122223333',
      action,
      resource: ROLE,
      context: boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary },
    },
    { identity: [boundedPolicy()] },
  );

describe('the advice of docs/pipelines.md on permissions boundaries', () => {
  it.each(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'])(
    'lets the deploy role call %s where the boundary is the one that was set',
    async (action) => {
      expect(await decide(action, BOUNDARY)).toBe('Allowed');
    },
  );

  it.each([
    ['iam:CreateRole', undefined],
    ['iam:PutRolePolicy', undefined],
    ['iam:PutRolePolicy', 'arn:aws:iam::111122223333:policy/wider'],
    ['iam:PutRolePermissionsBoundary', 'arn:aws:iam::111122223333:policy/wider'],
    ['iam:DeleteRolePermissionsBoundary', BOUNDARY],
    ['iam:AttachRolePolicy', BOUNDARY],
  ])(
    'refuses %s with the boundary %s, so that no role of the stack gets out of it',
    async (action, boundary) => {
      expect(await decide(action, boundary)).toBe('ImplicitlyDenied');
    },
  );

  it('takes away nothing else that the policy of the role allows on roles', () => {
    const document = JSON.parse(
      readFileSync(join(PROJECT, 'examples/pipelines/deploy-role-policy.json'), 'utf8'),
    ) as { Statement: Statement[] };
    const actionsOf = (statements: readonly Statement[]): string[] =>
      statements.flatMap(({ Action }) => Action).sort();
    const replacement = BLOCKS.find((block): block is Statement[] => Array.isArray(block))!;

    expect(actionsOf(replacement)).toEqual(
      actionsOf(document.Statement.filter(({ Sid }) => Sid === 'Roles')).filter(
        (action) => action !== 'iam:DeleteRolePermissionsBoundary',
      ),
    );
  });
});

describe('the trust policy of docs/pipelines.md', () => {
  it('names the repository in the form with the ids of owner and repository', () => {
    const trust = BLOCKS.flatMap((block) => (Array.isArray(block) ? [] : block.Statement)).find(
      ({ Action }) => Action === 'sts:AssumeRoleWithWebIdentity',
    )!;
    const subjects = trust.Condition!.StringEquals['token.actions.githubusercontent.com:sub']!;

    // https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
    for (const subject of subjects) expect(subject).toMatch(/^repo:[\w-]+@\d+\/[\w.-]+@\d+:[^*]+$/);
  });
});
