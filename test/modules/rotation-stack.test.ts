import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { App, Testing } from 'cdktf';

import type { UserConfiguration } from '../../modules/config/configuration';
import { RotationStack } from '../../modules/rotation-stack';
import { evaluate } from '../support/iam-evaluation/evaluate';
import { aStack, aStackWithEverything, aUser } from './support/configurations';
import { synthesize } from './support/synthesize';

it('a stack says its external id and calls its session, where the deploy role wants that', () => {
  const own = { deployRoleExternalId: 'platform', deployRoleSessionName: 'rotation' };

  expect(synthesize(aStackWithEverything(own)).provider['assume_role']).toEqual([
    {
      role_arn: 'arn:aws:iam::111122223333:role/terraform',
      external_id: 'platform',
      session_name: 'rotation',
    },
  ]);
});

it('a stack takes over nothing of another set with its prefix, since everything waits for the table', () => {
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

it('a stack runs with the provider from 5.100 to 6.x unless a version is wanted', () => {
  const terraformOf = (providerVersion?: string): unknown =>
    JSON.parse(
      Testing.synth(new RotationStack(Testing.app(), { configuration: aStack([]), providerVersion })),
    ).terraform.required_providers.aws;

  expect(terraformOf()).toEqual({ source: 'aws', version: '>= 5.100.0, < 7.0.0' });
  expect(terraformOf('6.25.0')).toEqual({ source: 'aws', version: '6.25.0' });
});

it('a stack tags the alarms of a user’s function as it tags the user', () => {
  const stack = synthesize(aStackWithEverything());

  for (const alarm of ['rotation_failed', 'throttled']) {
    expect(stack.at(`aws_cloudwatch_metric_alarm.ci-deployer_${alarm}`)['tags']).toEqual(
      stack.at('aws_iam_user.ci-deployer')['tags'],
    );
  }
});

it('a stack takes stable keys that are words of its own', () => {
  const keys = [
    ...['Journal', 'Users', 'SharedRotation', 'Aws', 'backend', 'secret_arns', 'Retirement'],
    ...['rotate-access-key', 'retire-access-keys', '_x'],
  ];

  expect(() => synthesize(aStack(keys.map((key) => aUser(key))))).not.toThrow();
});

it('a stack refuses what would merge in silence', () => {
  expect(() => synthesize(aStack([aUser('a'), aUser('a')]))).toThrow('a');
});

it('a stack shows a person’s `${` as it was written', () => {
  const stack = synthesize(aStack([aUser('a', { owner: '${path.module}', tags: { note: '%{if}' } })]));

  expect(stack.at('aws_iam_user.a')['tags']).toMatchObject({
    'iam-key-rotation:owner': '$${path.module}',
    note: '%%{if}',
  });
  expect(stack.json('aws_dynamodb_table_item.a', 'item')).toMatchObject({
    owner: { S: '$${path.module}' },
  });
});

it('a stack tells the owner of its customer key what that has to allow for copies in other regions', () => {
  const replicas = [{ region: 'eu-central-1', kmsKeyArn: 'x' }];
  const readers = ['arn:aws:iam::444455556666:root'];
  const users = [aUser('a', { readers, replicas }), aUser('b')];
  const { outputs } = synthesize(aStack(users, { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }));
  const secretIn = (region: string) =>
    `arn:aws:secretsmanager:${region}:111122223333:secret:iam-key-rotation/a-??????`;

  expect(JSON.parse(outputs['kms_key_policy_statements'] as string)).toEqual([
    expect.objectContaining({
      Principal: { AWS: readers },
      Condition: {
        StringEquals: {
          'kms:ViaService': [
            'secretsmanager.eu-west-1.amazonaws.com',
            'secretsmanager.eu-central-1.amazonaws.com',
          ],
        },
        StringLike: {
          'kms:EncryptionContext:SecretARN': [secretIn('eu-west-1'), secretIn('eu-central-1')],
        },
      },
    }),
  ]);
});

it('a stack tells what the key that a user has for itself has to allow apart from what the stack’s has to', () => {
  const [ofStack, ofUser] = ['stack', 'user'].map((name) => `arn:aws:kms:eu-west-1:111122223333:key/${name}`);
  const readers = ['arn:aws:iam::444455556666:root'];
  const users = [aUser('a', { readers }), aUser('b', { readers, kmsKeyArn: ofUser })];
  const secretsIn = (statements: unknown): unknown =>
    (JSON.parse(statements as string) as { Condition: { StringLike: unknown } }[]).map(
      ({ Condition }) => Condition.StringLike,
    );
  const secret = (key: string): unknown => ({
    'kms:EncryptionContext:SecretARN': [
      `arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/${key}-??????`,
    ],
  });
  const { outputs } = synthesize(aStack(users, { kmsKeyArn: ofStack }));
  const [[arn, statements] = [], ...others] = Object.entries(
    outputs['kms_key_policy_statements_of_users'] as Record<string, string>,
  );

  expect(secretsIn(outputs['kms_key_policy_statements'])).toEqual([secret('a')]);
  expect([arn, others]).toEqual([ofUser, []]);
  expect(secretsIn(statements)).toEqual([secret('b')]);
});

it.each(['per-user', 'shared'] as const)(
  'a user with a customer key of its own has its secret encrypted with it, and the function may use it (%s)',
  (functions) => {
    const [ofStack, ofUser] = ['stack', 'user'].map(
      (name) => `arn:aws:kms:eu-west-1:111122223333:key/${name}`,
    );
    const users = [aUser('a', { kmsKeyArn: ofUser, selfRenewal: true }), aUser('b')];
    const stack = synthesize(aStack(users, { kmsKeyArn: ofStack, functions }));
    const keysOf = (address: string): unknown =>
      (stack.json(address, 'policy') as { Statement: { Sid: string; Resource: unknown }[] }).Statement.find(
        ({ Sid }) => Sid === 'EncryptSecret' || Sid === 'DecryptSecret',
      )?.Resource;

    expect(stack.at('aws_secretsmanager_secret.a')).toMatchObject({ kms_key_id: ofUser });
    expect(stack.at('aws_secretsmanager_secret.b')).toMatchObject({ kms_key_id: ofStack });
    expect(keysOf('aws_iam_user_policy.a')).toBe(ofUser);
    if (functions === 'shared') {
      expect(keysOf('aws_iam_role_policy.rotate')).toEqual([ofStack, ofUser]);
    } else {
      expect(keysOf('aws_iam_role_policy.a')).toBe(ofUser);
      expect(keysOf('aws_iam_role_policy.b')).toBe(ofStack);
    }
  },
);

it.each(['per-user', 'shared'] as const)(
  'a stack that is a shard reaches the secrets of no other (%s)',
  (functions) => {
    const stack = synthesize(
      aStack([aUser('a')], {
        ...{ functions, name: 'production-two', prefix: 'iam-key-rotation-two', sharded: true },
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

it('a stack is validated by CDKTF as part of an app', () => {
  const app = new App({ outdir: Testing.app().outdir });
  new RotationStack(app, { configuration: aStackWithEverything() });
  new RotationStack(app, { configuration: aStackWithEverything({ name: 'pooled', functions: 'shared' }) });

  expect(() => app.synth()).not.toThrow();
});

it('the journal table can be deleted with a stack that is not protected', () => {
  expect(synthesize(aStack([], { protection: false })).text).toHaveResourceWithProperties(DynamodbTable, {
    deletion_protection_enabled: false,
  });
});

const withUser = (own: Partial<UserConfiguration> = {}) => synthesize(aStack([aUser('a', own)]));

it.each(['per-user', 'shared'] as const)(
  'a stack with a prefix for its secrets alone names them by it wherever they are named (%s)',
  (functions) => {
    const own = { functions, secretPrefix: 'prod/payments', auditTrail: { kind: 'existing' } } as const;
    const stack = synthesize(aStack([aUser('a')], own));
    const everywhere = JSON.stringify(JSON.parse(stack.text).resource);

    expect(stack.at('aws_secretsmanager_secret.a')).toMatchObject({ name: 'prod/payments/a' });
    // Alarms, groups of logs and the like are called by the other prefix, with a slash behind it, too.
    expect(everywhere).not.toMatch(/:secret:iam-key-rotation\/|--secret-id iam-key-rotation\//);
    const name = functions === 'shared' ? 'rotate' : 'a';
    for (const lambda of [name, 'notify']) {
      expect(stack.at(`aws_lambda_function.${lambda}`)['environment']).toMatchObject({
        variables: { SECRET_NAME_PREFIX: 'prod/payments' },
      });
    }
  },
);

it('a stack in a VPC has all of its functions there, and only Lambda may make their network interfaces', async () => {
  const vpc = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
  const stack = synthesize(aStack([aUser('a')], { vpc }));
  const functions = stack.addresses.filter((address) => address.startsWith('aws_lambda_function.'));

  expect(functions).toHaveLength(3);
  for (const address of functions) {
    expect(stack.at(address)).toMatchObject({
      vpc_config: { subnet_ids: vpc.subnetIds, security_group_ids: vpc.securityGroupIds },
    });
    const policy = address.replace('aws_lambda_function.', 'aws_iam_role_policy.');
    const { Statement } = stack.json(policy, 'policy') as { Statement: { Sid: string }[] };
    const name = stack.at(address)['function_name'] as string;
    const call = (context: Readonly<Record<string, string>>): Promise<string> =>
      evaluate(
        {
          principal: `arn:aws:iam::111122223333:role/${name}`,
          accountId: '111122223333',
          action: 'ec2:CreateNetworkInterface',
          resource: 'arn:aws:ec2:eu-west-1:111122223333:network-interface/*',
          context,
        },
        {
          identity: [
            {
              name: 'role',
              document: {
                Version: '2012-10-17',
                Statement: Statement.filter(({ Sid }) => Sid.startsWith('NetworkInterfaces')),
              },
            },
          ],
        },
      );
    expect(await call({})).toBe('Allowed');
    expect(
      await call({
        'lambda:SourceFunctionArn': `arn:aws:lambda:eu-west-1:111122223333:function:${name}`,
      }),
    ).toBe('ExplicitlyDenied');
  }
  expect(synthesize(aStack([aUser('a')])).text).not.toMatch(/vpc_config|ec2:/);
});

it('a rotated user has the policies that the stack writes for it, and the groups that it names', () => {
  const document =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/${aws:username}"}}';
  const stack = withUser({ inlinePolicies: { 'read-x': document }, groups: ['mailers'] });

  expect(stack.at('aws_iam_user_policy.a_inline')).toMatchObject({
    // Terraform takes what IAM is to put in for text.
    for_each: { 'read-x': document.replace('$', '$$$$') },
    ...{ name: '${each.key}', policy: '${each.value}', user: '${aws_iam_user.a.name}' },
  });
  expect(stack.at('aws_iam_user_group_membership.a')).toMatchObject({
    ...{ groups: ['mailers'], user: '${aws_iam_user.a.name}' },
  });
});

it('a rotated user that is there already is only looked up', () => {
  const stack = withUser({ existing: true, userName: 'legacy' });

  expect(stack.text).toHaveDataSourceWithProperties(DataAwsIamUser, { user_name: 'legacy' });
  expect(stack.text).not.toHaveResource(IamUser);
  expect(stack.addresses).not.toContain('aws_iam_user_policy_attachment.a');
  expect(JSON.stringify(stack.json('aws_iam_role_policy.a', 'policy'))).toContain(
    '${data.aws_iam_user.a.arn}',
  );
});

it('a rotated user that is there already is imported if so wanted, and then is as one that was made here', () => {
  const made = withUser({ userName: 'legacy' });
  const imported = withUser({ userName: 'legacy', import: true });

  expect(JSON.parse(imported.text)).toEqual({
    ...JSON.parse(made.text),
    import: [{ to: 'aws_iam_user.a', id: 'legacy' }],
  });
});

it('a rotated user that is only looked up does not take from the state what another one has at a like address', () => {
  const users = [
    aUser('a', { existing: true }),
    aUser('a_inline', { selfRenewal: true, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }),
  ];
  const { removed } = JSON.parse(synthesize(aStack(users)).text) as { removed: { from: string }[] };

  expect(removed.map(({ from }) => from)).toEqual([
    'aws_iam_user.a',
    'aws_iam_user_policy_attachment.a',
    'aws_iam_user_group_membership.a',
  ]);
});

it('a plan for another prefix of secrets is refused on a live stack, as for another prefix', () => {
  const placeOf = (own: object): string =>
    JSON.stringify(synthesize(aStack([aUser('a')], own)).at('terraform_data.place'));

  expect(placeOf({ secretPrefix: 'prod/payments' })).toContain(
    '111122223333, with secrets under prod/payments',
  );
  expect(placeOf({})).not.toContain('secrets under');
});

it.each([
  ['in a VPC', { vpc: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] } }, {}],
  ['with a key for each tenth user', {}, { ownKeys: true }],
] as const)(
  'the policies of a shared function still fit into its role for 129 users %s',
  (_, own, { ownKeys = false }: { ownKeys?: boolean }) => {
    const users = Array.from({ length: 129 }, (__, index) =>
      aUser(`service-account-${String(index).padStart(3, '0')}`, {
        path: '/service/',
        ...(ownKeys && index % 10 === 0
          ? { kmsKeyArn: `arn:aws:kms:eu-west-1:111122223333:key/${String(index).padStart(36, '0')}` }
          : {}),
      }),
    );
    expect(() => synthesize(aStack(users, { functions: 'shared', ...own }))).not.toThrow();
  },
);

it('a rotated user that is only looked up stays in the account when it leaves the state', () => {
  const removed = JSON.parse(withUser({ existing: true }).text).removed;

  expect(removed).toEqual([
    { from: 'aws_iam_user.a', lifecycle: { destroy: false } },
    // Its rights stay with it.
    ...[
      'aws_iam_user_policy_attachment.a',
      'aws_iam_user_policy.a_inline',
      'aws_iam_user_group_membership.a',
    ].map((from) => ({ from, lifecycle: { destroy: false } })),
  ]);
  expect(JSON.parse(withUser().text).removed).toBeUndefined();
});

it('a rotated user has a secret with copies in other regions, each with its own key', () => {
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
] as const)('a rotated user has a function that may encrypt the copies (%s)', (functions, name, secret) => {
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

it('R7: a rotated user has no access key and no value of a secret in Terraform', () => {
  for (const functions of ['per-user', 'shared'] as const) {
    const { addresses } = synthesize(aStackWithEverything({ functions }));
    expect(addresses.filter((address) => /iam_access_key|secret_version/.test(address))).toEqual([]);
  }
});

const KMS_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

it('a secret has a policy only for its readers and for a user that may read it', () => {
  const readers = ['arn:aws:iam::111122223333:role/ci'];
  const sidsOf = (own: Partial<UserConfiguration>): readonly string[] => {
    const policy = withUser(own).json('aws_secretsmanager_secret_policy.a', 'policy');
    return (policy as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
  };

  expect(withUser().addresses).not.toContain('aws_secretsmanager_secret_policy.a');
  expect(sidsOf({ readers })).toEqual(['Readers']);
  expect(sidsOf({ selfRenewal: true })).toEqual(['SelfRenewal']);
});

it('a rotated user is given decryption only with a customer key of a secret that it may read', () => {
  const withKey = synthesize(aStack([aUser('a')], { kmsKeyArn: KMS_KEY }));

  expect(withKey.addresses).not.toContain('aws_iam_user_policy.a');
  expect(withUser({ selfRenewal: true }).addresses).not.toContain('aws_iam_user_policy.a');
});

it('a rotated user that is there already may read its own secret, and is not changed for it', () => {
  const user = aUser('a', { existing: true, selfRenewal: true });
  const stack = synthesize(aStack([user], { kmsKeyArn: KMS_KEY }));

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

it('a rotated user is named by name in its function’s policy, so that a rename takes one apply', () => {
  const policy = JSON.stringify(
    withUser({ userName: 'x', path: '/p/' }).json('aws_iam_role_policy.a', 'policy'),
  );

  expect(policy).toContain('arn:aws:iam::111122223333:user/p/x');
  expect(policy).not.toContain('aws_iam_user.a.arn');
});

it('the first key is asked for with an input that is frozen, to the letter', () => {
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

const guardOf = (own: Partial<UserConfiguration>, protection = true) =>
  synthesize(aStack([aUser('a', own)], { protection })).at('aws_lambda_invocation.a_removal_guard');

it.each([
  ['a user', {}, true, 'false'],
  ['a user whose removal is announced', { decommission: true }, true, '"onRecord"'],
  ['a user of a stack without protection', {}, false, '"onRecord"'],
])(
  'the guard against removal knows of %s whether its removal is announced',
  (_, own, protection, announced) => {
    expect(guardOf(own, protection)).toMatchObject({
      lifecycle_scope: 'CRUD',
      input: `{"Step":"guardRemoval","SecretId":"\${aws_secretsmanager_secret.a.arn}","Announced":${announced}}`,
    });
  },
);

it.each(['per-user', 'shared'] as const)(
  'the guard against removal depends on all that a user has (%s)',
  (functions) => {
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
  },
);

it('a shared function rotates all users of the stack', () => {
  const stack = synthesize(aStack([aUser('a'), aUser('b', { existing: true })], { functions: 'shared' }));

  for (const key of ['a', 'b']) {
    expect(stack.at(`aws_secretsmanager_secret_rotation.${key}`)).toMatchObject({
      rotation_lambda_arn: '${aws_lambda_function.rotate.arn}',
    });
  }
});

const users = [aUser('a', { readers: ['arn:aws:iam::1:root'] }), aUser('b', { existing: true })];

it('R11: the Terraform addresses of a user do not depend on the order of the users, nor on the other users', () => {
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
