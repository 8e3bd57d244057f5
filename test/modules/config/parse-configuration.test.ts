import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, refusalOf } from './refusal';

const parse = (text: string) => parseConfiguration('rotation.yaml', text);
const onlyUser = (text: string) => parse(text).stacks[0]?.users[0];

/** Whoever works in a clone of the repository changes this file: nothing here may know what is in it. */

it('the file in the repository is accepted, and has users', () => {
  const { stacks } = parse(readFileSync(resolve(__dirname, '../../../rotation.yaml'), 'utf8'));

  expect(stacks.flatMap(({ users }) => users)).not.toEqual([]);
});

it('the users of a stack come in the order of the file', () => {
  const { stacks } = parse(fileWithStack('users: { mailer: {}, backup: {}, ci: {} }'));

  expect(stacks[0]?.users.map(({ key }) => key)).toEqual(['mailer', 'backup', 'ci']);
});

it('what is not said is filled in for a stack', () => {
  expect(parse(fileWithStack()).stacks[0]).toMatchObject({
    name: 'production',
    accountId: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    prefix: 'iam-key-rotation',
    stackPrefix: 'iam-key-rotation',
    secretPrefix: 'iam-key-rotation',
    sharded: false,
    backend: { kind: 'local', path: 'terraform-state/production.tfstate' },
    functions: 'per-user',
    rolePath: '/',
    tags: {},
    logRetentionDays: 365,
    protection: true,
    secretRecoveryDays: 30,
    retirement: 'act',
    maximumDeletionsPerRun: 25,
    metrics: { perUser: false },
    alerts: { emails: [], topicArns: [], runbookUrl: 'docs/runbook.md', perFunctionAlarms: true },
    auditTrail: { kind: 'none' },
    dashboard: true,
    users: [],
  });
});

it('what is not said is filled in for a user, whose own schedule fits the default policy', () => {
  expect(onlyUser(fileWithStack('users: { ci-deployer: {} }'))).toMatchObject({
    key: 'ci-deployer',
    userName: 'ci-deployer',
    existing: false,
    import: false,
    decommission: false,
    path: '/',
    policyArns: [],
    readers: [],
    selfRenewal: false,
    replicas: [],
    tags: {},
    schedule: {
      expression: 'cron(0 21 16 2,4,6,8,10,12 ? *)',
      windowHours: 3,
      longestGapDays: 62,
      shortestGapDays: 59,
    },
    overlapSeconds: 86_400,
    gracePeriodSeconds: 7 * 86_400,
    maximumKeyAgeSeconds: 90 * 86_400,
    whenStillInUse: 'hold',
  });
});

/** As YAML, in which JSON is one way to write a value. */
const linesOf = (said: object): string[] =>
  Object.entries(said).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);

it('what is said of a stack arrives', () => {
  const said = {
    prefix: 'keys',
    secretPrefix: 'prod/payments',
    vpc: {
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-01234567'],
      securityGroupIds: ['sg-0123456789abcdef0'],
    },
    deployRoleArn: 'arn:aws:iam::111122223333:role/terraform',
    functions: 'shared',
    kmsKeyArn: 'arn:aws:kms:eu-west-1:444455556666:key/mrk-1',
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    rolePath: '/rotation/',
    tags: { team: 'platform' },
    logRetentionDays: 30,
    logKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-2',
    secretRecoveryDays: 0,
    retirement: 'report',
    maximumDeletionsPerRun: 100,
    metrics: { perUser: true },
    alerts: {
      emails: ['oncall@example.com', 'o+k@mail.example.co.uk'],
      topicArns: ['arn:aws:sns:eu-west-1:444455556666:oncall'],
      runbookUrl: 'https://wiki.example.com/runbook',
      perFunctionAlarms: false,
      kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-3',
    },
  };
  const s3 = { bucket: 'tf-state', key: 'a.tfstate', region: 'us-east-1', useLockfile: false };
  const { stacks } = parse(fileWithStack(...linesOf({ ...said, protection: 'off', backend: { s3 } })));

  expect(stacks[0]).toMatchObject({
    ...{ ...said, protection: false, backend: { kind: 's3', ...s3, encrypt: true } },
  });
});

