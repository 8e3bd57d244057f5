import { SecretMaterial } from '../../../contract/secret-material';
import { GuardedHttpsTargets } from '../../../handlers/outside/https-targets';
import { status, TlsServer } from './support/tls-server';

const HOST = 'ci.example.com';

let server: TlsServer;
beforeAll(async () => {
  server = await TlsServer.start(HOST);
});
afterAll(() => server.stop());

const send = (allowPrivate: readonly string[] = [], address?: string): Promise<void> =>
  new GuardedHttpsTargets(
    server.client(address === undefined ? {} : { resolve: async () => [{ address, family: 4 }] }),
  ).send({
    url: `https://${HOST}/variables/1`,
    method: 'PATCH',
    headers: { authorization: new SecretMaterial('Bearer x'), 'content-type': new SecretMaterial('text/x') },
    body: new SecretMaterial('body'),
    allowPrivate,
  });

test('the request is sent as it is', async () => {
  server.answerWith(status(200));
  await expect(send()).resolves.toBeUndefined();
  expect(server.received).toMatchObject([
    {
      method: 'PATCH',
      path: '/variables/1',
      headers: { authorization: 'Bearer x', 'content-type': 'text/x' },
      body: 'body',
    },
  ]);
});

test('a refusal names method, host and status, and no more of the address', async () => {
  server.answerWith(status(404));
  await expect(send()).rejects.toThrow(/^HTTPS PATCH to ci\.example\.com was refused with 404: /);
});

test('what the target allows is handed on', async () => {
  server.answerWith(status(200));
  await expect(send([], '10.0.0.1')).rejects.toThrow('not public');
  await expect(send([HOST], '10.0.0.1')).resolves.toBeUndefined();
});
