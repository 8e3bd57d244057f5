import { stackSchema } from '../../../modules/config/schema/stack';
import {
  fileWithStack,
  fileWithUser,
  itRefuses,
  itRefusesOfStack,
  itRefusesOfUser,
  refusalOf,
} from './refusal';

itRefusesOfUser('a duration without its unit', 'overlap: 24')`
  found  24 (a number, as it has no quotes)
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  overlap: 24h`;

itRefuses('an account id without quotes', fileWithStack().replace("'111122223333'", '011122223333'))`
rotation.yaml:3:5 stacks.production.accountId
  found  011122223333 (a number, as it has no quotes)
  rule   an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost
  write  accountId: "011122223333"`;

itRefusesOfStack('a layout of functions that there is not', 'functions: per_user')`
  rule   functions is per-user or shared
  write  functions: per-user`;

itRefusesOfStack('a recovery time that Secrets Manager refuses', 'secretRecoveryDays: 3')`
  found  3 (a number, as it has no quotes)
  rule   secretRecoveryDays is a whole number without quotes, 0 or 7 to 30
  write  secretRecoveryDays: 30`;

itRefusesOfStack('log retention that CloudWatch Logs does not offer', 'logRetentionDays: 100')`
  found  100 (a number, as it has no quotes)
  rule   logRetentionDays is a number without quotes, one that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
  write  logRetentionDays: 120`;

itRefusesOfUser('a yes in words', 'existing: yes')`
  rule   a yes or no is written true or false, without quotes
  write  existing: true`;

itRefuses('an account id in place of a reader', fileWithUser("readers: ['444455556666']"))`
rotation.yaml:7:19 stacks.production.users.ci-deployer.readers[0]
  found  '444455556666'
  rule   a reader is the ARN of a role, of a user, or of an account (:root), without wildcards
  write  arn:aws:iam::444455556666:root`;

itRefusesOfUser('a list that is a text', 'readers: arn:aws:iam::111122223333:role/ci')`
  rule   readers is a list of up to 50 ARNs of roles, users or accounts
  write  readers: [arn:aws:iam::111122223333:role/ci]`;

itRefuses('a user without a value', fileWithStack('users:', '  ci-deployer:'))`
rotation.yaml:6:7 stacks.production.users.ci-deployer
  found  nothing
  rule   a user is a map; {} if nothing more is to be said
  write  ci-deployer: {}`;

itRefusesOfStack('users that are a list', 'users: [ci-deployer]')`
  found  a list of 1 entry
  rule   users is a map of users; {} if there are none
  write  users: {}, or a user below it, such as ci-deployer: {}`;

it.each([
  ['everybody as a reader', "readers: ['*']"],
  ['an alias in place of a KMS key', 'kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:alias/secrets', 'stack'],
  ['a boundary that is no policy', 'permissionsBoundaryArn: arn:aws:iam::111122223333:role/x'],
  ['a name with a space', 'userName: legacy mailer'],
  ['a path with a space', 'path: /my service/'],
  ['an owner with signs that tags refuse', "owner: 'platform & friends'"],
  ['a duration of two units', 'maximumKeyAge: 90d12h'],
  ['a duration with a unit that is none', 'gracePeriod: 1w'],
  ['an interval in minutes', 'rotateEvery: 300m'],
  ['a window that is no number of hours', 'window: 90m'],
  ['a region with a typing error', 'sesSmtp: { region: eu-wset-1 }'],
  ['a prefix that begins with a digit', 'prefix: 1st', 'stack'],
  ['a prefix that is too short for a table', 'prefix: ab', 'stack'],
  ['an empty tag', "tags: { team: '' }"],
])('a value that breaks its rule is refused: %s', (_what, line, where = 'user') => {
  expect(refusalOf(where === 'user' ? fileWithUser(line) : fileWithStack(line)).problems).toHaveLength(1);
});

it.each([
  // The limits decide, not how many digits there are.
  ['maximumDeletionsPerRun', "'2500'", '2500'],
  ['maximumDeletionsPerRun', "'5001'", '25'],
  ['secretRecoveryDays', '14d', '14'],
  ['auditRetentionDays', "'90'", '90'],
  ['logRetentionDays', "'30'", '30'],
  ['logRetentionDays', '4000', '365'],
  // What people mean by a word.
  ['dashboard', 'no', 'false'],
  ['dashboard', 'on', 'true'],
  ['protection', 'false', 'off'],
  ['protection', 'true', 'on'],
  ['retirement', 'dry-run', 'report'],
  ['retirement', 'reports', 'report'],
  ['auditTrail', 'new', 'create'],
  ['functions', 'Shared', 'shared'],
  ['rolePath', 'service', '/service/'],
  ['rolePath', '/my service/', '/service/'],
])('an error suggests what was meant where it can: %s: %s', (key, written, suggested) => {
  expect(refusalOf(fileWithStack(`${key}: ${written}`)).problems[0]?.write).toBe(`${key}: ${suggested}`);
});

