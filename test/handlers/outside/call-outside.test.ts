import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { callOutside } from '../../../handlers/outside/call-outside';
import { status, TlsServer, type Answer } from './support/tls-server';

const HOST = 'ci.example.com';

let server: TlsServer;
beforeAll(async () => {
  server = await TlsServer.start(HOST);
});
afterAll(() => server.stop());

const call = (timeLimit?: number) =>
  callOutside(server.client(timeLimit === undefined ? {} : { timeLimit }), {
    call: { service: 'HTTPS', action: `PUT to ${HOST}` },
    ...{ url: `https://${HOST}/`, method: 'PUT', headers: {}, body: '{}' },
  });

test.each([200, 201, 202, 204, 299])('%i is a yes', async (code) => {
  server.answerWith(status(code));
  await expect(call()).resolves.toMatchObject({ status: code });
});

test.each([
  [301, 'invalid', 'a redirect'],
  [302, 'invalid', 'a redirect'],
  [304, 'invalid', 'a redirect'],
  [308, 'invalid', 'a redirect'],
  [400, 'invalid', 'was not accepted'],
  [401, 'accessDenied', 'not valid any more'],
  [403, 'accessDenied', 'rights of the token'],
  [404, 'notFound', 'deleted or renamed'],
  [405, 'invalid', 'method'],
  [409, 'conflict', 'contradicts'],
  [410, 'notFound', 'gone'],
  [422, 'invalid', 'does not fit'],
])('%i is a no, which says that nothing was done: %s, "%s"', async (code, kind, text) => {
  server.answerWith(status(code, { location: 'https://ci.example.com/elsewhere' }, 'the answer'));
  const error: unknown = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CallRefusedError);
  expect(error).toMatchObject({ kind, code: String(code), message: expect.stringContaining(text) });
  expect((error as Error).message).not.toContain('the answer');
  expect(server.received).toHaveLength(1);
});

test.each([203, 408, 500, 502, 503, 504, 599])(
  '%i leaves it open whether it was done, and is not sent again',
  async (code) => {
    server.answerWith(status(code, { 'retry-after': '0' }));
    await expect(call()).rejects.toThrow(CallUnansweredError);
    expect(server.received).toHaveLength(1);
  },
);

const firstThrottledBy =
  (code: number, headers: Readonly<Record<string, string>>): Answer =>
  (response, received, request) => {
    (server.received.length === 1 ? status(code, headers) : status(204))(response, received, request);
  };

test.each([429, 403])('a short pause that %i asks for is made, and the call sent once more', async (code) => {
  server.answerWith(firstThrottledBy(code, { 'retry-after': '0' }));
  await expect(call()).resolves.toMatchObject({ status: 204 });
  expect(server.received).toHaveLength(2);
});

test.each([
  ['a long pause', { 'retry-after': '3600' }, 'a pause of 3600 s'],
  ['no pause', {}, 'next run'],
  ['a pause that nobody can read', { 'retry-after': 'soon' }, 'next run'],
])('429 with %s is refused for now, and says so', async (_what, headers, text) => {
  server.answerWith(status(429, headers));
  await expect(call()).rejects.toMatchObject({ kind: 'throttled', message: expect.stringContaining(text) });
  expect(server.received).toHaveLength(1);
});

test('a server that goes on throttling is left before a call takes longer than one may', async () => {
  // Each answer takes 300 ms here, on however busy a machine.
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    server.answerWith((...exchange) => {
      now += 300;
      status(429, { 'retry-after': '0' })(...exchange);
    });
    await expect(call(13_700)).rejects.toMatchObject({ kind: 'throttled' });
  } finally {
    jest.restoreAllMocks();
  }
  // 300 + 500 + 13 700 and 600 + 500 + 13 700 fit into 15 000, and 900 + 500 + 13 700 does not.
  expect(server.received).toHaveLength(3);
});
