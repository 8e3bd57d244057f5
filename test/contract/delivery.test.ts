import { targetName, targetShape, type DeliveryTarget } from '../../contract/delivery';

const GITHUB = {
  kind: 'githubActions',
  repository: 'acme/payments',
  secrets: { A: 'AccessKeyId', B: 'SecretAccessKey' },
  tokenSecret: 'ci/token',
} as const satisfies DeliveryTarget;
const HTTPS = {
  kind: 'https',
  url: 'https://ci.example.com/variables/1?scope=a',
  method: 'PUT',
  headers: { Authorization: 'Bearer {token}', 'X-A': 'a' },
  body: { format: 'json', template: '{"value":"{AccessKeyId}"}' },
  tokenSecret: 'ci/token',
} as const satisfies DeliveryTarget;
const ofNobody = { ...GITHUB, repository: undefined };

test.each<[DeliveryTarget, string]>([
  [{ kind: 'secret', id: 'payments/env', fields: {} }, 'secret payments/env'],
  [{ kind: 'parameter', name: '/payments/key' }, 'parameter /payments/key'],
  [GITHUB, 'GitHub secrets of acme/payments'],
  [{ ...GITHUB, environment: 'production' }, 'GitHub secrets of acme/payments, environment production'],
  [{ ...ofNobody, organization: 'acme' }, 'GitHub secrets of organization acme'],
  [
    { ...GITHUB, apiUrl: 'https://ghe.example.com/api/v3' },
    'GitHub secrets of acme/payments at https://ghe.example.com/api/v3',
  ],
  [HTTPS, 'address https://ci.example.com/variables/1?scope=a'],
])('a target is called by its place: %#', (target, name) => {
  expect(targetName(target)).toBe(name);
});

test.each<[what: string, target: DeliveryTarget, changed: DeliveryTarget]>([
  ['other secrets', GITHUB, { ...GITHUB, secrets: { A: 'AccessKeyId' } }],
  ['another part in a secret', GITHUB, { ...GITHUB, secrets: { ...GITHUB.secrets, B: 'UserName' } }],
  ['another method', HTTPS, { ...HTTPS, method: 'PATCH' }],
  ['another header', HTTPS, { ...HTTPS, headers: { ...HTTPS.headers, 'X-A': 'b' } }],
  ['another body', HTTPS, { ...HTTPS, body: { ...HTTPS.body, template: '{"v":"{AccessKeyId}"}' } }],
  ['the same body as a text', HTTPS, { ...HTTPS, body: { ...HTTPS.body, format: 'text' } }],
])('with %s the key is delivered anew', (_what, target, changed) => {
  expect(targetShape(changed)).not.toBe(targetShape(target));
});

test.each<[what: string, target: DeliveryTarget, changed: DeliveryTarget]>([
  ['secrets in another order', GITHUB, { ...GITHUB, secrets: { B: 'SecretAccessKey', A: 'AccessKeyId' } }],
  ['another token', GITHUB, { ...GITHUB, tokenSecret: 'ci/other' }],
  ['headers in another order', HTTPS, { ...HTTPS, headers: { 'X-A': 'a', Authorization: 'Bearer {token}' } }],
  ['another token for an address', HTTPS, { ...HTTPS, tokenSecret: 'ci/other' }],
  ['what may be private', HTTPS, { ...HTTPS, allowPrivate: ['ci.example.com'] }],
])('with %s nothing is delivered anew', (_what, target, changed) => {
  expect(targetShape(changed)).toBe(targetShape(target));
});

test('a service is called by its cluster and its name', () => {
  const ecsService = 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api';
  expect(targetName({ kind: 'restart', ecsService })).toBe('ECS service payments/api');
});

test('services of one name in two clusters are two targets', () => {
  const names = ['payments', 'mail'].map((cluster) =>
    targetName({
      kind: 'restart',
      ecsService: `arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/api`,
    }),
  );
  expect(new Set(names).size).toBe(2);
});

test('what a service gets has one shape alone: it is not restarted again because of the configuration', () => {
  const services = ['api', 'worker'].map((name) =>
    targetShape({
      kind: 'restart',
      ecsService: `arn:aws:ecs:eu-west-1:111122223333:service/payments/${name}`,
    }),
  );
  expect(services).toEqual(['', '']);
});
