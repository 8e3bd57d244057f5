import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithUser, itAccepts, itRefuses, NOW } from '../refusal';

const statement = (own = ''): string =>
  `Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/*'${own} }]`;
const policies = (...all: readonly string[]): string =>
  fileWithUser('inlinePolicies:', ...all.map((one) => `  ${one}`));

it('an inline policy reaches IAM as JSON, with the version in which policy variables work', () => {
  const text = policies(
    `read: { ${statement(`, Condition: { Bool: { 'aws:SecureTransport': true } }`)} }`,
    `old: { Version: 2008-10-17, ${statement()} }`,
  );
  const { inlinePolicies = {} } = parseConfiguration('rotation.yaml', text, NOW).stacks[0]?.users[0] ?? {};

  expect(
    Object.entries(inlinePolicies).map(([name, document]) => [name, JSON.parse(document) as unknown]),
  ).toEqual([
    [
      'read',
      {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/*' },
            Condition: { Bool: { 'aws:SecureTransport': 'true' } },
          },
        ],
      },
    ],
    ['old', expect.objectContaining({ Version: '2008-10-17' })],
  ]);
});

it('an inline policy reaches IAM in the characters that IAM takes', () => {
  const text = policies(`read: { ${statement(", Condition: { StringEquals: { 'aws:x': 'Ż' } }")} }`);
  const { inlinePolicies = {} } = parseConfiguration('rotation.yaml', text, NOW).stacks[0]?.users[0] ?? {};

  expect(inlinePolicies['read']).toContain(String.raw`"aws:x":"\u017b"`);
});

itRefuses('an inline policy without a statement', policies('read: { Version: 2012-10-17 }'))`
rotation.yaml:8:11 stacks.production.users.ci-deployer.inlinePolicies.read
  found  a map of 1 key
  rule   an inline policy is a policy document as IAM has it: Statement, each with Effect, Action or NotAction, Resource or NotResource, and no Principal; it may have Sid (letters and digits, each once) and Condition, with numbers in quotes
  write  read: { Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }] }`;

it.each([
  ['a principal, which only the policy of a resource has', statement(`, Principal: '*'`)],
  ['two kinds of actions', statement(', NotAction: x')],
  ['no effect', `Statement: { Action: 's3:*', Resource: '*' }`],
  ['no resource', `Statement: { Effect: Allow, Action: 's3:*' }`],
  ['a word that IAM does not know', statement(', Conditions: {}')],
  [
    'a number, of which YAML may make another',
    statement(", Condition: { StringEquals: { 'aws:SourceAccount': 012345678901 } }"),
  ],
  [
    'one Sid twice',
    `Statement: [{ Sid: A, Effect: Allow, Action: 's3:*', Resource: '*' }, { Sid: A, Effect: Deny, Action: 's3:*', Resource: '*' }]`,
  ],
])('rotation.yaml is refused for an inline policy with %s', (_, document) => {
  expect(() => parseConfiguration('rotation.yaml', policies(`read: { ${document} }`), NOW)).toThrow(
    'an inline policy is a policy document as IAM has it',
  );
});

itRefuses(
  'names of inline policies that IAM refuses, or that are ours',
  policies(
    `'a b': { ${statement()} }`,
    `Read: { ${statement()} }`,
    `read: { ${statement()} }`,
    `iam-key-rotation-self-renewal: { ${statement()} }`,
  ),
)`
rotation.yaml:8:11 stacks.production.users.ci-deployer.inlinePolicies["a b"]
  found  the policy 'a b'
  rule   an inline policy's name has 1 to 128 letters, digits and +=,.@_-
  write  read-reports:

rotation.yaml:10:11 stacks.production.users.ci-deployer.inlinePolicies.read
  found  the policy 'read'
  rule   IAM takes names of policies that differ only in case for the same, and there is 'Read' already
  write  another name

rotation.yaml:11:11 stacks.production.users.ci-deployer.inlinePolicies.iam-key-rotation-self-renewal
  found  the policy 'iam-key-rotation-self-renewal'
  rule   iam-key-rotation-self-renewal is written by iam-key-rotation itself, for selfRenewal
  write  another name`;

/** As JSON, as IAM is sent it, with the version that it is given. */
const ofLength = (length: number): string => {
  const document = (resource: string): object => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: resource },
  });
  return JSON.stringify(document('x'.repeat(length - JSON.stringify(document('')).length)));
};

itAccepts(
  'inline policies of 2,048 characters together',
  policies(`a: ${ofLength(1_000)}`, `b: ${ofLength(1_048)}`),
);

itRefuses(
  'inline policies of more characters than IAM takes for a user',
  policies(`a: ${ofLength(1_000)}`, `b: ${ofLength(1_049)}`),
)`
rotation.yaml:7:9 stacks.production.users.ci-deployer.inlinePolicies
  found  policies of 2049 characters
  rule   IAM takes 2048 characters for all inline policies of a user: at most 2048 here
  write  shorter policies, or a managed policy under policyArns`;

itRefuses(
  'inline policies that leave no room for the one that selfRenewal needs',
  fileWithUser(
    'selfRenewal: true',
    'kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/1',
    `inlinePolicies: { a: ${ofLength(1_049)} }`,
  ),
)`
rotation.yaml:9:9 stacks.production.users.ci-deployer.inlinePolicies
  found  policies of 1049 characters
  rule   IAM takes 2048 characters for all inline policies of a user, of which selfRenewal with a customer key needs some: at most 1048 here
  write  shorter policies, or a managed policy under policyArns`;
