import { awsPlace } from '../../../modules/aws/aws-place';
import { deliveryStatements, type DeliveredUser } from '../../../modules/key-delivery/policies';
import { simulateCall } from '../support/simulate-call';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-deliver-failed';
const secret = (name: string): string =>
  `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const parameter = (name: string): string => `arn:aws:ssm:eu-west-1:111122223333:parameter${name}`;
const kmsKey = (id: string): string => `arn:aws:kms:eu-west-1:111122223333:key/${id}`;

const service = (name: string): string => `arn:aws:ecs:eu-west-1:111122223333:service/${name}`;

const CI: DeliveredUser = {
  stableKey: 'ci',
  deliver: [
    { kind: 'secret', id: 'payments/env', fields: { A: 'AccessKeyId' } },
    { kind: 'parameter', name: '/payments/key' },
    { kind: 'restart', ecsService: service('payments/api') },
  ],
};
const ENCRYPTED: DeliveredUser = {
  stableKey: 'mailer',
  kmsKeyArn: kmsKey('own'),
  deliver: [
    { kind: 'secret', id: secret('mail/env'), fields: { A: 'AccessKeyId' }, kmsKeyArn: kmsKey('theirs') },
    { kind: 'parameter', name: '/mail/key', kmsKeyArn: kmsKey('parameters') },
  ],
};

const TOKEN_TARGETS: DeliveredUser = {
  stableKey: 'outside',
  deliver: [
    {
      kind: 'githubActions',
      repository: 'acme/payments',
      secrets: { A: 'AccessKeyId' },
      tokenSecret: 'tokens/github',
    },
    {
      kind: 'https',
      url: 'https://ci.example.com/1',
      method: 'PUT',
      headers: { authorization: '{token}' },
      body: { format: 'json', template: '{"a":"{AccessKeyId}"}' },
      tokenSecret: secret('tokens/other'),
      kmsKeyArn: kmsKey('tokens'),
    },
    {
      kind: 'https',
      url: 'https://ci.example.com/2',
      method: 'PUT',
      body: { format: 'json', template: '{"a":"{AccessKeyId}"}' },
    },
  ],
};

const statementsFor = (...users: readonly DeliveredUser[]) =>
  deliveryStatements({ place, secretPrefix: 'iam-key-rotation', users, tableArn, queueArn });
const record = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });
it.each<
  [
    action: string,
    what: string,
    isAllowed: boolean,
    resource: string,
    context?: Record<string, string | string[]>,
  ]
>([
  ['secretsmanager:GetSecretValue', 'the secret of a user with targets', true, secret('iam-key-rotation/ci')],
  ['secretsmanager:GetSecretValue', 'the secret of another user', false, secret('iam-key-rotation/other')],
  ['secretsmanager:PutSecretValue', 'the secret of a user', false, secret('iam-key-rotation/ci')],
  ['secretsmanager:UpdateSecretVersionStage', 'the secret of a user', false, secret('iam-key-rotation/ci')],
  ['secretsmanager:GetSecretValue', 'a target', true, secret('payments/env')],
  ['secretsmanager:PutSecretValue', 'a target', true, secret('payments/env')],
  ['secretsmanager:PutSecretValue', 'a target that is named by its ARN', true, secret('mail/env')],
  ['secretsmanager:PutSecretValue', 'a secret whose name begins alike', false, secret('payments/env-two')],
  ['secretsmanager:DeleteSecret', 'a target', false, secret('payments/env')],
  ['ssm:PutParameter', 'a target', true, parameter('/payments/key')],
  ['ssm:PutParameter', 'another parameter', false, parameter('/payments/key2')],
  ['ssm:GetParameter', 'a target', false, parameter('/payments/key')],
  ['ssm:DeleteParameter', 'a target', false, parameter('/payments/key')],
  ['secretsmanager:GetSecretValue', 'the token of a target', true, secret('tokens/github')],
  ['secretsmanager:GetSecretValue', 'a token that is named by its ARN', true, secret('tokens/other')],
  ['secretsmanager:PutSecretValue', 'the token of a target', false, secret('tokens/github')],
  ['secretsmanager:GetSecretValue', 'another token', false, secret('tokens/github2')],
  ['ecs:DescribeServices', 'a service that is restarted', true, service('payments/api')],
  ['ecs:UpdateService', 'a service that is restarted', true, service('payments/api')],
  ['ecs:UpdateService', 'another service of the cluster', false, service('payments/api2')],
  ['ecs:UpdateService', 'a service of that name in another cluster', false, service('mail/api')],
  ['ecs:DeleteService', 'a service that is restarted', false, service('payments/api')],
  ['ecs:RunTask', 'a task definition', false, 'arn:aws:ecs:eu-west-1:111122223333:task-definition/api:1'],
  ['iam:PassRole', 'the role of its tasks', false, 'arn:aws:iam::111122223333:role/api'],
  ['dynamodb:Scan', 'the table', true, tableArn],
  ['dynamodb:GetItem', 'settings#ci', true, tableArn, record('settings#ci')],
  ['dynamodb:GetItem', 'journal#ci', true, tableArn, record('journal#ci')],
  ['dynamodb:GetItem', 'delivery#ci', true, tableArn, record('delivery#ci')],
  ['dynamodb:GetItem', 'findings#ci', false, tableArn, record('findings#ci')],
  ['dynamodb:UpdateItem', 'delivery#ci', true, tableArn, record('delivery#ci')],
  ['dynamodb:UpdateItem', 'journal#ci', false, tableArn, record('journal#ci')],
  ['dynamodb:UpdateItem', 'settings#ci', false, tableArn, record('settings#ci')],
  ['dynamodb:UpdateItem', 'a record that the request does not name', false, tableArn],
  ['iam:UpdateAccessKey', 'a user', false, 'arn:aws:iam::111122223333:user/ci'],
  ['iam:CreateAccessKey', 'a user', false, 'arn:aws:iam::111122223333:user/ci'],
  ['sqs:SendMessage', 'its queue', true, queueArn],
  ['sqs:ReceiveMessage', 'its queue', false, queueArn],
])(
  'R9: the role of the delivery function, %s, %s: %s',
  async (action, _what, isAllowed, resource, context = {}) => {
    expect(await simulateCall(statementsFor(CI, ENCRYPTED, TOKEN_TARGETS), action, resource, context)).toBe(
      isAllowed,
    );
  },
);

// As a value: the simulator knows no `kms:EncryptionContext:…`.
it('R9: each customer key is used through its service, and for what it encrypts there, alone', () => {
  const ofKeys = statementsFor(CI, ENCRYPTED).filter(({ Sid }) => Sid.includes('crypt'));
  expect(ofKeys.map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition }))).toEqual([
    {
      Action: 'kms:Decrypt',
      Resource: kmsKey('own'),
      Condition: {
        StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
        StringLike: {
          'kms:EncryptionContext:SecretARN': ['ci', 'mailer'].map((key) =>
            secret(`iam-key-rotation/${key}`).replace('AbCdEf', '??????'),
          ),
        },
      },
    },
    {
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: kmsKey('theirs'),
      Condition: {
        StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
        StringLike: {
          'kms:EncryptionContext:SecretARN': [
            secret('payments/env').replace('AbCdEf', '??????'),
            secret('mail/env'),
          ],
        },
      },
    },
    {
      Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: kmsKey('parameters'),
      Condition: {
        StringEquals: { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' },
        StringLike: {
          'kms:EncryptionContext:PARAMETER_ARN': [parameter('/payments/key'), parameter('/mail/key')],
        },
      },
    },
  ]);
});

it('R9: the customer key of a token only decrypts', () => {
  const ofTokens = statementsFor(TOKEN_TARGETS).filter(({ Sid }) => Sid.includes('Tokens'));
  expect(ofTokens.map(({ Sid, Action, Resource }) => ({ Sid, Action, Resource }))).toEqual([
    {
      Sid: 'ReadTokens',
      Action: 'secretsmanager:GetSecretValue',
      Resource: [secret('tokens/github').replace('AbCdEf', '??????'), secret('tokens/other')],
    },
    { Sid: 'DecryptTokens', Action: 'kms:Decrypt', Resource: kmsKey('tokens') },
  ]);
});

it('where no target has a token, none is named', () => {
  expect(JSON.stringify(statementsFor(CI, ENCRYPTED))).not.toContain('Token');
});

it('R9: of a service that is restarted, it may describe and deploy that one; each is named once', () => {
  const other = { ...CI, stableKey: 'other' };
  const statements = statementsFor(CI, other).filter(({ Sid }) => Sid === 'RestartServices');
  expect(statements).toEqual([
    {
      Sid: 'RestartServices',
      Effect: 'Allow',
      Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
      Resource: [service('payments/api')],
    },
  ]);
  expect(JSON.stringify(statementsFor(ENCRYPTED))).not.toContain('ecs:');
});

it('where no customer key encrypts anything, no key is named', () => {
  expect(JSON.stringify(statementsFor(CI))).not.toContain('kms');
});

it('of very many users the secrets are told by what their names begin with, and the targets still by name', () => {
  const users = Array.from({ length: 60 }, (_, number) => ({ ...CI, stableKey: `user-${number}` }));
  const text = JSON.stringify(statementsFor(...users));
  expect(text).toContain('secret:iam-key-rotation/*');
  expect(text).toContain('secret:payments/env-??????');
});
