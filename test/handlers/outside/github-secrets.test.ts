import { generateKeyPairSync } from 'node:crypto';

import type { GithubActionsTarget } from '../../../contract/delivery';
import { SecretMaterial } from '../../../contract/secret-material';
import type { Token } from '../../../handlers/core/delivery/read-token';
import { TargetRefusedError } from '../../../handlers/core/delivery/target-refused-error';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { GithubActionsSecrets } from '../../../handlers/outside/github-secrets';
import { secretText } from '../support/fixtures';
import { Github } from './support/github';
import { json, status, TlsServer } from './support/tls-server';

const TOKEN: Token = { kind: 'text', text: new SecretMaterial('github_pat_EXAMPLE') };
const ANYWHERE = {
  kind: 'githubActions',
  secrets: { AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
  tokenSecret: 'ci/github-token',
} as const;
const REPOSITORY: GithubActionsTarget = { ...ANYWHERE, repository: 'acme/payments' };
const ORGANIZATION: GithubActionsTarget = { ...ANYWHERE, organization: 'acme' };
const NAME = 'AWS_SECRET_ACCESS_KEY';

let server: TlsServer;
let github: Github;
let text: string;
beforeAll(async () => {
  server = await TlsServer.start('api.github.com', 'ghe.example.com');
});
afterAll(() => server.stop());
beforeEach(async () => {
  github = await Github.open();
  server.answerWith(github.answer);
  text = secretText();
});

async function write(target: GithubActionsTarget, token = TOKEN): Promise<void> {
  const secrets = new GithubActionsSecrets(server.client({ timeLimit: 5_000 }));
  await secrets.put(target, await secrets.open(target, token), NAME, new SecretMaterial(text));
}

test.each<[string, GithubActionsTarget, string]>([
  ['a repository', REPOSITORY, '/repos/acme/payments/actions/secrets'],
  [
    'an environment',
    { ...REPOSITORY, environment: 'production/eu' },
    '/repos/acme/payments/environments/production%2Feu/secrets',
  ],
  ['an organization', ORGANIZATION, '/orgs/acme/actions/secrets'],
  [
    'a server of one’s own',
    { ...REPOSITORY, apiUrl: 'https://ghe.example.com/api/v3' },
    '/api/v3/repos/acme/payments/actions/secrets',
  ],
])('a secret of %s is sealed with its public key, so that GitHub reads it', async (_what, target, path) => {
  await write(target);
  expect(Object.fromEntries(github.secrets)).toEqual({ [`${path}/${NAME}`]: text });
  expect(github.bodies.get(`${path}/${NAME}`)).toMatchObject({ key_id: '568250167242549743' });
  expect(server.received.map(({ body }) => body).join()).not.toContain(text);
  for (const { headers } of server.received) {
    expect(headers).toMatchObject({
      authorization: 'Bearer github_pat_EXAMPLE',
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'iam-key-rotation',
    });
  }
});

describe('who sees a secret of an organization stays as it is', () => {
  const said = (): unknown => github.bodies.get(`/orgs/acme/actions/secrets/${NAME}`);

  test('one that is not there yet becomes private', async () => {
    await write(ORGANIZATION);
    expect(said()).toMatchObject({ visibility: 'private' });
    expect(said()).not.toHaveProperty('selected_repository_ids');
  });

  test.each(['all', 'private'])('%s', async (visibility) => {
    github.ofOrganization.set(NAME, { visibility });
    await write(ORGANIZATION);
    expect(said()).toMatchObject({ visibility });
    expect(said()).not.toHaveProperty('selected_repository_ids');
  });

  test.each([0, 1, 250])('%i selected repositories', async (count) => {
    const repositoryIds = Array.from({ length: count }, (_, index) => 1_000 + index);
    github.ofOrganization.set(NAME, { visibility: 'selected', repositoryIds });
    await write(ORGANIZATION);
    expect(said()).toMatchObject({ visibility: 'selected', selected_repository_ids: repositoryIds });
  });

  test('a list that does not come to its end is refused before anything is written', async () => {
    github.ofOrganization.set(NAME, { visibility: 'selected' });
    github.insteadOf(/\/repositories/, json(200, { total_count: 2_000_000, repositories: [{ id: 1 }] }));
    await expect(write(ORGANIZATION)).rejects.toThrow(TargetRefusedError);
    expect(github.secrets.size).toBe(0);
  });

  test('a kind of visibility that is new is not guessed', async () => {
    github.ofOrganization.set(NAME, { visibility: 'departments' });
    await expect(write(ORGANIZATION)).rejects.toThrow(CallUnansweredError);
    expect(github.secrets.size).toBe(0);
  });
});

test('a server that answers each question just in time is left after a minute, and nothing is written', async () => {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 6_000));
  try {
    github.ofOrganization.set(NAME, { visibility: 'selected' });
    github.insteadOf(/\/repositories/, json(200, { total_count: 2_000_000, repositories: [{ id: 1 }] }));
    await expect(write(ORGANIZATION)).rejects.toThrow('took too long');
  } finally {
    jest.restoreAllMocks();
  }
  expect(github.secrets.size).toBe(0);
});

test('a GitHub App gets a token of its installation, and uses that', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const app: Token = {
    ...{ kind: 'githubApp', appId: '4711', installationId: '12' },
    privateKey: new SecretMaterial(pem),
  };
  await write(REPOSITORY, app);
  const [first, ...others] = server.received;
  expect(first).toMatchObject({ method: 'POST', path: '/app/installations/12/access_tokens' });
  expect(first!.headers.authorization).toMatch(/^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(others.map(({ headers }) => headers.authorization)).toEqual(
    others.map(() => `Bearer ${github.given[0]!}`),
  );
  expect(github.secrets.size).toBe(1);
});

test.each([
  ['no JSON', status(200, {}, '<html>')],
  ['no key', json(200, { key_id: '1' })],
  ['a key that is too short', json(200, { key_id: '1', key: 'AAAA' })],
  [
    'a key that opens the box for anybody',
    json(200, { key_id: '1', key: Buffer.alloc(32).toString('base64') }),
  ],
  ['more than anybody reads', status(200, {}, JSON.stringify({ pad: 'a'.repeat(1_100_000) }))],
])('nothing is sealed with %s', async (_what, answer) => {
  github.insteadOf(/public-key/, answer);
  await expect(write(REPOSITORY)).rejects.toThrow('is not what GitHub documents');
  expect(github.secrets.size).toBe(0);
});

test.each([401, 403, 404, 422])('a %i to the write is a refusal that names the call', async (code) => {
  github.insteadOf(/^PUT/, status(code));
  await expect(write(REPOSITORY)).rejects.toMatchObject({
    name: 'CallRefusedError',
    code: String(code),
    message: expect.stringContaining(`GitHub PUT /repos/acme/payments/actions/secrets/${NAME} was refused`),
  });
});

test('a token of several lines is refused, and goes nowhere', async () => {
  const token: Token = { kind: 'text', text: new SecretMaterial('CANARY\r\nx: y') };
  const error: unknown = await write(REPOSITORY, token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TargetRefusedError);
  expect(String(error)).not.toContain('CANARY');
  expect(server.received).toEqual([]);
});
