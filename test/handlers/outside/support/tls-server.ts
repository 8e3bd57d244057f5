import { createServer } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { GuardedHttps, type GuardedHttpsOptions } from '../../../../handlers/outside/guarded-https';
import { makeCertificates, type Certificates } from './certificates';

/** What a server was sent. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: ServerResponse, received: Received, request: IncomingMessage) => void;

/** A documentation address is not public, so this one stands for all that are. */
export const PUBLIC_ADDRESS = '198.51.101.7';

/** A server of the tests, and a client for which it stands behind every public address. */
export class TlsServer {
  readonly received: Received[] = [];
  /** Addresses that the client connected to. */
  readonly connectedTo: string[] = [];
  #answer: Answer = (response) => response.writeHead(204).end();

  private constructor(
    readonly certificates: Certificates,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** @param hosts that its certificate is for */
  static async start(...hosts: readonly string[]): Promise<TlsServer> {
    const certificates = makeCertificates(...hosts);
    const server = createServer({ key: certificates.key, cert: certificates.certificate });
    const started = new TlsServer(certificates, server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
        started.received.push(received);
        started.#answer(response, received, request);
      });
    });
    // A client that refuses the certificate hangs up.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  answerWith(answer: Answer): void {
    this.#answer = answer;
    this.received.length = 0;
    this.connectedTo.length = 0;
  }

  client(options: GuardedHttpsOptions = {}): GuardedHttps {
    return new GuardedHttps({
      ca: this.certificates.authority,
      // With it, one more call still fits into LONGEST_CALL after one that was throttled.
      timeLimit: 4_000,
      resolve: async () => [{ address: PUBLIC_ADDRESS, family: 4 }],
      detour: (address) => {
        this.connectedTo.push(address);
        return { address: '127.0.0.1', port: this.port };
      },
      ...options,
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer =>
  (response) => {
    response.writeHead(code, headers).end(body);
  };

export const json =
  (code: number, body: unknown): Answer =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
