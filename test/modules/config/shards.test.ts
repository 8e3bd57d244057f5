import type { StackConfiguration } from '../../../modules/config/configuration';
import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { fileWithStack, fileWithStacks, itRefuses, NOW, problemsOf } from './refusal';

const stacksOf = (...lines: readonly string[]): readonly StackConfiguration[] =>
  parseConfiguration('rotation.yaml', fileWithStack(...lines), NOW).stacks;

const BACKEND = 'backend: { s3: { bucket: tf-state, key: rotation/production.tfstate, region: eu-west-1 } }';

it('a stack with shards is a Terraform stack for its own users, and one for each shard, with the same settings', () => {
  const stacks = stacksOf(
    BACKEND,
    'logRetentionDays: 90',
    'users: { ci: {} }',
    'shards: { two: { users: { mailer: {} } }, three: { users: {} } }',
  );

  expect(stacks.map(({ name, prefix, users }) => [name, prefix, users.map(({ key }) => key)])).toEqual([
    ['production', 'iam-key-rotation', ['ci']],
    ['production-two', 'iam-key-rotation-two', ['mailer']],
    ['production-three', 'iam-key-rotation-three', []],
  ]);
  expect(stacks.map(({ backend }) => (backend.kind === 's3' ? backend.key : undefined))).toEqual([
    'rotation/production.tfstate',
    'rotation/production-two.tfstate',
    'rotation/production-three.tfstate',
  ]);
  expect(new Set(stacks.map(({ logRetentionDays }) => logRetentionDays))).toEqual(new Set([90]));
  // Whoever reads a secret need not know in which shard it is.
  expect(new Set(stacks.map(({ secretPrefix }) => secretPrefix))).toEqual(new Set(['iam-key-rotation']));
});

it('a stack with shards changes nothing for anybody who was there before, but that secrets are known by their tag and the log policy is for all shards', () => {
  const [before] = stacksOf(BACKEND, 'users: { ci: {}, mailer: {} }');
  const [after] = stacksOf(
    BACKEND,
    'users: { ci: {}, mailer: {} }',
    'shards: { two: { users: { new: {} } } }',
  );

  expect(after).toEqual({ ...before, sharded: true, logPolicy: 'ofAllShards' });
});

it('a stack with shards moves nobody for a further shard', () => {
  const two = 'two: { users: { mailer: {}, ledger: {} } }';
  const before = stacksOf(BACKEND, `shards: { ${two} }`);
  const after = stacksOf(BACKEND, `shards: { one: { users: { first: {} } }, ${two} }`);

  expect(after.find(({ name }) => name === 'production-two')).toEqual(before[1]);
  expect(before[1]?.users).toHaveLength(2);
});

it.each([
  ['{ local: {} }', { path: 'terraform-state/production-two.tfstate' }],
  ['{ local: { path: states/all.json } }', { path: 'states/all-two.json' }],
  [
    '{ http: { address: https://example.com/p, lockAddress: https://example.com/p/lock } }',
    {
      address: 'https://example.com/p-two',
      lock: { address: 'https://example.com/p-two/lock', unlockAddress: 'https://example.com/p-two/lock' },
    },
  ],
])('a stack with shards keeps the state of a shard beside its own: %s', (backend, expected) => {
  expect(stacksOf(`backend: ${backend}`, 'shards: { two: { users: {} } }')[1]?.backend).toMatchObject(
    expected,
  );
});

itRefuses(
  'a stable key in two shards',
  fileWithStack('users: {}', 'shards:', '  one: { users: { ci: {} } }', '  two: { users: { ci: {} } }'),
)`
rotation.yaml:8:23 stacks.production.shards.two.users.ci
  found  the secret 'iam-key-rotation/ci'
  rule   a stable key stands only once in a stack and its shards, and stacks.production.shards.one.users.ci is this one too
  write  only one of the two entries; to move a user from one shard to another see docs/accounts.md`;

itRefuses(
  'two functions of one name',
  fileWithStack('users: { two-ci: {} }', 'shards: { two: { users: { ci: {} } } }'),
)`
rotation.yaml:6:31 stacks.production.shards.two.users.ci
  found  a function and a role called 'iam-key-rotation-two-ci'
  rule   a name is made only once in an account (111122223333), and stacks.production.users.two-ci makes this one too
  write  another prefix for one of the two stacks, such as prefix: production-two-keys`;

itRefuses(
  'a shard that is called as a stack is',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, shards: { b: { users: {} } } }",
    "a-b: { accountId: '444455556666', region: eu-west-1, users: {}, backend: { local: { path: other.tfstate } } }",
  ),
)`
rotation.yaml:3:3 stacks.a-b
  found  the Terraform stack 'a-b'
  rule   a Terraform stack's name is unique without regard to case, and stacks.a.shards.b is called so too
  write  another name`;

itRefuses('a shard without users', fileWithStack('users: {}', 'shards:', '  two: {}'))`
rotation.yaml:7:7 stacks.production.shards.two.users
  found  nothing
  rule   users is a map of users; {} if there are none
  write  users: {}, or a user below it, such as ci-deployer: {}`;

it('a stack with shards says once what is wrong with all of its shards', () => {
  const said = problemsOf(
    fileWithStack(
      'kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/1',
      'users: {}',
      'shards: { two: { users: {} }, three: { users: {} } }',
    ),
  );
  expect(said.match(/found/g)).toHaveLength(1);
});

const file = (ofStack: string, user: string): string =>
  `defaults: { overlap: 12h, gracePeriod: 5d, rotateEvery: 30d }\n${fileWithStack(`defaults: ${ofStack}`, `users: { ci: ${user} }`)}`;
const userOf = (ofStack: string, user = '{}') =>
  parseConfiguration('rotation.yaml', file(ofStack, user), NOW).stacks[0]?.users[0];

it('the defaults of a stack win over those of the file, key by key, and lose to the user’s own', () => {
  expect(userOf('{ overlap: 36h }')).toMatchObject({
    overlapSeconds: 36 * 3600,
    gracePeriodSeconds: 5 * 86_400,
  });
  expect(userOf('{ overlap: 36h }', '{ overlap: 48h }')).toMatchObject({ overlapSeconds: 48 * 3600 });
});

it('the defaults of a stack replace rotateEvery by a schedule', () => {
  expect(userOf('{ schedule: cron(0 4 1 * ? *) }')?.schedule.expression).toBe('cron(0 4 1 * ? *)');
  expect(userOf('{}')?.schedule.expression).toMatch(/^rate/);
});

it('the defaults of a stack are blamed themselves for what users only inherit', () => {
  expect(problemsOf(file('{ maximumKeyAge: 20d }', '{}'))).toMatch(
    /^rotation.yaml:6:17 stacks.production.defaults.maximumKeyAge\n/,
  );
  expect(problemsOf(file('{ overlap: 1h, whenStillInUse: hold }', '{}'))).toMatch(
    /^rotation.yaml:6:\d+ stacks.production.defaults.whenStillInUse\n/,
  );
});

it('the defaults of a stack need not fit together where no user takes them over', () => {
  expect(() => userOf('{ maximumKeyAge: 20d }', '{ maximumKeyAge: 90d }')).not.toThrow();
});
