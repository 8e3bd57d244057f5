import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Expected, expectedOfStates } from '../../../cli/doctor/expected';
import { folderOf } from '../../../cli/doctor/remedies';

/** Of the text `zip`, as Terraform's configuration has it, and as Lambda gives it. */
const HEX = '4a70fe9aa6436e02c2dea340fbd1e352e4ef2d8ce6ca52ad25d4b95471fc8bf2';
const HASH = 'SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=';

interface Where {
  readonly prefix?: string;
  readonly region?: string;
  readonly accountId?: string;
}

const arn = (
  service: string,
  rest: string,
  { region = 'eu-west-1', accountId = '111122223333' }: Where = {},
) => `arn:aws:${service}:${region}:${accountId}:${rest}`;

const resource = (type: string, name: string, values: object, more: object = {}) => ({
  ...{ mode: 'managed', type, name, address: `${type}.${name}`, values },
  ...more,
});

/** What the module `base` makes, or a part of it. */
const base = (where: Where = {}) => {
  const { prefix = 'keys' } = where;
  const topic = { name: `${prefix}-alerts`, arn: arn('sns', `${prefix}-alerts`, where) };
  return [
    resource('aws_dynamodb_table', 'journal', {
      ...{ name: prefix, hash_key: 'pk', arn: arn('dynamodb', `table/${prefix}`, where) },
    }),
    resource('aws_sns_topic', 'alerts', topic),
    resource('aws_sns_topic_policy', 'alerts', { arn: topic.arn, policy: '{}' }),
    resource('aws_lambda_function', 'retire', {
      ...{ function_name: `${prefix}-retire`, arn: arn('lambda', `function:${prefix}-retire`, where) },
      source_code_hash: HEX,
    }),
    resource('aws_cloudwatch_event_rule', 'iam', {
      ...{
        name: `${prefix}-iam`,
        arn: arn('events', `rule/${prefix}-iam`, { ...where, region: 'us-east-1' }),
      },
    }),
  ];
};

/** What the module `rotated-user` makes, or a part of it. */
const user = (name: string, where: Where = {}) => {
  const { prefix = 'keys' } = where;
  const secretArn = arn('secretsmanager', `secret:${prefix}/${name}-AbCdEf`, where);
  const settings = {
    stableKey: { S: name },
    userName: { S: `${name}@example` },
    secretArn: { S: secretArn },
  };
  return [
    resource('aws_secretsmanager_secret', 'user', { name: `${prefix}/${name}`, arn: secretArn }),
    resource('aws_dynamodb_table_item', 'user', { table_name: prefix, item: JSON.stringify(settings) }),
    resource('aws_iam_user', 'user', {
      name: `${name}@example`,
      arn: `arn:aws:iam::111122223333:user/${name}`,
    }),
  ];
};

type Resources = readonly ReturnType<typeof resource>[];

/** As `terraform show -json` prints it, with the modules below the root. */
const shown = (modules: Readonly<Record<string, Resources>>, root: Resources = []) => ({
  ...{ format_version: '1.0', terraform_version: '1.11.4' },
  values: {
    root_module: {
      resources: root,
      child_modules: Object.entries(modules).map(([address, resources]) => ({
        address,
        resources: resources.map((one) => ({ ...one, address: `${address}.${one.address}` })),
      })),
    },
  },
});

