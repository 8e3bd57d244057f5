import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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

it('the trust policy of docs/pipelines.md names the repository in the form with the ids of owner and repository', () => {
  const trust = BLOCKS.flatMap((block) => (Array.isArray(block) ? [] : block.Statement)).find(
    ({ Action }) => Action === 'sts:AssumeRoleWithWebIdentity',
  )!;
  const subjects = trust.Condition!.StringEquals['token.actions.githubusercontent.com:sub']!;

  // https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
  for (const subject of subjects) expect(subject).toMatch(/^repo:[\w-]+@\d+\/[\w.-]+@\d+:[^*]+$/);
});
