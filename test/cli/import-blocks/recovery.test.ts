import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AwsLookUps } from '../../../cli/import-blocks/aws-look-ups';
import { IMPORT_RULES } from '../../../cli/import-blocks/import-ids';
import { importBlocks, planRecovery, type Recovery } from '../../../cli/import-blocks/recovery';
import { StackFacts } from '../../../cli/import-blocks/stack-facts';
import { readSynthesizedStack, STACK_FILE } from '../../../cli/import-blocks/synthesized-stack';
import type { StackConfiguration } from '../../../modules/config/configuration';
import { aStack, aStackWithEverything, aUser } from '../../modules/support/configurations';
import { synthesize } from '../../modules/support/synthesize';

/** An AWS in which there is everything that one asks for. */
const everythingIsThere: AwsLookUps = {
  secretArn: async (name) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-a1B2c3`,
  queueUrl: async (name) => `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`,
  subscriptionArn: async ({ topicArn, protocol, endpoint }) => `${topicArn}:${protocol}:${endpoint}`,
};

describe('After the loss of a state,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synthesized-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const recoveryOf = (text: string, aws = everythingIsThere): Promise<Recovery> => {
    writeFileSync(join(folder, STACK_FILE), text);
    const stack = readSynthesizedStack(folder);
    return planRecovery(stack, new StackFacts(stack, 'aws', () => aws));
  };
  const ofConfiguration = (configuration: StackConfiguration, aws?: AwsLookUps): Promise<Recovery> =>
    recoveryOf(synthesize(configuration).text, aws);
  const example = aStack(
    [
      aUser('ci-deployer', {
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        readers: ['arn:aws:iam::111122223333:role/ci'],
      }),
      aUser('reports', { overlapSeconds: 0 }),
      aUser('legacy_mailer', { userName: 'legacy.mailer@example' }),
    ],
    { alerts: { ...aStack([]).alerts, emails: ['oncall@example.com'] } },
  );

  it('the way back from a lost state is known for every type of resource that is synthesized, and for no other', () => {
    const stacks = [example, aStackWithEverything(), aStackWithEverything({ functions: 'shared' })];
    const types = stacks
      .flatMap((configuration) => synthesize(configuration).addresses)
      .filter((address) => !address.startsWith('data.'))
      .map((address) => address.split('.')[0]!);

    expect(Object.keys(IMPORT_RULES).sort()).toEqual([...new Set(types)].sort());
  });

  it('the way back from a lost state imports all of a stack but invocations and items, which are made again', async () => {
    const { imports, remade, missing } = await ofConfiguration(example);
    const all = [...imports.map(({ address }) => address.replace(/\[.*$/, '')), ...remade];

    expect(
      remade.filter(
        (address) => !/^(aws_lambda_invocation|aws_dynamodb_table_item|terraform_data)\./.test(address),
      ),
    ).toEqual([]);
    expect(missing).toEqual([]);
    const stack = synthesize(example);
    const instances = stack.addresses.filter((one) => stack.at(one)['for_each'] !== '${toset([])}');
    expect([...new Set(all)].sort()).toEqual(instances);
  });

  it('the way back from a lost state imports everything of a user by these ids', async () => {
    const { imports } = await ofConfiguration(example);
    const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-a1B2c3';
    const ofUser = imports.filter(({ address }) => address.includes('.ci-deployer'));

    expect(Object.fromEntries(ofUser.map(({ address, id }) => [address, id]))).toEqual({
      'aws_cloudwatch_log_group.ci-deployer': '/aws/lambda/iam-key-rotation-ci-deployer',
      'aws_cloudwatch_metric_alarm.ci-deployer_rotation_failed':
        'iam-key-rotation/ci-deployer/rotation-failed',
      'aws_cloudwatch_metric_alarm.ci-deployer_throttled': 'iam-key-rotation/ci-deployer/function-throttled',
      'aws_iam_role.ci-deployer': 'iam-key-rotation-ci-deployer',
      'aws_iam_role_policy.ci-deployer': 'iam-key-rotation-ci-deployer:iam-key-rotation-ci-deployer',
      'aws_iam_user.ci-deployer': 'ci-deployer',
      'aws_iam_user_policy_attachment.ci-deployer["arn:aws:iam::aws:policy/ReadOnlyAccess"]':
        'ci-deployer/arn:aws:iam::aws:policy/ReadOnlyAccess',
      'aws_lambda_function.ci-deployer': 'iam-key-rotation-ci-deployer',
      'aws_lambda_permission.ci-deployer': 'iam-key-rotation-ci-deployer/SecretsManager',
      'aws_secretsmanager_secret.ci-deployer': secret,
      'aws_secretsmanager_secret_policy.ci-deployer': secret,
      'aws_secretsmanager_secret_rotation.ci-deployer': secret,
    });
  });

  it('the way back from a lost state leaves out what is not in AWS, and what cannot be there without it', async () => {
    const withoutReports: AwsLookUps = {
      ...everythingIsThere,
      secretArn: async (name) => (name.endsWith('/reports') ? undefined : everythingIsThere.secretArn(name)),
    };

    const { missing } = await ofConfiguration(example, withoutReports);

    expect(missing).toEqual([
      'aws_secretsmanager_secret.reports',
      'aws_secretsmanager_secret_rotation.reports',
    ]);
  });

  describe('for a resource alone,', () => {
    const stackWith = (resource: object): string =>
      JSON.stringify({
        provider: { aws: [{ region: 'eu-west-1', allowed_account_ids: ['111122223333'] }] },
        resource,
      });
    const idOf = async (type: string, own: object, others: object = {}): Promise<string | undefined> => {
      const { imports } = await recoveryOf(stackWith({ ...others, [type]: { one: own } }));
      return imports.find(({ address }) => address.startsWith(`${type}.one`))?.id;
    };
    const topic = { aws_sns_topic: { alerts: { name: 'alerts' } } };
    const bucket = { aws_s3_bucket: { trail: { bucket: 'the-trail' } } };

    it.each([
      ['aws_cloudwatch_metric_alarm', { alarm_name: 'late' }, {}, 'late'],
      ['aws_cloudwatch_dashboard', { dashboard_name: 'keys' }, {}, 'keys'],
      ['aws_cloudwatch_event_rule', { name: 'rule' }, {}, 'rule'],
      [
        'aws_cloudwatch_event_target',
        { rule: '${aws_cloudwatch_event_rule.created.name}', target_id: 'topic' },
        { aws_cloudwatch_event_rule: { created: { name: 'rule' } } },
        'rule/topic',
      ],
      ['aws_cloudtrail', { name: 'keys' }, {}, 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/keys'],
      ['aws_sns_topic', { name: 'alerts' }, {}, 'arn:aws:sns:eu-west-1:111122223333:alerts'],
      [
        'aws_sns_topic_subscription',
        { topic_arn: '${aws_sns_topic.alerts.arn}', protocol: 'email', endpoint: 'oncall@example.com' },
        topic,
        'arn:aws:sns:eu-west-1:111122223333:alerts:email:oncall@example.com',
      ],
      [
        'aws_iam_user_group_membership',
        { user: '${aws_iam_user.a.name}', groups: ['mailers', 'all'] },
        { aws_iam_user: { a: { name: 'mailer' } } },
        'mailer/mailers/all',
      ],
      [
        'aws_iam_user_policy',
        { for_each: { 'read-x': '{}' }, user: 'mailer', name: '${each.key}', policy: '${each.value}' },
        {},
        'mailer:read-x',
      ],
      ['aws_s3_bucket', { bucket: 'the-trail' }, {}, 'the-trail'],
      ['aws_s3_bucket_versioning', { bucket: '${aws_s3_bucket.trail.id}' }, bucket, 'the-trail'],
      ['aws_s3_bucket_policy', { bucket: '${aws_s3_bucket.trail.bucket}' }, bucket, 'the-trail'],
      ['aws_scheduler_schedule', { name: 'hourly' }, {}, 'default/hourly'],
    ])('the id of a resource %s %j is found', async (type, own, others, id) => {
      expect(await idOf(type, own, others)).toBe(id);
    });

    it('resources are looked for in the region of their own provider', async () => {
      const provider = [
        { region: 'eu-west-1', allowed_account_ids: ['111122223333'] },
        { alias: 'elsewhere', region: 'us-east-1' },
      ];
      const there = { provider: 'aws.elsewhere', name: 'alerts' };
      const resource = { aws_sns_topic: { here: { name: 'alerts' }, there } };

      const { imports } = await recoveryOf(JSON.stringify({ provider: { aws: provider }, resource }));

      expect(imports.map(({ id }) => id)).toEqual([
        'arn:aws:sns:eu-west-1:111122223333:alerts',
        'arn:aws:sns:us-east-1:111122223333:alerts',
      ]);
    });

    it('the way back undoes what Terraform escapes', async () => {
      expect(await idOf('aws_iam_user', { name: 'a$${b}%%{c}' })).toBe('a${b}%{c}');
    });

    it.each([
      ['a type that nobody thought of', 'aws_instance', {}, 'how to import a aws_instance is not known'],
      ['a name that Terraform makes up', 'aws_iam_user', { name_prefix: 'a' }, 'has no `name`'],
      ['a name that is computed', 'aws_iam_user', { name: '${random_id.a.hex}' }, 'cannot be followed here'],
      ['`count`', 'aws_iam_user', { name: 'a', count: 2 }, 'only `for_each` over a set or a map'],
      [
        'an expression in `for_each`',
        'aws_iam_user',
        { for_each: '${var.names}' },
        'only a set or a map of texts',
      ],
    ])('the way back refuses %s', async (_, type, own, said) => {
      await expect(idOf(type, own)).rejects.toThrow(said);
    });

    it('the way back refuses a folder without a stack, and a file that is none', () => {
      expect(() => readSynthesizedStack(join(folder, 'nowhere'))).toThrow('`npx cdktf synth` writes it');
      writeFileSync(join(folder, STACK_FILE), '{}');
      expect(() => readSynthesizedStack(folder)).toThrow('is no stack that iam-key-rotation synthesized');
    });
  });

  it('the way back from a lost state is written as blocks in which nothing is replaced by Terraform', () => {
    const imports = [{ address: 'aws_iam_user.a', id: 'the "a" ${b} %{c}' }];

    expect(importBlocks({ imports, remade: [], missing: [] })).toContain(
      'import {\n  to = aws_iam_user.a\n  id = "the \\"a\\" $${b} %%{c}"\n}\n',
    );
  });
});
