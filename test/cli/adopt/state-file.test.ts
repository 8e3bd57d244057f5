import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readState } from '../../../cli/adopt/state-file';
import { keyId, secretText } from '../../handlers/support/fixtures';

const [ID, SECRET] = [keyId(), secretText()];

/** As `terraform state pull` prints it. */
const raw = (resources: readonly object[], more: object = {}): object => ({
  ...{ version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'a', outputs: {}, resources },
  ...more,
});
const resource = (
  type: string,
  name: string,
  attributes: object,
  more: object = {},
  instance: object = {},
): object => ({
  ...{ mode: 'managed', type, name, provider: 'provider["registry.terraform.io/hashicorp/aws"]' },
  instances: [{ schema_version: 0, attributes, ...instance }],
  ...more,
});
const key = (more: object = {}, instance: object = {}): object =>
  resource('aws_iam_access_key', 'mailer', { id: ID, user: 'mailer', secret: SECRET }, more, instance);

/** As `terraform show -json` prints it. */
const shownWith = (resource: object): object => ({
  ...{ format_version: '1.0', terraform_version: '1.11.4' },
  values: {
    root_module: {
      resources: [{ ...{ mode: 'managed', type: 'aws_iam_user', name: 'a', values: {} }, ...resource }],
    },
  },
});

