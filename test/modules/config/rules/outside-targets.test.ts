import { deliveryTargetSchema } from '../../../../contract/delivery';
import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, itAccepts, NOW, problemsOf } from '../refusal';

type Keys = Readonly<Record<string, unknown>>;

const GITHUB: Keys = {
  repository: 'acme/payments',
  secrets: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
  tokenSecret: 'ci/github-token',
};
const HTTPS: Keys = {
  url: 'https://ci.example.com/variables/1',
  headers: { Authorization: 'Bearer {token}' },
  body: { value: '{SecretAccessKey}' },
  tokenSecret: 'ci/token',
};
const TOKEN_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/token-AbCdEf';

/** YAML has JSON in it. */
const fileWith = (...targets: readonly Keys[]): string => fileWithUser(`deliver: ${JSON.stringify(targets)}`);
/** @param change keys that are undefined are left out */
const github = (change: Keys = {}): string => fileWith({ githubActions: { ...GITHUB, ...change } });
const https = (change: Keys = {}): string => fileWith({ https: { ...HTTPS, ...change } });
const withHeaders = (headers: Keys): string =>
  https({ headers: { ...(HTTPS['headers'] as Keys), ...headers } });
const deliverOf = (file: string) =>
  parseConfiguration('rotation.yaml', file, NOW).stacks[0]!.users[0]!.deliver;

it('secrets of GitHub Actions are known to the functions as they are written', () => {
  expect(deliverOf(github({ environment: 'production' }))).toEqual([
    { kind: 'githubActions', ...GITHUB, environment: 'production' },
  ]);
});

it('an address is known to the functions with its method, and its body as a text', () => {
  expect(deliverOf(https())).toEqual([
    {
      kind: 'https',
      ...HTTPS,
      method: 'PUT',
      body: { format: 'json', template: '{"value":"{SecretAccessKey}"}' },
    },
  ]);
});

it('a body that is a text stays one, and what a person said of a POST goes no further', () => {
  const text = '<key>{SecretAccessKey}</key>\n<id>{AccessKeyId}</id>';
  const [target] = deliverOf(https({ method: 'POST', idempotent: true, body: text }));
  expect(target).toMatchObject({ method: 'POST', body: { format: 'text', template: text } });
  expect(target).not.toHaveProperty('idempotent');
});

itAccepts('an organization', github({ repository: undefined, organization: 'acme' }));
itAccepts(
  'a GitHub of one’s own, at a private address',
  github({ apiUrl: 'https://ghe.example.com/api/v3', allowPrivate: ['ghe.example.com'] }),
);
itAccepts(
  'a token by its ARN, under a customer key',
  github({
    tokenSecret: TOKEN_ARN,
    kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  }),
);
itAccepts('an address without a token', https({ headers: undefined, tokenSecret: undefined }));
itAccepts(
  'a PATCH with nested values of every type',
  https({ method: 'PATCH', body: { data: { id: 'var-1', list: [1, true, null, '{AccessKeyId}'] } } }),
);
itAccepts(
  'a UUID in braces, which is no placeholder',
  https({ body: { uuid: '{a1b2c3d4-0000-0000-0000-000000000000}', value: '{AccessKeyId}' } }),
);
itAccepts(
  'an address with a port, a query and what is escaped',
  https({ url: 'https://ci.example.com:8443/a/%7B1%7D?filter[scope]=production' }),
);
itAccepts(
  'addresses that may be private',
  https({ allowPrivate: ['CI.example.com', '10.0.0.7', 'fd00::7'] }),
);
itAccepts('an address by number', https({ url: 'https://[fd00::7]/x', allowPrivate: ['fd00::7'] }));
itAccepts(
  'different secrets of one repository for two users',
  fileWithStack(
    `users: ${JSON.stringify({
      a: { deliver: [{ githubActions: { ...GITHUB, secrets: { A: 'AccessKeyId' } } }] },
      b: { deliver: [{ githubActions: { ...GITHUB, secrets: { B: 'AccessKeyId' } } }] },
    })}`,
  ),
);

