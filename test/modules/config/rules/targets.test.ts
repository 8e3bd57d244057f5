import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, itAccepts } from '../refusal';

const SECRET = 'secret: { id: payments/env, fields: { AWS_ACCESS_KEY_ID: AccessKeyId } }';
const withTargets = (...targets: string[]): string =>
  fileWithUser(`deliver: [${targets.map((target) => `{ ${target} }`).join(', ')}]`);

itAccepts(
  'a secret and a parameter as targets',
  withTargets(SECRET, 'parameter: { name: /payments/aws-key }'),
);
itAccepts(
  'a stable key that is called as the delivery function, where nothing is delivered',
  fileWithStack('users: { deliver: {} }'),
);

const SERVICE = 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api';
const restarting = (arn: string): string => `restart: { ecsService: "${arn}" }`;

itAccepts(
  'services that are restarted, of several clusters',
  withTargets(restarting(SERVICE), restarting(SERVICE.replace('payments/', 'mail/'))),
);
itAccepts(
  'one service that is restarted for two users',
  fileWithStack(
    `users: { a: { deliver: [{ ${restarting(SERVICE)} }] }, b: { deliver: [{ ${restarting(SERVICE)} }] } }`,
  ),
);

it('a service that is restarted is a target as the functions know it', () => {
  const [user] = parseConfiguration('rotation.yaml', withTargets(restarting(SERVICE))).stacks[0]!.users;
  expect(user!.deliver).toEqual([{ kind: 'restart', ecsService: SERVICE }]);
});

it('the targets of a user are kept in the order of the file, as the functions know them', () => {
  const file = withTargets(SECRET, 'parameter: { name: /payments/aws-key }');
  expect(parseConfiguration('rotation.yaml', file).stacks[0]!.users[0]!.deliver).toEqual([
    { kind: 'secret', id: 'payments/env', fields: { AWS_ACCESS_KEY_ID: 'AccessKeyId' } },
    { kind: 'parameter', name: '/payments/aws-key' },
  ]);
});

it('a user that nothing is said of has no targets', () => {
  expect(parseConfiguration('rotation.yaml', fileWithUser('path: /')).stacks[0]!.users[0]!.deliver).toEqual(
    [],
  );
});

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/env-AbCdEf';
const withId = (id: string): string => withTargets(SECRET.replace('payments/env', `"${id}"`));
const withFields = (fields: string): string => withTargets(`secret: { id: payments/env, fields: ${fields} }`);

itAccepts('a secret by its ARN', withId(ARN));

