import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import type { Milliseconds } from '../../contract/instant';
import { makeCertificates } from '../../test/handlers/outside/support/certificates';

export interface StubOutside {
  /** `https://127.0.0.1:…` */
  readonly url: string;
  /** PEM of the authority that its certificate is of. */
  readonly authority: string;
  /** How many calls were answered so far. */
  readonly calls: { all: number };
  stop(): void;
}

const ADDRESS = '127.0.0.1';

/** What is not AWS: GitHub, for its secrets of Actions, and an address that takes everything. */
export async function startStubOutside(answersAfter?: Milliseconds): Promise<StubOutside> {
  const { authority, key, certificate } = makeCertificates(ADDRESS);
  const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  const publicKey = Buffer.from(x!, 'base64url').toString('base64');
  const calls = { all: 0 };
  const server = createServer({ key, cert: certificate }, (request, response) => {
    request.resume().on('end', () => {
      calls.all += 1;
      const send = (): void => {
        const asked = request.method === 'GET';
        response
          .writeHead(asked ? 200 : 204, { 'content-type': 'application/json' })
          .end(asked ? JSON.stringify({ key_id: '1', key: publicKey }) : undefined);
      };
      if (answersAfter === undefined) send();
      else setTimeout(send, answersAfter);
    });
  }).listen(0, ADDRESS);
  await once(server, 'listening');
  return {
    url: `https://${ADDRESS}:${(server.address() as AddressInfo).port}`,
    authority,
    calls,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