it.each<[what: string, file: string, place: string, rule: string]>([
  [
    'two kinds in one target',
    fileWith({ githubActions: GITHUB, https: HTTPS }),
    'deliver[0]',
    'secret, parameter, restart, githubActions or https',
  ],
  [
    'neither repository nor organization',
    github({ repository: undefined }),
    '.githubActions',
    'one of the two keys',
  ],
  [
    'both repository and organization',
    github({ organization: 'acme' }),
    '.githubActions',
    'one of the two keys',
  ],
  [
    'an environment of an organization',
    github({ repository: undefined, organization: 'acme', environment: 'x' }),
    '.environment',
    'one of a repository',
  ],
  ['a repository without its owner', github({ repository: 'payments' }), '.repository', 'owner/name'],
  ['a repository that leads elsewhere', github({ repository: 'acme/..' }), '.repository', 'owner/name'],
  ['no secrets', github({ secrets: {} }), '.secrets', '1 to 20 parts of the key pair'],
  [
    'a name that GitHub keeps for itself',
    github({ secrets: { github_KEY: 'AccessKeyId' } }),
    '.secrets.github_KEY',
    'GITHUB_',
  ],
  [
    'a name with a hyphen',
    github({ secrets: { 'AWS-KEY': 'AccessKeyId' } }),
    '.secrets.AWS-KEY',
    'letters, digits and _',
  ],
  [
    'an SMTP password without sesSmtp',
    github({ secrets: { A: 'SmtpPassword' } }),
    '.secrets.A',
    'only a user with sesSmtp',
  ],
  [
    'two names that differ only in case',
    github({ secrets: { A: 'AccessKeyId', a: 'SecretAccessKey' } }),
    '.secrets.a',
    'one key goes to one place',
  ],
  ['an API without TLS', github({ apiUrl: 'http://ghe.example.com/api/v3' }), '.apiUrl', 'https address'],
  [
    'an API with a slash at its end',
    github({ apiUrl: 'https://ghe.example.com/' }),
    '.apiUrl',
    'slash at its end',
  ],
  ['no token', github({ tokenSecret: undefined }), '.githubActions.tokenSecret', 'tokenSecret'],
  [
    'a token among the stack’s own secrets',
    github({ tokenSecret: 'iam-key-rotation/other' }),
    '.tokenSecret',
    "this stack's own",
  ],
  [
    'a token in another region',
    github({ tokenSecret: TOKEN_ARN.replace('eu-west-1', 'eu-west-3') }),
    '.tokenSecret',
    'the secret of a token is in',
  ],
  [
    'a customer key of another region',
    github({ kmsKeyArn: 'arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }),
    '.kmsKeyArn',
    'region',
  ],
  [
    'a place in two entries of a user',
    fileWith(
      { githubActions: GITHUB },
      { githubActions: { ...GITHUB, repository: 'Acme/Payments', secrets: { B: 'AccessKeyId' } } },
    ),
    'deliver[1].githubActions',
    'one key goes to one place',
  ],
  ['no TLS', https({ url: 'http://ci.example.com/' }), '.url', 'https URL'],
  ['an address without a path', https({ url: 'https://ci.example.com' }), '.url', 'with a path'],
  ['a placeholder in the host', https({ url: 'https://{UserName}.example.com/' }), '.url', 'without braces'],
  [
    'a placeholder in the path',
    https({ url: 'https://ci.example.com/{UserName}' }),
    '.url',
    'without braces',
  ],
  ['a placeholder for the scheme', https({ url: '{token}://ci.example.com/' }), '.url', 'https URL'],
  ['a user in the address', https({ url: 'https://me:CANARY@ci.example.com/' }), '.url', 'https URL'],
  ['a fragment', https({ url: 'https://ci.example.com/#a' }), '.url', 'fragment'],
  [
    'a backslash, which some read as a slash',
    https({ url: 'https://ci.example.com/\\evil.example.com/' }),
    '.url',
    'https URL',
  ],
  ['a port that there is not', https({ url: 'https://ci.example.com:70000/' }), '.url', 'at most 65535'],
  [
    'a token in the query',
    https({ url: 'https://ci.example.com/?private_token=CANARY' }),
    '.url',
    'no token and no key is in its query',
  ],
  ['a method that changes nothing', https({ method: 'GET' }), '.method', 'PUT, PATCH or POST'],
  [
    'a POST of which nobody says that it may be repeated',
    https({ method: 'POST' }),
    '.method',
    'may then do something twice',
  ],
  ['a PUT of which somebody does', https({ idempotent: true }), '.idempotent', 'POST alone'],
  ['a credential in a header', withHeaders({ 'X-Api-Key': 'CANARY' }), '.headers.X-Api-Key', '{token}'],
  [
    'a credential in Authorization',
    https({ headers: { authorization: 'Bearer CANARY' }, tokenSecret: undefined }),
    '.headers.authorization',
    'state of Terraform',
  ],
  ['a cookie', withHeaders({ Cookie: 'session=CANARY' }), '.headers.Cookie', '{token}'],
  [
    'a header that follows from the request',
    withHeaders({ Host: 'other.example.com' }),
    '.headers.Host',
    'follows from the request',
  ],
  ['a header with a blank in its name', withHeaders({ 'a b': 'x' }), '.headers["a b"]', "header's name"],
  ['a header of two lines', withHeaders({ 'X-A': 'a\r\nb: c' }), '.headers.X-A', 'printable ASCII'],
  [
    'a header twice',
    withHeaders({ AUTHORIZATION: '{token}' }),
    '.headers.AUTHORIZATION',
    'differ only in case',
  ],
  [
    'a form',
    withHeaders({ 'Content-Type': 'application/x-www-form-urlencoded' }),
    '.headers.Content-Type',
    'a form is not sent',
  ],
  [
    'a placeholder that there is not, in a header',
    withHeaders({ 'X-A': '{Password}' }),
    '.headers.X-A',
    'no part of the key pair',
  ],
  [
    'an SMTP user name in a header without sesSmtp',
    withHeaders({ 'X-A': '{SmtpUserName}' }),
    '.headers.X-A',
    'only a user with sesSmtp',
  ],
  [
    '{token} without a token',
    https({ tokenSecret: undefined }),
    '.headers.Authorization',
    '{token} stands for',
  ],
  ['a token that no header has', https({ headers: { 'X-A': 'x' } }), '.tokenSecret', 'no header has it'],
  [
    'a customer key without a token',
    https({
      headers: undefined,
      tokenSecret: undefined,
      kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    }),
    '.kmsKeyArn',
    'key of tokenSecret',
  ],
  [
    '{token} in the body',
    https({ body: { value: '{SecretAccessKey}', token: '{token}' } }),
    '.body',
    '{token} stands in headers alone',
  ],
  [
    'a placeholder that there is not, in the body',
    https({ body: { value: '{secretAccessKey}' } }),
    '.body',
    'no part of the key pair',
  ],
  [
    'an SMTP password in the body without sesSmtp',
    https({ body: '{SmtpPassword}' }),
    '.body',
    'only a user with sesSmtp',
  ],
  [
    'a placeholder in the name of a field',
    https({ body: { '{AccessKeyId}': '{SecretAccessKey}' } }),
    '.body',
    'in its values',
  ],
  [
    'a body with no part of the key pair',
    https({ body: { value: 'CANARY' } }),
    '.body',
    'has a part of the key pair',
  ],
  ['a body that is a list', https({ body: ['{SecretAccessKey}'] }), '.body', 'a map, or a text'],
  [
    'a body without measure',
    https({ body: `{SecretAccessKey}${'a'.repeat(8_000)}` }),
    '.body',
    'up to 8000 characters',
  ],
  [
    'a host that is never connected to',
    https({ allowPrivate: ['other.example.com'] }),
    '.allowPrivate[0]',
    'no other host is connected to',
  ],
  [
    'a port of what may be private',
    https({ allowPrivate: ['ci.example.com:8443'] }),
    '.allowPrivate[0]',
    'no port',
  ],
  [
    'an address that two entries write',
    fileWith({ https: HTTPS }, { https: { ...HTTPS, method: 'PATCH' } }),
    'deliver[1].https.url',
    'one key goes to one place',
  ],
])('%s is refused, once, at its place, with the rule and what to write', (_what, file, place, rule) => {
  const message = problemsOf(file);
  expect(message.match(/^ {2}rule {3}/gm)).toHaveLength(1);
  expect(message).toContain(place);
  expect(message).toContain(rule);
  expect(message).toMatch(/^ {2}write {2}\S/m);
  expect(message).not.toContain('CANARY');
});

it('SMTP credentials go to a user’s targets with sesSmtp', () => {
  const lines = [
    `deliver: ${JSON.stringify([{ https: { ...HTTPS, body: '{SmtpUserName} {SmtpPassword}' } }])}`,
  ];
  expect(() =>
    parseConfiguration('rotation.yaml', fileWithUser('sesSmtp: { region: eu-west-1 }', ...lines), NOW),
  ).not.toThrow();
});

it.each([
  ['20 levels', 20, true],
  ['21 levels', 21, false],
])('a body of %s', (_what, levels, isAccepted) => {
  const nested = JSON.parse(`${'{"a":'.repeat(levels)}"{AccessKeyId}"${'}'.repeat(levels)}`) as Keys;
  const read = () => deliverOf(https({ body: nested }));
  if (isAccepted) expect(read).not.toThrow();
  else expect(read).toThrow('a body is a map, or a text');
});

it.each([
  ['githubActions', github({ environment: 'production', apiUrl: 'https://ghe.example.com/api/v3' })],
  ['githubActions of an organization', github({ repository: undefined, organization: 'acme' })],
  ['https', https({ allowPrivate: ['ci.example.com'] })],
])('what is stored of %s, the functions can read', (_kind, file) => {
  for (const target of deliverOf(file)) expect(deliveryTargetSchema.parse(target)).toEqual(target);
});