it("what is said of a user arrives, and its tags win over the stack's", () => {
  const said = {
    userName: 'legacy.mailer@example',
    readers: ['arn:aws:iam::444455556666:root'],
    policyArns: ['arn:aws:iam::aws:policy/job-function/Billing'],
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    owner: 'Mail and Co',
    decommission: true,
  };
  const ofStack = {
    tags: { team: 'platform', environment: 'test' },
    kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1',
  };
  const users = { mailer: { ...said, tags: { team: 'mail' } } };

  expect(onlyUser(fileWithStack(...linesOf({ ...ofStack, users })))).toMatchObject({
    ...{ ...said, key: 'mailer', tags: { team: 'mail', environment: 'test' } },
  });
});

it("a user's customer key wins over the stack's, which the others have", () => {
  const [ofStack, ofUser] = ['stack', 'user'].map((name) => `arn:aws:kms:eu-west-1:111122223333:key/${name}`);
  const users = { a: { kmsKeyArn: ofUser }, b: {} };
  const { stacks } = parse(fileWithStack(...linesOf({ kmsKeyArn: ofStack, users })));

  expect(stacks[0]?.users.map(({ kmsKeyArn }) => kmsKeyArn)).toEqual([ofUser, ofStack]);
});

it.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['mx-central-1', 'aws'],
])('the region %s decides the partition, %s', (region, partition) => {
  const text = `stacks: { a: { accountId: '111122223333', region: ${region}, users: {} } }`;
  expect(parse(text).stacks[0]?.partition).toBe(partition);
});

it('an existing user has its name, its readers and its rotation', () => {
  expect(
    onlyUser(fileWithUser('existing: true', 'userName: old', 'owner: ops', 'overlap: 36h')),
  ).toMatchObject({
    existing: true,
    userName: 'old',
    overlapSeconds: 36 * 3600,
  });
});

it('what is said cannot be changed afterwards, at any depth', () => {
  const configuration = parse(fileWithUser('tags: { a: b }', 'readers: [arn:aws:iam::111122223333:role/ci]'));
  const parts: unknown[] = [configuration];
  for (const part of parts) {
    expect(Object.isFrozen(part)).toBe(true);
    const inner: unknown[] = Object.values(part as object);
    parts.push(...inner.filter((value) => typeof value === 'object'));
  }
  expect(parts.length).toBeGreaterThan(8);
});

const withDefaults = (defaults: string, user: string) =>
  onlyUser(`defaults: ${defaults}\n${fileWithStack(`users: { ci-deployer: ${user} }`)}`);

it('defaults hold for users that say nothing else', () => {
  expect(
    withDefaults('{ rotateEvery: 20d, window: 5h, overlap: 2h, gracePeriod: 30m, maximumKeyAge: 30d }', '{}'),
  ).toMatchObject({
    schedule: { windowHours: 5, longestGapDays: 20 },
    overlapSeconds: 7200,
    gracePeriodSeconds: 1800,
    maximumKeyAgeSeconds: 30 * 86_400,
  });
});

it('defaults give way key by key, but rotateEvery and schedule replace each other', () => {
  const user = withDefaults(
    '{ schedule: cron(0 4 1 * ? *), window: 2h, overlap: 2h }',
    '{ rotateEvery: 60d, gracePeriod: 1d }',
  );
  expect(user).toMatchObject({
    schedule: { windowHours: 2, expression: 'rate(58 days)' },
    overlapSeconds: 7200,
    gracePeriodSeconds: 86_400,
  });
  expect(withDefaults('{ rotateEvery: 60d }', '{ schedule: cron(0 4 1 * ? *) }')?.schedule.expression).toBe(
    'cron(0 4 1 * ? *)',
  );
  expect(withDefaults('{ rotateEvery: 60d }', '{ window: 2h }')?.schedule).toMatchObject({
    expression: 'rate(58 days)',
    windowHours: 2,
  });
});

it('defaults that no user takes over as they are need not fit together', () => {
  expect(withDefaults('{ maximumKeyAge: 30d }', '{ rotateEvery: 20d }')?.maximumKeyAgeSeconds).toBe(
    30 * 86_400,
  );
});

it('YAML of version 1.2 is read, in which off and yes are texts, whatever the file claims', () => {
  expect(
    parse(`%YAML 1.1\n---\n${fileWithStack('protection: off', 'tags: { answer: yes }')}`).stacks[0],
  ).toMatchObject({
    protection: false,
    tags: { answer: 'yes' },
  });
});