it.each([
  ['userName', '42', '"42"'],
  ['owner', 'true', '"true"'],
  ['tags', '{ cost-center: 4711 }', '"4711"'],
  ['overlap', '0', '0h'],
  ['gracePeriod', '7', '7d'],
  ['rotateEvery', '30', '30d'],
  ['window', '5', '5h'],
])('an error suggests quotes or a unit for a number: %s: %s', (key, written, suggested) => {
  expect(refusalOf(fileWithUser(`${key}: ${written}`)).problems[0]?.write).toMatch(`: ${suggested}`);
});

it.each([
  [
    'alerts: on',
    'alerts is a map with one or more of the keys emails, topicArns, format, runbookUrl, perFunctionAlarms and kmsKeyArn',
  ],
  ['metrics: on', 'metrics is a map with the key perUser'],
  [
    'backend: { s3: on }',
    's3 is a map with bucket, key and region; it may have useLockfile, kmsKeyId and roleArn, too',
  ],
  [
    'defaults: on',
    'defaults is a map with one or more of the keys rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge and whenStillInUse',
  ],
  ['shards: { two: on }', 'a shard is a map with one or more of the keys users and include'],
])('the rule for a map names its keys: %s', (line, rule) => {
  expect(refusalOf(fileWithStack(line)).problems[0]?.rule).toBe(rule);
});

it('the rule for a map names the keys of the whole file, include among them', () => {
  expect(refusalOf('[]').problems[0]?.rule).toBe(
    'the file is a map with one or more of the keys defaults, include and stacks',
  );
});

const STACK_KEYS = Object.keys(stackSchema.shape).join(', ');

itRefuses('a key of another place', fileWithStack('overlap: 24h'))`
rotation.yaml:5:5 stacks.production.overlap
  found  the unknown key 'overlap'
  rule   the keys here are ${STACK_KEYS}
  write  overlap under defaults or a user, where it belongs`;

itRefuses('a key of the whole file', `version: 1\n${fileWithStack()}`)`
rotation.yaml:1:1 version
  found  the unknown key 'version'
  rule   the keys here are defaults, include, stacks
  write  one of these keys, or nothing`;

it.each([
  ['a typing error', 'overlaps: 24h', 'overlap (did you mean this?)'],
  ['a key in the wrong case', 'policyARNs: []', 'policyArns (did you mean this?)'],
  ['a key of a stack', 'functions: shared', 'functions under a stack, where it belongs'],
  ['a key that nothing resembles', 'colour: red', 'one of these keys, or nothing'],
])('a key that is not in the schema comes with what was probably meant: %s', (_what, line, write) => {
  expect(refusalOf(fileWithUser(line)).problems).toMatchObject([{ write }]);
});

itRefuses('a stack without all that it needs', 'stacks:\n  production: {}\n')`
rotation.yaml:2:3 stacks.production.accountId
  found  nothing
  rule   an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost
  write  accountId: "111122223333"

rotation.yaml:2:3 stacks.production.region
  found  nothing
  rule   a region is the short name of an AWS region
  write  region: eu-west-1

rotation.yaml:2:3 stacks.production.users
  found  nothing
  rule   users is a map of users; {} if there are none
  write  users: {}, or a user below it, such as ci-deployer: {}`;

it.each([
  ['no stacks', 'defaults: { overlap: 24h }\n', 'nothing'],
  ['no stack in them', 'stacks: {}\n', 'an empty map'],
])('a stack is missed in a file: %s', (_what, text, found) => {
  const rule = 'stacks has at least one stack';
  const write = 'a stack below it, such as production: with accountId, region and users';
  expect(refusalOf(text).problems).toMatchObject([{ path: ['stacks'], found, rule, write }]);
});

it('each key that the state in S3 needs is missed', () => {
  const { problems } = refusalOf(fileWithStack('backend: { s3: { bucket: tf-state } }'));
  expect(problems.map(({ path }) => path.at(-1))).toEqual(['key', 'region']);
});
