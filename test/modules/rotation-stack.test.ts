import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy';
import { App, Testing } from 'cdktf';

import type { UserConfiguration } from '../../modules/config/configuration';
import { RotationStack } from '../../modules/rotation-stack';
import { aStack, aStackWithEverything, aUser } from './support/configurations';
import { synthesize } from './support/synthesize';

describe('a stack', () => {
  it('is kept to its account and region, with the role that Terraform is to assume', () => {
    expect(synthesize(aStackWithEverything()).provider).toMatchObject({
      region: 'eu-west-1',
      allowed_account_ids: ['111122223333'],
      assume_role: [{ role_arn: 'arn:aws:iam::111122223333:role/terraform' }],
    });
  });

  it('says its external id and calls its session, where the deploy role wants that', () => {
    const own = { deployRoleExternalId: 'platform', deployRoleSessionName: 'rotation' };

    expect(synthesize(aStackWithEverything(own)).provider['assume_role']).toEqual([
      {
        role_arn: 'arn:aws:iam::111122223333:role/terraform',
        external_id: 'platform',
        session_name: 'rotation',
      },
    ]);
  });

  it('takes over nothing of another set with its prefix, since everything waits for the table', () => {
    const stack = synthesize(aStackWithEverything());
    const upserted =
      /^aws_(cloudwatch_metric_alarm|cloudwatch_event_rule|sns_topic|sqs_queue|scheduler_schedule)\./;
    const unguarded = stack.addresses
      .filter((address) => upserted.test(address))
      .filter((address) => {
        const { depends_on: waitsFor = [] } = stack.at(address) as { depends_on?: readonly string[] };
        return !waitsFor.includes('aws_dynamodb_table.journal');
      });

    expect(unguarded).toEqual([]);
  });

  it('runs with the provider from 5.100 to 6.x unless a version is wanted', () => {
    const terraformOf = (providerVersion?: string): unknown =>
      JSON.parse(
        Testing.synth(new RotationStack(Testing.app(), { configuration: aStack([]), providerVersion })),
      ).terraform.required_providers.aws;

    expect(terraformOf()).toEqual({ source: 'aws', version: '>= 5.100.0, < 7.0.0' });
    expect(terraformOf('6.25.0')).toEqual({ source: 'aws', version: '6.25.0' });
  });

  it('tags everything through the provider, and what belongs to a user with the rest', () => {
    const stack = synthesize(aStackWithEverything());

    expect(stack.provider).toMatchObject({
      default_tags: [{ tags: { team: 'platform', 'iam-key-rotation:stack': 'production' } }],
      ignore_tags: [{ key_prefixes: ['AKIA'] }],
    });
    for (const type of ['aws_iam_user', 'aws_secretsmanager_secret', 'aws_lambda_function', 'aws_iam_role']) {
      expect(stack.at(`${type}.ci-deployer`)['tags']).toEqual({
        cost: '42',
        'iam-key-rotation:user': 'ci-deployer',
        'iam-key-rotation:owner': 'platform-team',
      });
    }
  });

  it('tells after an apply what a person wants to know', () => {
    expect(synthesize(aStack([aUser('a'), aUser('b')])).outputs).toEqual({
      secret_arns: { a: '${aws_secretsmanager_secret.a.arn}', b: '${aws_secretsmanager_secret.b.arn}' },
      function_names: { a: 'iam-key-rotation-a', b: 'iam-key-rotation-b' },
      table_name: '${aws_dynamodb_table.journal.name}',
      retirement_function_name: 'iam-key-rotation-retire',
      retirement_failures_url: '${aws_sqs_queue.retire-failed.url}',
      alerts_topic_arn: '${aws_sns_topic.alerts.arn}',
      audit: { trail: expect.stringMatching(/^none/) },
    });
  });

  it('takes stable keys that are words of its own', () => {
    const keys = [
      'Journal',
      'Users',
      'SharedRotation',
      'Aws',
      'backend',
      'secret_arns',
      'Retirement',
      'rotate-access-key',
      'retire-access-keys',
      '_x',
    ];

    expect(() => synthesize(aStack(keys.map((key) => aUser(key))))).not.toThrow();
  });

  it('refuses what would merge in silence', () => {
    expect(() => synthesize(aStack([aUser('a'), aUser('a')]))).toThrow('a');
  });

  it('shows a person’s `${` as it was written', () => {
    const stack = synthesize(aStack([aUser('a', { owner: '${path.module}', tags: { note: '%{if}' } })]));

    expect(stack.at('aws_iam_user.a')['tags']).toMatchObject({
      'iam-key-rotation:owner': '$${path.module}',
      note: '%%{if}',
    });
    expect(stack.json('aws_dynamodb_table_item.a', 'item')).toMatchObject({
      owner: { S: '$${path.module}' },
    });
  });

  it('tells the owner of its customer key what that has to allow to the readers of which secret', () => {
    const readers = ['arn:aws:iam::444455556666:root'];
    const stack = synthesize(
      aStack([aUser('a', { readers, replicas: [{ region: 'eu-central-1', kmsKeyArn: 'x' }] }), aUser('b')], {
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1',
      }),
    );

    expect(JSON.parse(stack.outputs['kms_key_policy_statements'] as string)).toEqual([
      {
        Sid: 'ReaderAccountsa',
        Effect: 'Allow',
        Principal: { AWS: readers },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:ViaService': [
              'secretsmanager.eu-west-1.amazonaws.com',
              'secretsmanager.eu-central-1.amazonaws.com',
            ],
          },
          StringLike: {
            'kms:EncryptionContext:SecretARN': [
              'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/a-??????',
              'arn:aws:secretsmanager:eu-central-1:111122223333:secret:iam-key-rotation/a-??????',
            ],
          },
        },
      },
    ]);
  });

  it.each(['per-user', 'shared'] as const)(
    'that is a shard reaches the secrets of no other (%s)',
    (functions) => {
      const stack = synthesize(
        aStack([aUser('a')], {
          functions,
          name: 'production-two',
          prefix: 'iam-key-rotation-two',
          sharded: true,
        }),
      );
      const ofTheShard = { StringEquals: { 'aws:ResourceTag/iam-key-rotation:stack': 'production-two' } };
      const secretsOf = (address: string): unknown =>
        (stack.json(address, 'policy') as { Statement: { Sid: string }[] }).Statement.find(({ Sid }) =>
          Sid.startsWith('Secret'),
        );

      expect(stack.at('aws_secretsmanager_secret.a')['name']).toBe('iam-key-rotation/a');
      expect(secretsOf('aws_iam_role_policy.retire')).toMatchObject({ Condition: ofTheShard });
      expect(
        functions === 'shared' ? secretsOf('aws_iam_role_policy.rotate') : { Condition: ofTheShard },
      ).toMatchObject({ Condition: ofTheShard });
      expect(
        stack.at(`aws_lambda_function.${functions === 'shared' ? 'rotate' : 'a'}`)['environment'],
      ).toMatchObject({
        variables: { STACK: 'iam-key-rotation-two', SECRET_NAME_PREFIX: 'iam-key-rotation' },
      });
    },
  );

  it('is validated by CDKTF as part of an app', () => {
    const app = new App({ outdir: Testing.app().outdir });
    new RotationStack(app, { configuration: aStackWithEverything() });
    new RotationStack(app, { configuration: aStackWithEverything({ name: 'pooled', functions: 'shared' }) });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('the journal table', () => {
  it('costs what is used, can be restored, is encrypted and cannot be deleted by accident', () => {
    expect(synthesize(aStack([])).text).toHaveResourceWithProperties(DynamodbTable, {
      name: 'iam-key-rotation',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'pk',
      attribute: [{ name: 'pk', type: 'S' }],
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      deletion_protection_enabled: true,
    });
  });

  it('can be deleted with a stack that is not protected', () => {
    expect(synthesize(aStack([], { protection: false })).text).toHaveResourceWithProperties(DynamodbTable, {
      deletion_protection_enabled: false,
    });
  });
});

describe('a rotated user', () => {
  const withUser = (own: Partial<UserConfiguration> = {}) => synthesize(aStack([aUser('a', own)]));

  it('is made with its path and boundary, and can be deleted although its keys are not Terraform’s', () => {
    const own = { userName: 'a@b', path: '/service/', permissionsBoundaryArn: 'arn:aws:iam::1:policy/b' };

    expect(withUser(own).text).toHaveResourceWithProperties(IamUser, {
      name: 'a@b',
      path: '/service/',
      permissions_boundary: 'arn:aws:iam::1:policy/b',
      force_destroy: true,
    });
  });

  it('that is there already is only looked up', () => {
    const stack = withUser({ existing: true, userName: 'legacy' });

    expect(stack.text).toHaveDataSourceWithProperties(DataAwsIamUser, { user_name: 'legacy' });
    expect(stack.text).not.toHaveResource(IamUser);
    expect(stack.addresses).not.toContain('aws_iam_user_policy_attachment.a');
    expect(JSON.stringify(stack.json('aws_iam_role_policy.a', 'policy'))).toContain(
      '${data.aws_iam_user.a.arn}',
    );
  });

  it('that is there already is imported if so wanted, and then is as one that was made here', () => {
    const made = withUser({ userName: 'legacy' });
    const imported = withUser({ userName: 'legacy', import: true });

    expect(JSON.parse(imported.text)).toEqual({
      ...JSON.parse(made.text),
      import: [{ to: 'aws_iam_user.a', id: 'legacy' }],
    });
  });

  it('that is only looked up stays in the account when it leaves the state', () => {
    const removed = JSON.parse(withUser({ existing: true }).text).removed;

    expect(removed).toEqual([
      { from: 'aws_iam_user.a', lifecycle: { destroy: false } },
      { from: 'aws_iam_user_policy_attachment.a', lifecycle: { destroy: false } },
    ]);
    expect(JSON.parse(withUser().text).removed).toBeUndefined();
  });

  it('has a secret with copies in other regions, each with its own key', () => {
    const replicas = [
      { region: 'eu-central-1', kmsKeyArn: 'arn:aws:kms:eu-central-1:1:key/1' },
      { region: 'us-east-1' },
    ];

    expect(withUser({ replicas }).at('aws_secretsmanager_secret.a')['replica']).toEqual([
      { region: 'eu-central-1', kms_key_id: 'arn:aws:kms:eu-central-1:1:key/1' },
      { region: 'us-east-1', kms_key_id: 'alias/aws/secretsmanager' },
    ]);
    expect(withUser().at('aws_secretsmanager_secret.a')).not.toHaveProperty('replica');
  });

  it.each([
    ['per-user', 'a', 'iam-key-rotation/a-??????'],
    ['shared', 'rotate', 'iam-key-rotation/*-??????'],
  ] as const)('has a function that may encrypt the copies (%s)', (functions, name, secret) => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    const replicas = [{ region: 'eu-central-1', kmsKeyArn }, { region: 'us-east-1' }];
    const policyOf = (own: Partial<UserConfiguration>): { Statement: { Sid: string }[] } =>
      synthesize(aStack([aUser('a', own)], { functions })).json(`aws_iam_role_policy.${name}`, 'policy') as {
        Statement: { Sid: string }[];
      };

    expect(policyOf({ replicas }).Statement.find(({ Sid }) => Sid === 'EncryptCopies')).toEqual({
      Sid: 'EncryptCopies',
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: [kmsKeyArn],
      Condition: {
        StringEquals: {
          'kms:ViaService': [
            'secretsmanager.eu-west-1.amazonaws.com',
            'secretsmanager.eu-central-1.amazonaws.com',
          ],
        },
        StringLike: {
          'kms:EncryptionContext:SecretARN': [
            `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${secret}`,
          ],
        },
      },
    });
    const withoutCustomerKey = policyOf({ replicas: [{ region: 'us-east-1' }] });
    expect(withoutCustomerKey.Statement.map(({ Sid }) => Sid)).not.toContain('EncryptCopies');
  });

  it('has its policies attached one by one, each at an address of its own', () => {
    const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::1:policy/own'];

    expect(withUser({ policyArns }).at('aws_iam_user_policy_attachment.a')).toMatchObject({
      for_each: '${toset(["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::1:policy/own"])}',
      policy_arn: '${each.value}',
      user: '${aws_iam_user.a.name}',
    });
  });

  it('R7: has no access key and no value of a secret in Terraform', () => {
    for (const functions of ['per-user', 'shared'] as const) {
      const { addresses } = synthesize(aStackWithEverything({ functions }));
      expect(addresses.filter((address) => /iam_access_key|secret_version/.test(address))).toEqual([]);
    }
  });

  it('has a secret that starts empty and can be restored', () => {
    expect(withUser().at('aws_secretsmanager_secret.a')).toMatchObject({
      name: 'iam-key-rotation/a',
      recovery_window_in_days: 30,
    });
  });

  it('has a secret policy only if there are readers', () => {
    const readers = ['arn:aws:iam::111122223333:role/ci'];

    expect(withUser().text).not.toHaveResource(SecretsmanagerSecretPolicy);
    const stack = withUser({ readers });
    expect(stack.at('aws_secretsmanager_secret_policy.a')).toMatchObject({ block_public_policy: true });
    expect(stack.json('aws_secretsmanager_secret_policy.a', 'policy')).toMatchObject({
      Statement: [{ Effect: 'Allow', Condition: { StringEquals: { 'aws:PrincipalArn': readers } } }],
    });
  });

  it('that may read its own secret is admitted by the secret’s policy', () => {
    const stack = withUser({ selfRenewal: true, path: '/p/' });

    expect(stack.json('aws_secretsmanager_secret_policy.a', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SelfRenewal',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
          Condition: { StringEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:user/p/a'] } },
        },
      ],
    });
    expect(stack.at('aws_secretsmanager_secret_policy.a')).toMatchObject({ block_public_policy: true });
    expect(stack.addresses).not.toContain('aws_iam_user_policy.a');
  });

  it('that may read its own secret stands beside the readers', () => {
    const readers = ['arn:aws:iam::111122223333:role/ci'];
    const stack = withUser({ readers, selfRenewal: true });

    expect(stack.json('aws_secretsmanager_secret_policy.a', 'policy')).toMatchObject({
      Statement: [{ Sid: 'Readers' }, { Sid: 'SelfRenewal' }],
    });
  });

  it('that may read its own secret may decrypt it, if a customer key encrypts it', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    const withKey = (own: Partial<UserConfiguration>) => synthesize(aStack([aUser('a', own)], { kmsKeyArn }));
    const stack = withKey({ selfRenewal: true });

    expect(stack.at('aws_iam_user_policy.a')).toMatchObject({
      name: 'iam-key-rotation-self-renewal',
      user: '${aws_iam_user.a.name}',
    });
    expect(stack.json('aws_iam_user_policy.a', 'policy')).toMatchObject({
      Statement: [
        {
          Action: 'kms:Decrypt',
          Resource: kmsKeyArn,
          Condition: {
            StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
            StringLike: { 'kms:EncryptionContext:SecretARN': '${aws_secretsmanager_secret.a.arn}' },
          },
        },
      ],
    });
    expect(withKey({}).addresses).not.toContain('aws_iam_user_policy.a');
  });

  it('that is there already may read its own secret, and is not changed for it', () => {
    const stack = synthesize(
      aStack([aUser('a', { existing: true, selfRenewal: true })], {
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      }),
    );

    expect(stack.json('aws_secretsmanager_secret_policy.a', 'policy')).toMatchObject({
      Statement: [
        {
          Sid: 'SelfRenewal',
          Condition: { StringEquals: { 'aws:PrincipalArn': ['${data.aws_iam_user.a.arn}'] } },
        },
      ],
    });
    expect(stack.addresses).not.toContain('aws_iam_user_policy.a');
  });

  it('that sends mail has the region of its SMTP password in its settings', () => {
    const item = withUser({ sesSmtp: { region: 'eu-central-1' } }).json('aws_dynamodb_table_item.a', 'item');

    expect(item).toMatchObject({ sesSmtp: { M: { region: { S: 'eu-central-1' } } } });
    expect(withUser().json('aws_dynamodb_table_item.a', 'item')).not.toHaveProperty('sesSmtp');
  });

  it('is rotated on its schedule, and not just because the schedule changed', () => {
    const schedule = {
      expression: 'cron(0 4 1 * ? *)',
      windowHours: 3,
      longestGapDays: 31,
      shortestGapDays: 28,
    };

    expect(withUser({ schedule }).at('aws_secretsmanager_secret_rotation.a')).toMatchObject({
      secret_id: '${aws_secretsmanager_secret.a.arn}',
      rotation_lambda_arn: '${aws_lambda_function.a.arn}',
      rotate_immediately: false,
      rotation_rules: { schedule_expression: 'cron(0 4 1 * ? *)', duration: '3h' },
      depends_on: [
        'aws_lambda_function.a',
        'aws_iam_role_policy.a',
        'aws_lambda_permission.a',
        'aws_lambda_invocation.a_first_key',
      ],
    });
  });

  it('has a function that knows its user and that Secrets Manager may invoke for its secret alone', () => {
    const stack = withUser();

    expect(stack.at('aws_lambda_function.a')).toMatchObject({
      environment: {
        variables: {
          TABLE_NAME: '${aws_dynamodb_table.journal.name}',
          STACK: 'iam-key-rotation',
          SECRET_NAME_PREFIX: 'iam-key-rotation',
          STABLE_KEY: 'a',
        },
      },
    });
    expect(stack.at('aws_lambda_permission.a')).toMatchObject({
      principal: 'secretsmanager.amazonaws.com',
      action: 'lambda:InvokeFunction',
      source_arn: '${aws_secretsmanager_secret.a.arn}',
    });
  });

  it('is named by name in its function’s policy, so that a rename takes one apply', () => {
    const policy = JSON.stringify(
      withUser({ userName: 'x', path: '/p/' }).json('aws_iam_role_policy.a', 'policy'),
    );

    expect(policy).toContain('arn:aws:iam::111122223333:user/p/x');
    expect(policy).not.toContain('aws_iam_user.a.arn');
  });
});

