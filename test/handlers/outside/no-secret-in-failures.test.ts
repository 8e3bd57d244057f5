import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import type { DeliveryTarget } from '../../../contract/delivery';
import { SecretMaterial } from '../../../contract/secret-material';
import { createLog } from '../../../handlers/aws/powertools-log';
import { deliverUser } from '../../../handlers/core/delivery/deliver-user';
import type { DeliveryPorts } from '../../../handlers/core/delivery/delivery-ports';
import type { GuardedHttpsOptions } from '../../../handlers/outside/guarded-https';
import { createOutsidePorts } from '../../../handlers/outside/outside-ports';
import { processIn, RetirementWorld } from '../../support/retirement-world';
import { linesOf } from '../support/log-lines';
import { makeCertificates } from './support/certificates';
import { Github } from './support/github';
import { json, status, TlsServer, type Answer } from './support/tls-server';

/*
 * R7: whatever a system outside AWS does, no message, log line, record or event shows a token, a key, a body or an answer; and
 * the run goes on, and ends.
 */

const HOST = 'ci.example.com';
const TOKEN = `glpat-${randomBytes(18).toString('hex')}`;
const ANSWER = `answer-${randomBytes(18).toString('hex')}`;

const FIELDS = { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' } as const;
const GITHUB: DeliveryTarget = {
  kind: 'githubActions',
  repository: 'acme/payments',
  secrets: FIELDS,
  tokenSecret: 'ci/token',
};
const HTTPS: DeliveryTarget = {
  kind: 'https',
  url: `https://${HOST}/variables/1`,
  method: 'PUT',
  tokenSecret: 'ci/token',
  headers: { authorization: 'Bearer {token}', 'x-key': '{AccessKeyId}' },
  body: { format: 'json', template: '{"id":"{AccessKeyId}","value":"{SecretAccessKey}"}' },
};

let server: TlsServer;
let github: Github;
beforeAll(async () => {
  server = await TlsServer.start(HOST, 'api.github.com');
});
afterAll(() => server.stop());
// The time for an exchange is over when the server says so: a busy machine may need any.
let letTimeBeOver: () => void;
beforeEach(async () => {
  github = await Github.open();
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const limit = new AbortController();
    letTimeBeOver = () => limit.abort(new DOMException('The operation timed out', 'TimeoutError'));
    return limit.signal;
  });
});
afterEach(() => jest.restoreAllMocks());

interface Run {
  readonly failing: string | undefined;
  /** All that anybody could get to see. */
  readonly shown: string;
  readonly secrets: readonly string[];
}

async function deliver(
  target: DeliveryTarget,
  { token = TOKEN, ...options }: GuardedHttpsOptions & { readonly token?: string } = {},
): Promise<Run> {
  const world = await RetirementWorld.withCurrentKey({ deliver: [target] });
  const { ports } = processIn(world);
  const all: DeliveryPorts = {
    ...(ports as unknown as DeliveryPorts),
    ...createOutsidePorts(server.client({ timeLimit: 2_000, ...options })),
    tokens: { read: async () => new SecretMaterial(token) },
  };
  const outcome: unknown = await deliverUser(all, world.retirement).catch((error: unknown) => error);
  const record = world.aws.table.deliveries(world.settings.stableKey);
  const told = linesOf(() => {
    for (const { message, fields } of world.log)
      createLog({ user: 'a' }).error(message, { ...(fields as object) });
  });
  const value = world.aws.secretsManager.read(
    world.settings.secretArn,
    { label: 'AWSCURRENT' },
    world.gate.now(),
  );
  const { SecretAccessKey } = JSON.parse(value!.text) as Record<string, string>;
  return {
    failing: record?.targets[0]?.failing?.error,
    shown: [inspect(outcome, { depth: 20 }), inspect(world.log, { depth: 20 }), JSON.stringify(world.log)]
      .concat(told, JSON.stringify(record), inspect(world.listener, { depth: 20 }))
      .join('\n'),
    secrets: [token, ANSWER, SecretAccessKey!],
  };
}

/** An error that quotes what it could not parse cuts it short, so a part is a leak already. */
const PART = 10;

function expectNothingShown({ shown, secrets }: Run): void {
  for (const secret of secrets) {
    for (let start = 0; start + PART <= secret.length; start += 1) {
      expect(shown).not.toContain(secret.slice(start, start + PART));
    }
  }
}