describe('a state of another Terraform', () => {
  const folder = mkdtempSync(join(tmpdir(), 'state-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'state.json');
  const read = (content: object | string | Buffer) => {
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(file, isText ? content : JSON.stringify(content));
    return readState(file);
  };

  it('a state is read for users, their keys and what else is theirs', () => {
    const { resources } = read(
      raw([
        resource('aws_iam_user', 'mailer', { name: 'mailer' }),
        key(),
        resource('aws_iam_user_policy_attachment', 'mailer', { user: 'mailer', policy_arn: 'arn:…' }),
        resource('aws_iam_group_membership', 'all', { users: ['mailer', 'other'] }),
        resource('aws_s3_bucket', 'logs', { id: 'logs' }),
        { ...resource('aws_iam_user', 'looked', { name: 'x' }), mode: 'data' },
      ]),
    );

    expect(resources.map(({ address, userNames, keyId: id }) => [address, userNames, id])).toEqual([
      ['aws_iam_user.mailer', ['mailer'], undefined],
      ['aws_iam_access_key.mailer', ['mailer'], ID],
      ['aws_iam_user_policy_attachment.mailer', ['mailer'], undefined],
      ['aws_iam_group_membership.all', ['mailer', 'other'], undefined],
    ]);
  });

  it('a state keeps no secret in what is read of it', () => {
    expect(JSON.stringify(read(raw([key()])))).not.toContain(SECRET);
  });

  it('a state has addresses of modules and of for_each, and the block without their indexes', () => {
    const { resources } = read(raw([key({ module: 'module.mail["a.b"]' }, { index_key: 'x"y' })]));

    expect(resources).toMatchObject([
      {
        address: 'module.mail["a.b"].aws_iam_access_key.mailer["x\\"y"]',
        block: 'module.mail.aws_iam_access_key.mailer',
        inModule: true,
      },
    ]);
  });

  it('a state says what refers to a key', () => {
    const dependent = resource(
      'aws_ssm_parameter',
      'key',
      { id: '/key' },
      {},
      { dependencies: ['aws_iam_access_key.mailer'] },
    );

    expect(read(raw([key(), dependent])).dependents.get('aws_iam_access_key.mailer')).toEqual([
      'aws_ssm_parameter.key',
    ]);
  });

  it('a state is read as terraform show -json prints it, too', () => {
    const shown = {
      ...{ address: 'module.mail.aws_iam_access_key.mailer[0]', mode: 'managed', type: 'aws_iam_access_key' },
      ...{ name: 'mailer', index: 0, values: { id: ID, user: 'mailer', secret: SECRET } },
    };
    const parameter = {
      ...{ address: 'aws_ssm_parameter.key', mode: 'managed', type: 'aws_ssm_parameter', name: 'key' },
      ...{ values: {}, depends_on: ['module.mail.aws_iam_access_key.mailer'] },
    };
    const { resources, dependents } = read({
      format_version: '1.0',
      terraform_version: '1.11.4',
      values: {
        root_module: {
          resources: [parameter],
          child_modules: [{ address: 'module.mail', resources: [shown] }],
        },
      },
    });

    expect(resources).toEqual([
      {
        ...{ address: shown.address, block: 'module.mail.aws_iam_access_key.mailer', inModule: true },
        ...{ type: 'aws_iam_access_key', userNames: ['mailer'], keyId: ID },
      },
    ]);
    expect(dependents.get('module.mail.aws_iam_access_key.mailer')).toEqual(['aws_ssm_parameter.key']);
  });

  it('a state without resources is one, as it is when everything was forgotten', () => {
    expect(read(raw([])).resources).toEqual([]);
  });

  it.each<[string, object | string | Buffer, string]>([
    ['text', `secret = "${SECRET}"`, 'is not JSON'],
    ['cut off in the middle', JSON.stringify(raw([key()])).slice(0, -40), 'is not JSON'],
    ['a list', [], 'is no state of Terraform'],
    ['neither UTF-8 nor UTF-16', Buffer.from([0xc3, 0x28]), 'neither UTF-8 nor UTF-16'],
    ['of Terraform 0.11', { version: 3, modules: [] }, 'a state of version 3, from Terraform 0.11'],
    ['of a version yet to come', raw([], { version: 5 }), 'a state of version 5, which is not known here'],
    ['encrypted', { meta: {}, encrypted_data: 'AAAA', encryption_version: 'v0' }, 'is encrypted'],
    ['a plan', { format_version: '1.2', planned_values: {} }, 'is a plan'],
    ['of an empty folder', { format_version: '1.0' }, 'a state without resources'],
    ['some other JSON', { hello: 1 }, 'no state that Terraform writes: version (invalid_value)'],
    [
      'without a lineage',
      { version: 4, terraform_version: '1.11.4', resources: [] },
      'lineage (invalid_type)',
    ],
    [
      'silent about whose key it is',
      raw([resource('aws_iam_access_key', 'a', { id: ID, secret: SECRET })]),
      'does not say whose aws_iam_access_key.a is',
    ],
    [
      'silent about which key it is',
      raw([resource('aws_iam_access_key', 'a', { user: 'mailer', secret: SECRET })]),
      'does not say whose',
    ],
    ['with a name of two lines', raw([key({ name: `a\n${SECRET}` })]), 'resources.0.name (invalid_format)'],
    ['with a type that has quotes', raw([key({ type: `a"${SECRET}` })]), 'resources.0.type (invalid_format)'],
    [
      'with a module that is no address',
      raw([key({ module: `module.a["x"]\n${SECRET}` })]),
      'resources.0.module (invalid_format)',
    ],
    [
      'with an index that has a line break',
      raw([key({ module: `module.a["x\n${SECRET}"]` })]),
      'resources.0.module (invalid_format)',
    ],
    [
      'with an address that has a command in it, as terraform show -json has them',
      shownWith({ address: `aws_iam_user.a'; echo ${SECRET}` }),
      'resources.0.address (invalid_format)',
    ],
    [
      'with modules within modules without end',
      `{"format_version":"1.0","terraform_version":"1","values":{"root_module":${'{"child_modules":['.repeat(20_000)}{}${']}'.repeat(20_000)}}}`,
      'has modules within modules, too many to be read',
    ],
    [
      'of a type that is none',
      raw([resource('aws_iam_user', 'a', { name: { secret: SECRET } })]),
      'does not say whose',
    ],
  ])('a file that is %s is refused, and no error quotes it', (_, content, message) => {
    let error: unknown;
    try {
      read(content);
    } catch (caught) {
      error = caught;
    }

    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain(SECRET);
    expect((error as Error).cause === undefined || !String((error as Error).cause).includes(SECRET)).toBe(
      true,
    );
  });

  it('a folder, a file that is not there and one that is too long are refused, with what to do', () => {
    expect(() => readState(folder)).toThrow(/EISDIR.*terraform state pull/);
    expect(() => readState(join(folder, 'missing'))).toThrow(/ENOENT.*terraform state pull/);
    writeFileSync(file, '');
    truncateSync(file, 600 * 1024 * 1024);
    expect(() => readState(file)).toThrow(/longer than the 512 MiB.*jq/);
  });
});
