import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readPlan } from '../../../cli/check-plan/read-plan';

describe('When a plan is read,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string | Buffer): unknown => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, text);
    return readPlan(file).changes;
  };
  const nothing = {
    ...{ format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} } },
    ...{ configuration: { root_module: {} }, applyable: false, complete: true, errored: false },
  };
  const plan = (more: object): string => JSON.stringify({ ...nothing, ...more });
  const deletion = {
    ...{ address: 'aws_iam_user.a', mode: 'managed', type: 'aws_iam_user' },
    change: { actions: ['delete'], before: { name: 'a' }, after: null },
  };

  it('a plan is read for what happens to managed resources', () => {
    const read_ = { address: 'data.aws_iam_user.b', mode: 'data', type: 'aws_iam_user' };

    expect(
      read(
        plan({
          resource_changes: [
            { ...deletion, action_reason: 'delete_because_no_resource_config' },
            { ...read_, change: { actions: ['read'] } },
          ],
        }),
      ),
    ).toEqual([
      {
        ...{ address: 'aws_iam_user.a', type: 'aws_iam_user', actions: ['delete'] },
        reason: 'delete_because_no_resource_config',
        before: { name: 'a' },
      },
    ]);
  });

  it('a plan may say that nothing changes', () => {
    expect(read(plan({}))).toEqual([]);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['UTF-16, as Windows PowerShell writes it', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 of the other byte order', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ])('a plan is read where it is %s', (_, encoded) => {
    const file = join(folder, 'encoded.json');
    writeFileSync(file, encoded(plan({ resource_changes: [deletion] })));

    expect(readPlan(file).changes).toMatchObject([{ address: 'aws_iam_user.a', actions: ['delete'] }]);
  });

  it('a plan is read for what Terraform did not find', () => {
    const file = join(folder, 'drift.json');
    writeFileSync(file, plan({ resource_drift: [deletion] }));

    expect(readPlan(file)).toMatchObject({ changes: [], drift: [{ address: 'aws_iam_user.a' }] });
  });

  it.each(['terraform_version', 'planned_values', 'configuration', 'complete', 'errored'])(
    'a plan is refused where it has no %s, which Terraform always writes',
    (missing) => {
      expect(() => read(plan({ [missing]: undefined }))).toThrow(missing);
    },
  );

  it('a plan is refused where it is too long to be read, with a way to shorten it', () => {
    const file = join(folder, 'long.json');
    writeFileSync(file, '');
    truncateSync(file, 3 * 2 ** 30); // Takes no place on the disk.

    expect(() => readPlan(file)).toThrow('longer than the 512 MiB that can be read at once');
  });

  it.each([
    ['no JSON', 'PK\u0003\u0004', 'is not JSON. Make it with: terraform plan -out=plan'],
    ['a state', JSON.stringify({ version: 4, resources: [] }), 'is not the JSON of a plan'],
    ['neither UTF-8 nor UTF-16', Buffer.from([0x7b, 0xc3, 0x28]), 'is neither UTF-8 nor UTF-16'],
    [
      'another version of the format',
      plan({ format_version: '2.0' }),
      'only version 1 of the format is known',
    ],
    [
      'a plan with a word for an act that is not known',
      plan({ resource_changes: [{ ...deletion, change: { actions: ['destroy'] } }] }),
      'resource_changes[0].change.actions[0]',
    ],
    [
      'a plan that says of a resource nothing at all',
      plan({ resource_changes: [{ ...deletion, change: { actions: [] } }] }),
      'resource_changes[0].change.actions',
    ],
    [
      'a plan of a part of the resources',
      plan({ complete: false, resource_changes: [] }),
      'is of a part of a plan',
    ],
    ['a plan that leaves changes for later', plan({ deferred_changes: [{}] }), 'is of a part of a plan'],
    [
      'a plan that has resources and says nothing of them',
      plan({ planned_values: { root_module: { resources: [{}] } } }),
      'although there are resources',
    ],
    [
      'a text that has a key twice',
      plan({}).replace('{"root', '{"resource_changes":[],"\\u0072esource_changes":[],"root'),
      'has the key "resource_changes" twice in one object',
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