it('YAML may use anchors, aliases and merge keys', () => {
  const [stack] = parse(
    fileWithStack(
      'users:',
      '  one: &one { owner: ops, readers: &readers [arn:aws:iam::111122223333:role/ci] }',
      '  two: { readers: *readers }',
      '  three: { <<: *one, owner: mail }',
    ),
  ).stacks;
  expect(stack?.users).toMatchObject([
    { owner: 'ops', readers: ['arn:aws:iam::111122223333:role/ci'] },
    { readers: ['arn:aws:iam::111122223333:role/ci'] },
    { owner: 'mail', readers: ['arn:aws:iam::111122223333:role/ci'] },
  ]);
});

it('YAML of a byte order mark and Windows line ends is read too', () => {
  expect(parse(`\uFEFF${fileWithStack().replaceAll('\n', '\r\n')}`).stacks).toHaveLength(1);
});

it('YAML may keep its anchors under keys that begin with x-', () => {
  const text = `x-common: &common { owner: team, overlap: 36h }\n${fileWithStack('users: { ci: *common }')}`;

  expect(parse(text).stacks[0]?.users[0]).toMatchObject({ owner: 'team', overlapSeconds: 36 * 3600 });
});

it('YAML may use one anchor in as many users as it has', () => {
  const users = Array.from({ length: 300 }, (_, index) => `user_${index}: { <<: *common, path: /service/ }`);
  const text = `x-common: &common { owner: team }\n${fileWithStack('functions: shared', `users: { ${users.join(', ')} }`)}`;

  const [stack] = parse(text).stacks;

  expect(stack?.users.map(({ owner }) => owner)).toEqual(Array.from({ length: 300 }, () => 'team'));
});

it('a file with hundreds of mistakes shows the first fifty, and how many more there are', () => {
  const users = Array.from({ length: 80 }, (_, index) => `user_${index}: 5`).join(', ');

  const { message } = refusalOf(fileWithStack(`users: { ${users} }`));

  expect(message).toMatch(/^80 problems in /);
  expect(message.match(/found /g)).toHaveLength(50);
  expect(message).toMatch(/\n\nand 30 more$/);
});

it('YAML that multiplies itself by aliases is refused, not expanded', () => {
  const lines = Array.from({ length: 9 }, (_, index) =>
    index === 0 ? 'l0: &l0 [x,x,x,x,x,x,x,x,x]' : `l${index}: &l${index} [${`*l${index - 1},`.repeat(9)}]`,
  );
  expect(refusalOf(lines.join('\n')).problems).toMatchObject([
    { found: expect.stringMatching(/^[\d,]+ values$/) as string, write: 'fewer aliases of aliases' },
  ]);
});

it('problems are told all at once, in the order of the file, whatever has found them', () => {
  const { message } = refusalOf(
    [
      'defaults: { overlap: 24 }',
      'stacks:',
      '  production:',
      '    accountId: 111122223333',
      '    region: eu-west-1',
      '    functions: pre-user',
      '    users:',
      '      retire: {}',
      '      ci-deployer:',
      '        schedule: cron(5 4 1 * ? *)',
      '        path: service',
      '        owner: ops',
      '        owner: mail',
      '      reports: { pollicyArns: [] }',
      '',
    ].join('\n'),
  );
  expect(message.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
    '8 problems in rotation.yaml',
    '',
    'rotation.yaml:1:13 defaults.overlap',
    '',
    'rotation.yaml:4:5 stacks.production.accountId',
    '',
    'rotation.yaml:6:5 stacks.production.functions',
    '',
    'rotation.yaml:8:7 stacks.production.users.retire',
    '',
    'rotation.yaml:10:9 stacks.production.users.ci-deployer.schedule',
    '',
    'rotation.yaml:11:9 stacks.production.users.ci-deployer.path',
    '',
    'rotation.yaml:13:9 stacks.production.users.ci-deployer.owner',
    '',
    'rotation.yaml:14:18 stacks.production.users.reports.pollicyArns',
  ]);
});