it.each([
  [
    'a target that is no place',
    withTargets(''),
    'deliver[0]',
    'one key: secret, parameter, restart, githubActions or https',
  ],
  [
    'a target that is two places',
    withTargets(`${SECRET}, parameter: { name: /a }`),
    'deliver[0]',
    'one key: secret',
  ],
  ['a secret of this stack', withId('iam-key-rotation/other'), '.secret.id', "are this stack's own"],
  [
    'a secret of this stack by its ARN',
    withId(ARN.replace('payments/env', 'iam-key-rotation/other')),
    '.secret.id',
    "are this stack's own",
  ],
  [
    'a secret of another account',
    withId(ARN.replace('111122223333', '444455556666')),
    '.secret.id',
    'account and region',
  ],
  [
    'a secret of another region',
    withId(ARN.replace('eu-west-1', 'eu-west-3')),
    '.secret.id',
    'account and region',
  ],
  [
    'a secret of another partition',
    withId(ARN.replace('arn:aws:', 'arn:aws-cn:')),
    '.secret.id',
    'in the partition aws',
  ],
  [
    'a secret of another account whose name begins as those of this stack',
    withId(ARN.replace('payments/env', 'iam-key-rotation/a').replace('111122223333', '444455556666')),
    '.secret.id',
    'account and region',
  ],
  [
    'an ARN without its end',
    withId(ARN.replace('-AbCdEf', '')),
    '.secret.id',
    'its name, or by its whole ARN',
  ],
  ['a secret without fields', withFields('{}'), '.secret.fields', '1 to 20 parts of the key pair'],
  [
    'a field with a blank at its end',
    withFields('{ "A ": AccessKeyId }'),
    '.fields["A "]',
    'name of a field',
  ],
  [
    'a part of the key pair that there is not',
    withFields('{ A: AccessKey }'),
    '.fields.A',
    'A is AccessKeyId,',
  ],
  [
    'an SMTP password without sesSmtp',
    withFields('{ A: SmtpPassword }'),
    '.fields.A',
    'only a user with sesSmtp has',
  ],
  [
    'a parameter without its whole path',
    withTargets('parameter: { name: aws-key }'),
    '.name',
    'begins with /',
  ],
  ['a parameter of AWS', withTargets('parameter: { name: /aws/key }'), '.name', 'not with /aws or /ssm'],
  [
    'a secret that two entries of one user fill, each with other fields',
    withTargets(
      SECRET,
      SECRET.replace('AWS_ACCESS_KEY_ID: AccessKeyId', 'AWS_SECRET_ACCESS_KEY: SecretAccessKey'),
    ),
    'deliver[1].secret.id',
    'one key goes to one place',
  ],
  [
    'a parameter that two entries write',
    withTargets('parameter: { name: /a }', 'parameter: { name: /a }'),
    'deliver[1].parameter.name',
    'one key goes to one place',
  ],
  [
    'a secret that is named by name and by ARN',
    withTargets(SECRET, SECRET.replace('payments/env', `"${ARN}"`)),
    'deliver[1].secret.id',
    'one key goes to one place',
  ],
  [
    'a field that two users fill',
    fileWithStack(`users: { a: { deliver: [{ ${SECRET} }] }, b: { deliver: [{ ${SECRET} }] } }`),
    'users.b.deliver[0].secret.fields',
    'one key goes to one place',
  ],
  [
    'a service by its name',
    withTargets(restarting('payments/api')),
    'deliver[0].restart.ecsService',
    'by its ARN, with its cluster',
  ],
  [
    'the ARN of a service without its cluster',
    withTargets(restarting(SERVICE.replace('payments/', ''))),
    'deliver[0].restart.ecsService',
    'by its ARN, with its cluster',
  ],
  [
    'the ARN of a task',
    withTargets(restarting(SERVICE.replace(':service/', ':task/'))),
    'deliver[0].restart.ecsService',
    'by its ARN, with its cluster',
  ],
  [
    'a service of another account',
    withTargets(restarting(SERVICE.replace('111122223333', '444455556666'))),
    'deliver[0].restart.ecsService',
    'account and region',
  ],
  [
    'a service of another region',
    withTargets(restarting(SERVICE.replace('eu-west-1', 'eu-west-3'))),
    'deliver[0].restart.ecsService',
    'account and region',
  ],
  [
    'a service of another partition',
    withTargets(restarting(SERVICE.replace('arn:aws:', 'arn:aws-cn:'))),
    'deliver[0].restart.ecsService',
    'in the partition aws',
  ],
  [
    'a service that one user names twice',
    withTargets(restarting(SERVICE), SECRET, restarting(SERVICE)),
    'deliver[2].restart.ecsService',
    'one key goes to one place',
  ],
  [
    'a stable key that is called as the delivery function',
    fileWithStack('users: { deliver: {}, a: { deliver: [{ parameter: { name: /a } }] } }'),
    'users.deliver',
    'deliver is reserved',
  ],
])('%s is refused, once, at its place, with the rule and what to write', (_what, file, place, rule) => {
  let message = '';
  try {
    parseConfiguration('rotation.yaml', file);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message.match(/^ {2}rule {3}/gm)).toHaveLength(1);
  expect(message).toContain(place);
  expect(message).toContain(rule);
  expect(message).toMatch(/^ {2}write {2}\S/m);
});

it('two secrets whose names are refused are not taken for one place', () => {
  const refused = SECRET.replace('payments/env', '"a secret"');
  expect(() => parseConfiguration('rotation.yaml', withTargets(refused, refused))).toThrow(/^2 problems/);
});

it('deliver accepts no key that it does not know', () => {
  expect(() => parseConfiguration('rotation.yaml', withTargets('lambda: { name: x }'))).toThrow(/lambda/);
  expect(() =>
    parseConfiguration(
      'rotation.yaml',
      withTargets(`restart: { ecsService: "${SERVICE}", cluster: payments }`),
    ),
  ).toThrow(/cluster/);
});
