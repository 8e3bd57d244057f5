import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readPlan } from '../../../cli/check-plan/read-plan';

describe('When a plan is read,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string): unknown => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, text);
    return readPlan(file).changes;
  };
  const plan = (more: object): string =>
    JSON.stringify({ format_version: '1.2', planned_values: {}, ...more });

  it('a plan is read for what happens to managed resources', () => {
    const change = { address: 'aws_iam_user.a', mode: 'managed', type: 'aws_iam_user' };
    const read_ = { address: 'data.aws_iam_user.b', mode: 'data', type: 'aws_iam_user' };

    expect(
      read(
        plan({
          resource_changes: [
            {
              ...change,
              change: { actions: ['delete'] },
              action_reason: 'delete_because_no_resource_config',
            },
            { ...read_, change: { actions: ['read'] } },
          ],
        }),
      ),
    ).toEqual([
      {
        ...{ address: 'aws_iam_user.a', type: 'aws_iam_user', actions: ['delete'] },
        reason: 'delete_because_no_resource_config',
      },
    ]);
  });

  it('a plan’s checks are read for each instance of their module, as Terraform 1.11 writes them', () => {
    const check = { kind: 'check', name: 'code_of_retire' };
    const [root, module] = [
      { address: { ...check, to_display: 'check.code_of_retire' }, status: 'pass', instances: [] },
      {
        address: { ...check, module: 'module.user', to_display: 'module.user.check.code_of_retire' },
        status: 'fail',
        instances: [
          {
            address: { module: 'module.user["a"]' },
            status: 'fail',
            problems: [{ message: 'not its code' }],
          },
          { address: { module: 'module.user["b"]' }, status: 'pass' },
        ],
      },
    ];
    const instances = [{ address: { to_display: 'check.code_of_retire' }, status: 'pass' }];
    const file = join(folder, 'checks.json');
    writeFileSync(file, plan({ checks: [{ ...root, instances }, module] }));

    expect(readPlan(file).checks).toEqual([
      { name: 'code_of_retire', module: undefined, status: 'pass' },
      { name: 'code_of_retire', module: 'module.user["a"]', status: 'fail' },
      { name: 'code_of_retire', module: 'module.user["b"]', status: 'pass' },
    ]);
  });

  it('a plan may say that nothing changes', () => {
    expect(read(plan({}))).toEqual([]);
  });

  it.each([
    ['no JSON', 'PK\u0003\u0004', 'is not JSON. Make it with: terraform plan -out=plan'],
    ['a state', JSON.stringify({ version: 4, resources: [] }), 'is not the JSON of a plan'],
    [
      'another version of the format',
      JSON.stringify({ format_version: '2.0', planned_values: {} }),
      'only version 1 of the format is known',
    ],
    [
      'what show prints where the plan is not named',
      JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: {} } }),
      'this is the JSON of a state',
    ],
    [
      'what validate prints',
      JSON.stringify({ format_version: '1.0', valid: true, diagnostics: [] }),
      'or of another command than show',
    ],
    ['a plan that Terraform could not finish', plan({ errored: true }), 'could not finish'],
  ])('a plan is refused where it is %s', (_, text, said) => {
    expect(() => read(text)).toThrow(said);
  });

  it('a plan is refused where there is no file', () => {
    expect(() => readPlan(join(folder, 'nothing.json'))).toThrow('ENOENT');
  });
});
