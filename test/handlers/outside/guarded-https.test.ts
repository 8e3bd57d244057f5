import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import type { GuardedHttpsOptions, GuardedRequest } from '../../../handlers/outside/guarded-https';
import { makeCertificates } from './support/certificates';
import { json, PUBLIC_ADDRESS, status, TlsServer, type Answer } from './support/tls-server';

const HOST = 'ci.example.com';
const REQUEST: GuardedRequest = {
  call: { service: 'HTTPS', action: `PUT to ${HOST}` },
  url: `https://${HOST}/variables/1?scope=a%20b`,
  method: 'PUT',
  headers: { 'x-extra': 'yes' },
  body: '{"value":"ä"}',
};

let server: TlsServer;
beforeAll(async () => {
  server = await TlsServer.start(HOST, '127.0.0.1');
});
afterAll(() => server.stop());
beforeEach(() => {
  server.answerWith(status(204));
});

const send = (options: GuardedHttpsOptions = {}, request: Partial<GuardedRequest> = {}) =>
  server.client(options).send({ ...REQUEST, ...request });
const resolvesTo = (...addresses: readonly string[]): GuardedHttpsOptions => ({
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

test('what is sent arrives, with the name of the host and the length of the body', async () => {
  await expect(send()).resolves.toEqual({ status: 204, retryAfter: undefined, body: '' });
  expect(server.received).toMatchObject([
    {
      method: 'PUT',
      path: '/variables/1?scope=a%20b',
      headers: {
        host: HOST,
        'x-extra': 'yes',
        'user-agent': 'iam-key-rotation',
        'content-length': String(Buffer.byteLength(REQUEST.body!)),
      },
      body: REQUEST.body,
    },
  ]);
  expect(server.connectedTo).toEqual([PUBLIC_ADDRESS]);
});

test('an answer that fits is read to its end', async () => {
  server.answerWith(json(200, { ok: true }));
  await expect(send()).resolves.toMatchObject({ status: 200, body: '{"ok":true}' });
});

describe('the address', () => {
  test.each(['10.0.0.5', '127.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:127.0.0.1', '100.64.0.1'])(
    'a host that resolves to %s is not connected to',
    async (address) => {
      await expect(send(resolvesTo(address))).rejects.toMatchObject({
        name: 'CallRefusedError',
        code: 'AddressNotAllowed',
        message: expect.stringContaining('allowPrivate'),
      });
      expect(server.connectedTo).toEqual([]);
      expect(server.received).toEqual([]);
    },
  );

  test('one address that is not public is enough, beside one that is', async () => {
    await expect(send(resolvesTo(PUBLIC_ADDRESS, '10.0.0.5'))).rejects.toThrow(CallRefusedError);
    expect(server.received).toEqual([]);
  });

  test.each([
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://[::ffff:7f00:1]/x',
  ])('%s, which needs no look-up, is not connected to either', async (url) => {
    const resolve = jest.fn();
    await expect(send({ resolve }, { url })).rejects.toMatchObject({ code: 'AddressNotAllowed' });
    expect(resolve).not.toHaveBeenCalled();
    expect(server.received).toEqual([]);
  });

  test('a private address is connected to where the configuration names its host', async () => {
    await expect(send(resolvesTo('10.0.0.5'), { allowPrivate: [HOST] })).resolves.toMatchObject({
      status: 204,
    });
    expect(server.connectedTo).toEqual(['10.0.0.5']);
  });

  test('an address in the URL is connected to, and its certificate is checked, where the configuration names it', async () => {
    const url = 'https://127.0.0.1/x';
    await expect(send({}, { url, allowPrivate: ['127.0.0.1'] })).resolves.toMatchObject({ status: 204 });
    const elsewhere = { url: 'https://127.0.0.2/x', allowPrivate: ['127.0.0.2'] };
    await expect(send({}, elsewhere)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('a name that changes its address after it was checked leads nowhere else', async () => {
    const answers = [PUBLIC_ADDRESS, '127.0.0.1', '127.0.0.1'];
    const resolve = jest.fn(async () => [{ address: answers.shift()!, family: 4 }]);
    await send({ resolve });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(server.connectedTo).toEqual([PUBLIC_ADDRESS]);
  });

  // Without a detour: the request goes where a second look-up would lead it, if there was one.
  test('the name is not looked up by the connection itself: one that exists nowhere is connected to by its checked address', async () => {
    const url = `https://${HOST}:${server.port}/pinned`;
    await server
      .client({ ...resolvesTo('127.0.0.1'), detour: (address, port) => ({ address, port }) })
      .send({ ...REQUEST, url, allowPrivate: ['127.0.0.1'] });
    expect(server.received).toMatchObject([{ path: '/pinned', headers: { host: `${HOST}:${server.port}` } }]);
  });

  test.each([
    ['has no address', async () => []],
    ['is not known', () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))],
  ])('a host that %s is a refusal', async (_what, resolve) => {
    await expect(send({ resolve })).rejects.toMatchObject({ name: 'CallRefusedError', code: 'ENOTFOUND' });
  });

  test('a look-up that never ends is given up', async () => {
    await expect(send({ timeLimit: 50, resolve: () => new Promise(() => undefined) })).rejects.toMatchObject({
      name: 'CallRefusedError',
      code: 'TimeoutError',
    });
  });

  test('an address that is none is refused', async () => {
    await expect(send({}, { url: 'https://ci.example.com:99999/' })).rejects.toMatchObject({
      code: 'NoAddress',
    });
  });

  test('an address without TLS is a bug of ours, and refused', async () => {
    await expect(send({}, { url: `http://${HOST}/` })).rejects.toMatchObject({ code: 'NotHttps' });
  });
});

describe('what fails before anything was sent is a refusal', () => {
  test('a certificate of an authority that is not trusted', async () => {
    const { authority } = makeCertificates(HOST);
    await expect(send({ ca: authority })).rejects.toMatchObject({
      name: 'CallRefusedError',
      message: expect.stringContaining('Nothing was sent'),
    });
    expect(server.received).toEqual([]);
  });

  test('a certificate for another host', async () => {
    await expect(send({}, { url: 'https://other.example.com/' })).rejects.toMatchObject({
      name: 'CallRefusedError',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(server.received).toEqual([]);
  });

  test('also where the environment says not to look at certificates', async () => {
    const { authority } = makeCertificates(HOST);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await expect(send({ ca: authority })).rejects.toThrow(CallRefusedError);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('a port that nobody listens at', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    await expect(send({ detour: () => ({ address: '127.0.0.1', port }) })).rejects.toMatchObject({
      name: 'CallRefusedError',
      code: 'ECONNREFUSED',
    });
  });

  test('a server that takes the connection, and says nothing', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    try {
      const detour = () => ({ address: '127.0.0.1', port });
      await expect(send({ timeLimit: 80, detour })).rejects.toMatchObject({
        name: 'CallRefusedError',
        code: 'TimeoutError',
      });
    } finally {
      mute.close();
    }
  });
});

const slowly =
  (begin: string, piece: string): Answer =>
  (_response, _received, { socket }) => {
    socket.write(begin);
    const timer = setInterval(() => socket.write(piece), 10);
    socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
  };

describe('what fails afterwards, without a status, is unanswered', () => {
  // Over when the server says so: a busy machine may need any time to send the request, and what is given up before is a refusal.
  let time: AbortController;
  let limits: jest.SpiedFunction<typeof AbortSignal.timeout>;
  beforeEach(() => {
    time = new AbortController();
    limits = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
  });
  afterEach(() => jest.restoreAllMocks());
  const untilTimeIsOver =
    (answer: Answer): Answer =>
    (...exchange) => {
      const ofThisTest = time;
      answer(...exchange);
      setTimeout(() => ofThisTest.abort(new DOMException('', 'TimeoutError')), 100);
    };

  test.each<[string, Answer]>([
    ['a cut connection', (_response, _received, { socket }) => socket.destroy()],
    ['no answer', untilTimeIsOver(() => undefined)],
    ['a status line that does not come to its end', untilTimeIsOver(slowly('HTTP/1.1 20', '0'))],
    ['headers that do not come to their end', untilTimeIsOver(slowly('HTTP/1.1 204 No Content\r\nx: ', 'a'))],
    ['an answer that is no HTTP', (_response, _received, { socket }) => socket.end('220 smtp ready\r\n\r\n')],
    ['headers without measure', status(204, { 'x-large': 'a'.repeat(40_000) })],
    [
      'another protocol',
      (_response, _received, { socket }) =>
        socket.end('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ],
  ])('%s', async (_what, answer) => {
    server.answerWith(answer);
    await expect(send({ timeLimit: 2_000 })).rejects.toThrow(CallUnansweredError);
    expect(limits).toHaveBeenCalledWith(2_000);
    expect(server.received).toHaveLength(1);
  });
});

describe('when a status has come, it decides', () => {
  test('an answer without end is cut', async () => {
    let sent = 0;
    server.answerWith((response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write('a'.repeat(16_384))) sent += 16_384;
      };
      response.on('drain', pour).on('error', () => undefined);
      pour();
    });
    const begun = performance.now();
    const answer = await send({ timeLimit: 20_000 });
    expect(answer).toEqual({ status: 200, retryAfter: undefined, body: '' });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(sent).toBeLessThan(20_000_000);
  });

  test('an answer that comes byte by byte is left when the time is over', async () => {
    server.answerWith(slowly('HTTP/1.1 201 Created\r\ncontent-length: 100000\r\n\r\n', 'a'));
    const begun = performance.now();
    await expect(send({ timeLimit: 5_000 })).resolves.toMatchObject({ status: 201, body: '' });
    expect(performance.now() - begun).toBeLessThan(60_000); // All of it would take a quarter of an hour.
  });

  test('an answer that breaks off', async () => {
    server.answerWith((response, _received, { socket }) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('abc', () => socket.destroy());
    });
    await expect(send()).resolves.toMatchObject({ status: 200, body: '' });
  });

  test('a redirect is an answer like any other, and is not followed', async () => {
    server.answerWith(status(307, { location: `https://${HOST}/elsewhere` }));
    await expect(send()).resolves.toMatchObject({ status: 307 });
    expect(server.received).toHaveLength(1);
  });
});