describe('the first key', () => {
  it('is asked for with an input that is frozen, to the letter', () => {
    expect(synthesize(aStack([aUser('a')])).at('aws_lambda_invocation.a_first_key')).toEqual({
      function_name: 'iam-key-rotation-a',
      lifecycle_scope: 'CREATE_ONLY',
      input:
        '{"Step":"firstKey","SecretId":"${aws_secretsmanager_secret.a.arn}","UserId":"${aws_iam_user.a.unique_id}"}',
      depends_on: [
        'aws_lambda_function.a',
        'aws_iam_role_policy.a',
        'aws_lambda_permission.a',
        'aws_dynamodb_table_item.a',
      ],
    });
  });
});

describe('the guard against removal', () => {
  const guardOf = (own: Partial<UserConfiguration>, protection = true) =>
    synthesize(aStack([aUser('a', own)], { protection })).at('aws_lambda_invocation.a_removal_guard');

  it.each([
    ['a user', {}, true, false],
    ['a user whose removal is announced', { decommission: true }, true, true],
    ['a user of a stack without protection', {}, false, true],
  ])('of %s', (_, own, protection, announced) => {
    expect(guardOf(own, protection)).toMatchObject({
      lifecycle_scope: 'CRUD',
      input: `{"Step":"guardRemoval","SecretId":"\${aws_secretsmanager_secret.a.arn}","Announced":${String(announced)}}`,
    });
  });

  it.each(['per-user', 'shared'] as const)('depends on all that a user has (%s)', (functions) => {
    const stack = synthesize(
      aStack([aUser('a', { readers: ['arn:aws:iam::1:root'] }), aUser('b', { existing: true })], {
        functions,
      }),
    );

    for (const key of ['a', 'b']) {
      const guard = `aws_lambda_invocation.${key}_removal_guard`;
      const own = stack.addresses.filter(
        (address) =>
          new RegExp(`\\.${key}(_first_key)?$`).test(address) && !address.startsWith('aws_cloudwatch'),
      );
      // What another of them is made from is destroyed after it, so naming it is not needed: role and log group.
      const needed = own.filter((address) => !address.startsWith('aws_iam_role.'));
      expect(stack.at(guard)['depends_on']).toEqual(expect.arrayContaining(needed));
      // And what retires the previous keys of all users.
      expect(stack.at(guard)['depends_on']).toEqual(
        expect.arrayContaining(
          stack.addresses.filter((address) =>
            /^aws_(iam_role_policy|lambda_.*|scheduler_schedule|sqs_queue)\.retire/.test(address),
          ),
        ),
      );
    }
  });
});