const echo =
  (code: number): Answer =>
  (response, { headers, body }) => {
    const told = `${ANSWER} ${JSON.stringify(headers)} ${body}`;
    response
      .writeHead(code, { 'x-told': ANSWER, 'retry-after': ANSWER, location: `https://${ANSWER}/` })
      .end(told);
  };
const raw =
  (text: (token: string) => string): Answer =>
  (_response, { headers }, { socket }) => {
    socket.end(text(String(headers.authorization)));
  };

const HOSTILE: readonly [string, Answer][] = [
  ...[301, 307, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503].map((code): [string, Answer] => [
    `a ${code} that quotes everything`,
    echo(code),
  ]),
  ['an answer that is no HTTP', raw((token) => `${ANSWER} ${token}\r\n\r\n`)],
  ['a status line with the token', raw((token) => `HTTP/1.1 999 ${token}\r\n\r\n`)],
  ['a header that does not parse', raw((token) => `HTTP/1.1 500 x\r\n${ANSWER} ${token}\r\n\r\n`)],
  ['headers without measure', raw((token) => `HTTP/1.1 200 OK\r\nx: ${token.repeat(900)}\r\n\r\n`)],
  ['a cut connection', (_response, _received, { socket }) => socket.destroy()],
  ['no answer', () => letTimeBeOver()],
];

test.each(HOSTILE)('an address that answers with %s', async (_what, answer) => {
  server.answerWith(answer);
  const run = await deliver(HTTPS);
  expect(run.failing).toBeDefined();
  expectNothingShown(run);
});

test.each(HOSTILE)('GitHub, where the first question is answered with %s', async (_what, answer) => {
  server.answerWith(answer);
  const run = await deliver(GITHUB);
  expect(run.failing).toMatch(/GitHub GET/);
  expectNothingShown(run);
});

test.each(HOSTILE)('GitHub, where a write is answered with %s', async (_what, answer) => {
  github.insteadOf(/^PUT/, answer);
  server.answerWith(github.answer);
  const run = await deliver(GITHUB);
  expect(run.failing).toMatch(/GitHub PUT/);
  expectNothingShown(run);
});

test.each([
  ['the token in place of the key', () => json(200, { key_id: TOKEN, key: TOKEN })],
  ['JSON that is cut off', () => status(200, {}, `{"key":"${TOKEN}${ANSWER}`)],
])('GitHub, where the key is %s', async (_what, answer) => {
  github.insteadOf(/public-key/, answer());
  server.answerWith(github.answer);
  const run = await deliver(GITHUB);
  expect(run.failing).toBeDefined();
  expectNothingShown(run);
});

test.each<[string, GuardedHttpsOptions]>([
  ['a certificate of nobody', { ca: makeCertificates(HOST).authority }],
  ['a private address', { resolve: async () => [{ address: '10.0.0.1', family: 4 }] }],
  [
    'the address of the machine’s own credentials',
    { resolve: async () => [{ address: '169.254.169.254', family: 4 }] },
  ],
  ['no address', { resolve: async () => [] }],
])('%s is told, and nothing is sent', async (_what, options) => {
  for (const target of [HTTPS, GITHUB]) {
    server.answerWith(status(200));
    const run = await deliver(target, options);
    expect(run.failing).toMatch(/Nothing was sent/);
    expect(server.received).toEqual([]);
    expectNothingShown(run);
  }
});

test.each([
  `${TOKEN}\r\nx-injected: yes`,
  `${TOKEN} ü`,
  `{"token":"${TOKEN}\\nx: y"}`,
  `{"tokn":"${TOKEN}"}`,
])('a token that is none, as %#', async (token) => {
  for (const target of [HTTPS, GITHUB]) {
    server.answerWith(status(200));
    const run = await deliver(target, { token });
    expect(run.failing).toMatch(/Nothing was sent/);
    expect(server.received).toEqual([]);
    expectNothingShown({ ...run, secrets: [...run.secrets, TOKEN] });
  }
});

test('where all is well, nothing is shown either, an answer that quotes everything included', async () => {
  github.insteadOf(/^PUT/, echo(201));
  for (const [target, answer] of [
    [HTTPS, echo(200)],
    [GITHUB, github.answer],
  ] as const) {
    server.answerWith(answer);
    const run = await deliver(target);
    expect(run.failing).toBeUndefined();
    expectNothingShown(run);
  }
});