it('problems draw no conclusions from values that were refused', () => {
  // The interval fits to no overlap of a day; of an unreadable overlap nothing is known.
  expect(refusalOf(fileWithUser('rotateEvery: 9d', 'overlap: 1')).problems).toHaveLength(1);
  // Two stacks without a readable prefix do not share the default one.
  const stack = "{ accountId: '111122223333', region: eu-west-1, prefix: 1, users: {} }";
  expect(refusalOf(`stacks: { a: ${stack}, b: ${stack} }`).problems).toHaveLength(2);
  // A user with an unreadable name is not called as its key.
  const users = '{ one: { userName: two }, two: { userName: "" } }';
  expect(refusalOf(fileWithStack(`users: ${users}`)).problems).toHaveLength(1);
});

it('problems of inherited schedules are told once, at the defaults', () => {
  const { problems } = refusalOf(
    `defaults: { schedule: cron(5 4 1 * ? *) }\n${fileWithStack('users: { one: {}, two: { overlap: 2h } }')}`,
  );
  expect(problems).toMatchObject([{ path: ['defaults', 'schedule'] }]);
});

it('problems of a key are told beside those of its value', () => {
  const { problems } = refusalOf(fileWithStack('users: { retire: 1 }'));
  expect(problems.map(({ found }) => found)).toEqual(['1 (a number, as it has no quotes)', "'retire'"]);
});

it.each([
  ['stacks', "stacks: { __proto__: , a: { accountId: '111122223333', region: eu-west-1, users: {} } }"],
  ['users', fileWithStack('users: { __proto__: [] }')],
  ['tags', fileWithUser('tags: { __proto__: x }')],
  ['anything', `__proto__: {}\n${fileWithStack()}`],
])('problems are made of a key called __proto__ among %s, which would vanish otherwise', (_where, text) => {
  expect(refusalOf(text).problems).toMatchObject([{ found: "'__proto__'" }]);
});

it('problems of an alias stand where the alias is used', () => {
  const { problems } = refusalOf(
    fileWithStack('users:', '  one: &one { rotateEvery: 60d }', '  two: { <<: *one, maximumKeyAge: 30d }'),
  );
  expect(problems).toMatchObject([
    { line: 7, path: ['stacks', 'production', 'users', 'two', 'rotateEvery'] },
  ]);
});

it('problems show long values shortened', () => {
  const [problem] = refusalOf(fileWithUser(`owner: '${'!'.repeat(300)}'`)).problems;
  expect(problem?.found).toBe(`'${'!'.repeat(80)}… (300 characters)'`);
});

const users = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `user_${index}: {}`).join(', ')} }`;

const parseTold = (...lines: readonly string[]) =>
  parse(fileWithStack('alerts: { emails: [oncall@example.com] }', ...lines));

it('warnings are given for more than 300 functions of their own in an account', () => {
  expect(parseTold(`users: ${users(301)}`).warnings).toEqual([
    {
      path: 'stacks.production.functions',
      text: expect.stringContaining('account 111122223333 gets 301 functions') as string,
    },
  ]);
});

it('warnings are not given for 300, nor for a shared function', () => {
  expect(parseTold(`users: ${users(300)}`).warnings).toEqual([]);
  expect(parseTold('functions: shared', `users: ${users(301)}`).warnings).toEqual([]);
});

it('warnings are given for a state that nobody locks', () => {
  const http = (lock: string): string =>
    fileWithStack(`backend: { http: { address: https://example.com/s${lock} } }`);

  expect(parse(http('')).warnings).toEqual([
    {
      path: 'stacks.production.backend.http',
      text: 'stacks.production.backend.http: the state is not locked, so that two applies at a time can lose what one of them made. Write lockAddress, if the server has locks.',
    },
  ]);
  expect(parse(http(', lockAddress: https://example.com/s/lock')).warnings).toEqual([]);
});

it('warnings are given for a copy with AWS’s own key of a secret with a customer key', () => {
  const replicas = 'replicaRegions: { us-east-1: {} }';
  const key = "kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1'";

  expect(parseTold(key, replicas, 'users: { ci: {} }').warnings).toEqual([
    {
      path: 'stacks.production.replicaRegions',
      text: "stacks.production.replicaRegions: the secrets are encrypted with a customer key, and their copies in us-east-1 with AWS's own. Write kmsKeyArn for the region, with a key of that region.",
    },
  ]);
  expect(parseTold(replicas, 'users: { ci: {} }').warnings).toEqual([]);
});
