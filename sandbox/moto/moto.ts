import { request } from 'node:http';

import type { ApiAnswer, ApiCall } from '../front/api-call';

/** Between the two of us only; a client must not see it. */
const HOP_HEADERS = new Set([
  'connection',
  'transfer-encoding',
  'content-length',
  'date',
  'server',
  'keep-alive',
]);

/** Asks moto: passes a caller's request on unchanged, or puts a question of the sandbox's own. */
export class Moto {
  constructor(
    private readonly port: number,
    private readonly region: string,
  ) {}

  forward(call: ApiCall): Promise<ApiAnswer> {
    return this.send(call.method, call.url, call.headers, call.body);
  }

  /** IAM and STS. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<ApiAnswer> {
    const headers = { ...this.signedFor(service), 'content-type': 'application/x-www-form-urlencoded' };
    return this.send('POST', '/', headers, Buffer.from(new URLSearchParams(parameters).toString()));
  }

  json(service: string, target: string, body: unknown, region = this.region): Promise<ApiAnswer> {
    const headers = {
      ...this.signedFor(service, region),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
    };
    return this.send('POST', '/', headers, Buffer.from(JSON.stringify(body)));
  }

  rest(service: string, method: string, path: string, region = this.region): Promise<ApiAnswer> {
    return this.send(method, path, this.signedFor(service, region), Buffer.alloc(0));
  }

  /** moto reads the service and region from the signature's scope and checks nothing else. */
  private signedFor(service: string, region = this.region): Record<string, string> {
    const scope = `sandbox/20260101/${region}/${service}/aws4_request`;
    return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
  }

  private send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const passed = { ...headers, connection: 'close', 'content-length': String(body.length) };
      const outgoing = request(
        { host: '127.0.0.1', port: this.port, method, path, headers: passed },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const kept = Object.entries(answer.headers).filter(
              ([name]) =>
                (!HOP_HEADERS.has(name) || (method === 'HEAD' && name === 'content-length')) &&
                !name.startsWith('access-control-'),
            );
            resolve({
              status: answer.statusCode ?? 500,
              headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
              body: Buffer.concat(chunks),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