describe('a stack by its state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'applied-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(states: object | string | readonly object[], wanted: Where = {}): Expected {
    const files = [states].flat().map((state, at) => {
      const file = join(folder, `state-${at}.json`);
      writeFileSync(file, typeof state === 'string' ? state : JSON.stringify(state));
      return file;
    });
    return expectedOfStates(files, wanted);
  }
  const names = (expected: Expected): readonly string[] => expected.users.map(({ stableKey }) => stableKey);

  it('a stack by its state has account, region and prefix of its table, and the users with their names', () => {
    const expected = read(shown({ 'module.base': base(), 'module.user["ci"]': user('ci') }));

    expect(expected).toMatchObject({ accountId: '111122223333', region: 'eu-west-1', prefix: 'keys' });
    expect(expected.users).toEqual([{ stableKey: 'ci', userName: 'ci@example', secretName: 'keys/ci' }]);
    expect(folderOf(expected)).toBe('the folder of the configuration whose state this is');
  });

  it('a stack by its state has what an ARN leads to, and the region of what is in another one', () => {
    const expected = read(shown({ 'module.base': base(), 'module.ci': user('ci') }));

    expect(expected.nameAt(arn('sns', 'keys-alerts'))).toBe('keys-alerts');
    expect(expected.nameAt(arn('sns', 'oncall'))).toBe(arn('sns', 'oncall'));
    expect(expected.makes('arn:aws:iam::111122223333:user/ci')).toBe(true);
    expect(expected.makes('arn:aws:iam::111122223333:user/other')).toBe(false);
    expect(expected.of('aws_cloudwatch_event_rule').map(({ region }) => region)).toEqual(['us-east-1']);
    expect(expected.of('aws_iam_user').map(({ region }) => region)).toEqual(['eu-west-1']);
  });

  it('a stack by its state has the code that its modules gave to the functions, where the state says it', () => {
    const [retire] = read(shown({ 'module.base': base() })).of('aws_lambda_function');
    expect(read(shown({ 'module.base': base() })).codeHash(retire!)).toBe(HASH);

    const silent = { ...retire!, arguments: { ...retire!.arguments, source_code_hash: null } };
    expect(read(shown({ 'module.base': base() })).codeHash(silent)).toBeUndefined();
  });

  it('a stack by its state is all of the configuration itself, where that makes it', () => {
    const expected = read(shown({}, [...base(), ...user('ci')]));

    expect(names(expected)).toEqual(['ci']);
    expect(expected.of('aws_sns_topic')).toHaveLength(1);
  });

  it('a stack by its state is nothing of what others keep beside the modules, in another account or in other tables', () => {
    const foreign = [
      resource('aws_lambda_function', 'web', { function_name: 'web' }),
      resource('aws_dynamodb_table', 'journal', {
        name: 'orders',
        hash_key: 'order',
        arn: arn('dynamodb', 'x'),
      }),
      resource('aws_dynamodb_table_item', 'order', { table_name: 'orders', item: '{"pk":{"S":"a"}}' }),
    ];
    const otherAccount = { accountId: '444455556666' };
    const expected = read(
      shown({ 'module.base': base(), 'module.a': user('a'), 'module.b': user('b', otherAccount) }, foreign),
    );

    expect(names(expected)).toEqual(['a']);
    expect(expected.named('aws_lambda_function').map(({ name }) => name)).toEqual(['keys-retire']);
    expect(names(read(shown({}, [...foreign, ...base(), ...user('ci')])))).toEqual(['ci']);
  });

  it('a stack by its state is without what Terraform has replaced, and has still to destroy', () => {
    const [old] = user('ci').filter(({ type }) => type === 'aws_dynamodb_table_item');
    const deposed = { ...old!, deposed_key: '12ab34cd' };

    expect(names(read(shown({}, [...base(), deposed])))).toEqual([]);
  });

  it('a stack by its states is put together of all of them', () => {
    const expected = read([
      shown({ 'module.base': base() }),
      shown({ 'module.user': user('a') }),
      shown({ 'module.user': user('b') }),
    ]);

    expect(names(expected)).toEqual(['a', 'b']);
  });

  it('a stack by its state is one of several, by its prefix and its region', () => {
    const virginia = { region: 'us-east-1' };
    const several = shown({
      'module.base': base(),
      'module.other': base({ prefix: 'others' }),
      'module.virginia': base(virginia),
      'module.ci': user('ci'),
      'module.mailer': user('mailer', virginia),
    });

    expect(() => read(several)).toThrow(
      /several stacks: keys \(eu-west-1, .*others \(eu-west-1, .*keys \(us-east-1,.*--prefix/,
    );
    expect(() => read(several, { prefix: 'keys' })).toThrow('several stacks');
    expect(() => read(several, { prefix: 'no-such' })).toThrow(/There are: keys \(eu-west-1/);
    expect(names(read(several, { prefix: 'others' }))).toEqual([]);
    expect(names(read(several, { prefix: 'keys', region: 'us-east-1' }))).toEqual(['mailer']);
    expect(names(read(several, { prefix: 'keys', region: 'eu-west-1' }))).toEqual(['ci']);
  });

  it.each<[string, object | string, string]>([
    ['no JSON', 'module.base: …', 'is not JSON'],
    ['a plan', { format_version: '1.2', planned_values: {}, resource_changes: [] }, 'is a plan'],
    ['empty', { format_version: '1.0', terraform_version: '1.11.4' }, 'is a state without resources'],
    ['of another project', shown({ 'module.web': [] }), 'holds no stack of this product'],
    [
      'the users without their base',
      shown({ 'module.ci': user('ci') }),
      'holds users of the stack keys, and not its table: the module base is in another state',
    ],
  ])('a state that is %s is refused, with what to do', (_, state, message) => {
    expect(() => read(state)).toThrow(message);
    expect(() => read(state)).toThrow(/terraform show -json \||one more --state/);
  });
});
