import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultKeyPolicy } from '../support/iam-evaluation/default-key-policy';
import { evaluate } from '../support/iam-evaluation/evaluate';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
}

const DEPLOY = ['deploy-role-policy.json', 'deploy-role-audit-policy.json'];
const PLAN = 'plan-role-policy.json';
const documentOf = (file: string): { readonly Statement: readonly Statement[] } =>
  JSON.parse(readFileSync(join(__dirname, '../../examples/pipelines', file), 'utf8')) as {
    readonly Statement: readonly Statement[];
  };

/** IAM's limit for a managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MANAGED_POLICY_CHARACTERS = 6_144;

describe.each([...DEPLOY, PLAN])('the policy of a pipeline’s role in %s', (file) => {
  const document = documentOf(file);

  it.each(document.Statement.map((statement) => [statement.Sid, statement] as const))(
    'names in %s actions that AWS has, on resources that they have',
    async (_, { Action, Resource, Condition }) => {
      const context = Object.fromEntries(
        Object.entries(Condition?.StringEquals ?? {}).map(([key, values]) => [key, values[0]!]),
      );
      for (const action of Action) {
        // CloudWatch Logs is asked about both forms of a log group's ARN, with and without what follows the name.
        const [first] = [Resource].flat();
        const resource = first === '*' ? '*' : first!.replaceAll('*', 'x');
        const request = { principal: 'arn:aws:iam::111122223333:role/deploy', action, resource, context };
        const policies = {
          identity: [{ name: 'deploy', document }],
          ...(action.startsWith('kms:') ? { resource: defaultKeyPolicy('111122223333') } : {}),
        };
        expect(await evaluate({ ...request, accountId: '111122223333' }, policies)).toBe('Allowed');
      }
    },
  );

  it('fits into one managed policy', () => {
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(MANAGED_POLICY_CHARACTERS);
  });
});

describe('the policy of the role that plans', () => {
  it('is the half of the policies of the role that deploys with which one reads, and nothing else', () => {
    const actionsOf = (file: string): readonly string[] =>
      documentOf(file).Statement.flatMap(({ Action }) => Action);
    const reads = DEPLOY.flatMap(actionsOf).filter((action) => /:(Get|List|Describe)/.test(action));

    expect(actionsOf(PLAN)).toEqual(reads);
    expect(actionsOf(PLAN)).not.toContain('secretsmanager:GetSecretValue');
  });
});
