import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name by which AWS is known here; only the proxy knows where it is. */
export const AWS_HOST = 'secretsmanager.eu-west-1.amazonaws.test';

/** A network in which AWS is reached through a proxy alone, which opens TLS with an authority of the company. */
export interface CorporateNetwork {
  readonly proxy: string;
  /** What was asked of the proxy: `CONNECT host:port`, or `POST http://host/`. */
  readonly asked: string[];
  /** A file with the authority's certificate. */
  readonly authority: string;
  stop(): void;
}

/** @param aws where a local AWS answers over HTTP */
export async function startCorporateNetwork(aws: string): Promise<CorporateNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'corporate-network-'));
  const tls = makeCertificates(folder);
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const forward: http.RequestListener = (request, response) => {
    const path = new URL(request.url ?? '/', aws).pathname;
    const { method, headers } = request;
    const ahead = http.request(new URL(path, aws), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    ahead.on('error', (error) => response.destroy(error));
    request.pipe(ahead);
  };
  const front = https.createServer(tls, forward);
  const proxy = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    forward(request, response);
  });
  proxy.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    const ahead = connect((front.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(ahead).pipe(client);
    });
    for (const socket of [client, ahead]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
  });
  for (const server of [front, proxy])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    authority: join(folder, 'authority.pem'),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      for (const server of [front, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function makeCertificates(folder: string): { readonly key: string; readonly cert: string } {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'authority.key',
    '-out',
    'authority.pem',
    '-subj',
    '/CN=Company',
    '-days',
    '2',
  );
  openssl('req', ...newKey, '-keyout', 'aws.key', '-out', 'aws.csr', '-subj', `/CN=${AWS_HOST}`);
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:*.eu-west-1.amazonaws.test');
  openssl(
    ...[
      'x509',
      '-req',
      '-in',
      'aws.csr',
      '-CA',
      'authority.pem',
      '-CAkey',
      'authority.key',
      '-CAcreateserial',
    ],
    ...['-out', 'aws.pem', '-days', '2', '-extfile', 'names'],
  );
  return {
    key: readFileSync(join(folder, 'aws.key'), 'utf8'),
    cert: readFileSync(join(folder, 'aws.pem'), 'utf8'),
  };
}