describe('a shared function', () => {
  const stack = synthesize(
    aStack([aUser('a', { path: '/p/' }), aUser('b', { existing: true })], { functions: 'shared' }),
  );

  it('rotates all users of the stack', () => {
    for (const key of ['a', 'b']) {
      expect(stack.at(`aws_secretsmanager_secret_rotation.${key}`)).toMatchObject({
        rotation_lambda_arn: '${aws_lambda_function.rotate.arn}',
      });
    }
    expect(stack.at('aws_lambda_function.rotate')).toMatchObject({
      function_name: 'iam-key-rotation-rotate',
      environment: { variables: expect.not.objectContaining({ STABLE_KEY: expect.anything() }) },
    });
  });

  it('may be invoked for secrets of its account alone', () => {
    expect(stack.at('aws_lambda_permission.rotate')).toMatchObject({ source_account: '111122223333' });
    expect(stack.at('aws_lambda_permission.rotate')).not.toHaveProperty('source_arn');
  });

  it('is limited to the users and secrets of the stack', () => {
    const { Statement } = stack.json('aws_iam_role_policy.rotate', 'policy') as {
      Statement: { Resource: unknown }[];
    };

    expect(Statement.map(({ Resource }) => Resource)).toEqual([
      ['arn:aws:iam::111122223333:user/p/a', '${data.aws_iam_user.b.arn}'],
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/*',
      '${aws_dynamodb_table.journal.arn}',
      '${aws_dynamodb_table.journal.arn}',
      'arn:aws:events:eu-west-1:111122223333:event-bus/default',
      '${aws_cloudwatch_log_group.rotate.arn}:*',
    ]);
  });
});

describe('R11: the Terraform addresses of a user', () => {
  const users = [aUser('a', { readers: ['arn:aws:iam::1:root'] }), aUser('b', { existing: true })];

  it('do not depend on the order of the users, nor on the other users', () => {
    const [forwards, backwards, alone] = [users, [...users].reverse(), [users[0]!]].map((some) => {
      const stack = synthesize(aStack(some));
      return Object.fromEntries(
        stack.addresses
          .filter((address) => /\.a(_first_key|_removal_guard)?$/.test(address))
          .map((address) => [address, stack.at(address)]),
      );
    });

    expect(backwards).toEqual(forwards);
    expect(alone).toEqual(forwards);
  });
});
