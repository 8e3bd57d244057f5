import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithStacks, itAccepts, itRefuses, itRefusesOfStack, NOW } from '../refusal';

const twoStacks = (ofSecond: string): string =>
  fileWithStacks(
    "first: { accountId: '111122223333', region: eu-west-1, auditTrail: create, users: {} }",
    `second: { accountId: '111122223333', region: us-east-1, prefix: other, auditTrail: ${ofSecond}, users: {} }`,
  );

itRefusesOfStack('a trail that is no word of ours', 'auditTrail: yes')`
  rule   auditTrail is none, existing or create
  write  auditTrail: create`;

itRefuses('a trail a second time in an account, where it would cost', twoStacks('create'))`
rotation.yaml:3:74 stacks.second.auditTrail
  found  'create'
  rule   one trail has the events of all regions of an account (111122223333), and stacks.first makes it already; CloudTrail charges for a second copy
  write  auditTrail: existing`;
itAccepts('a trail that another stack of the account makes', twoStacks('existing'));

itRefuses(
  'a trail whose bucket would have too long a name',
  fileWithStack(`prefix: ${'p'.repeat(45)}`, 'auditTrail: create'),
)`
rotation.yaml:6:5 stacks.production.auditTrail
  found  'create', with the prefix '${'p'.repeat(45)}'
  rule   the trail's bucket is called '${'p'.repeat(45)}-trail-111122223333', and a bucket's name has at most 63 characters
  write  a prefix of at most 44 characters, or auditTrail: existing`;
itAccepts(
  'a trail whose bucket has the longest name',
  fileWithStack(`prefix: ${'p'.repeat(44)}`, 'auditTrail: create'),
);
itAccepts(
  'a trail that somebody else makes, whatever the prefix',
  fileWithStack(`prefix: ${'p'.repeat(45)}`, 'auditTrail: existing'),
);

itRefuses(
  'a trail whose name CloudTrail would not take',
  fileWithStack('prefix: keys_-', 'auditTrail: create'),
)`
rotation.yaml:6:5 stacks.production.auditTrail
  found  'create', with the prefix 'keys_-'
  rule   the trail is called as the prefix, and a trail's name ends with a letter or digit and has no two - or _ side by side
  write  another prefix, or auditTrail: existing`;

itRefuses(
  'a trail where nobody knows in which region IAM reports',
  fileWithStack('auditTrail: existing').replace('eu-west-1', 'eusc-de-east-1'),
)`
rotation.yaml:5:5 stacks.production.auditTrail
  found  'existing'
  rule   acts on access keys are seen in the one region where IAM reports them, and for aws-eusc that is not documented
  write  auditTrail: none`;

const stacks = (count: number, own = 'region: eu-west-1, auditTrail: existing'): string =>
  [
    'stacks:',
    ...Array.from(
      { length: count },
      (_, index) => `  s${index}: { accountId: '111122223333', prefix: pre${index}, ${own}, users: {} }`,
    ),
  ].join('\n');

itAccepts('stacks with a trail that are as many as CloudWatch Logs has room for', stacks(10));
itAccepts('stacks with a trail that are more, where some have no trail', stacks(12, 'region: eu-west-1'));
itRefuses('stacks with a trail that are more than CloudWatch Logs has room for', stacks(11))`
rotation.yaml:12:71 stacks.s10.auditTrail
  found  'existing'
  rule   each stack with a trail needs a resource policy of CloudWatch Logs, which takes 10 in the account 111122223333 in eu-west-1; this is number 11
  write  auditTrail: none, or make the users a shard of another stack: all shards of a stack need one policy`;

const shards = Array.from({ length: 12 }, (_, index) => `z${index}: { users: {} }`).join(', ');
const sharded = fileWithStack('auditTrail: existing', `shards: { ${shards} }`);

itAccepts('stacks with a trail that are shards of one stack, which need one policy together', sharded);

it('stacks with a trail let one shard make the policy for all, the first in the file', () => {
  const made = parseConfiguration('rotation.yaml', sharded, NOW).stacks.map(({ logPolicy }) => logPolicy);

  expect(made.slice(0, 3)).toEqual(['ofAllShards', 'ofAnotherShard', 'ofAnotherShard']);
  expect(made.filter((one) => one === 'ofAllShards')).toHaveLength(1);
  expect(parseConfiguration('rotation.yaml', fileWithStack(), NOW).stacks[0]?.logPolicy).toBe('own');
});

itRefuses(
  'a retention of a trail that is not made',
  fileWithStack('auditTrail: existing', 'auditRetentionDays: 400'),
)`
rotation.yaml:6:5 stacks.production.auditRetentionDays
  found  400 (a number, as it has no quotes)
  rule   auditRetentionDays is about the trail that auditTrail: create makes, and this stack makes none
  write  auditTrail: create, or no auditRetentionDays`;

itRefuses(
  'a trail with a retention that forgets too soon',
  fileWithStack('auditTrail: create', 'auditRetentionDays: 30'),
)`
rotation.yaml:6:5 stacks.production.auditRetentionDays
  found  30 (a number, as it has no quotes)
  rule   auditRetentionDays is a whole number without quotes, 90 to 3653
  write  auditRetentionDays: 400`;

itRefuses(
  'a trail with a key of another region',
  fileWithStack('auditTrail: create', 'auditKmsKeyArn: arn:aws:kms:eu-north-1:111122223333:key/mrk-1'),
)`
rotation.yaml:6:5 stacks.production.auditKmsKeyArn
  found  'arn:aws:kms:eu-north-1:111122223333:key/mrk-1'
  rule   the KMS key is in the stack's region, eu-west-1
  write  the ARN of a key in eu-west-1, or of a multi-region key's replica there`;

const trailOf = (...lines: string[]): unknown =>
  parseConfiguration('rotation.yaml', fileWithStack(...lines), NOW).stacks[0]?.auditTrail;

it.each([
  ['nothing', [], { kind: 'none' }],
  ['that there is one', ['auditTrail: existing'], { kind: 'existing' }],
  ['that one is to be made', ['auditTrail: create'], { kind: 'create', retentionDays: 400 }],
  [
    'that one is to be made, and how',
    [
      'auditTrail: create',
      'auditRetentionDays: 3653',
      'auditKmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/mrk-1',
    ],
    { kind: 'create', retentionDays: 3653, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1' },
  ],
])('a stack may say of a trail %s', (_, lines, trail) => {
  expect(trailOf(...lines)).toEqual(trail);
});

it('a trail comes with a warning where nobody can tell Terraform from a person', () => {
  const warningsOf = (...lines: string[]): readonly string[] =>
    parseConfiguration('rotation.yaml', fileWithStack(...lines), NOW).warnings.map(({ path }) => path);

  expect(warningsOf('auditTrail: existing')).toEqual(['stacks.production.deployRoleArn']);
  expect(warningsOf()).toEqual([]);
  expect(
    warningsOf('auditTrail: existing', 'deployRoleArn: arn:aws:iam::111122223333:role/terraform'),
  ).toEqual([]);
});
