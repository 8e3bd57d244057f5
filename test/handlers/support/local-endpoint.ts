import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the endpoint does with the nth request, counted from 1. */
export type Answer = (response: ServerResponse, request: IncomingMessage, nth: number, body: string) => void;

/** An HTTP server that an unmodified SDK client takes for AWS. */
export interface LocalEndpoint {
  readonly url: string;
  /** Requests since the last `answerWith`. */
  readonly requests: number;
  answerWith(answer: Answer): void;
  /**
   * Kills the connections that clients keep, as a freeze does: the client is not told, and learns it when it uses one.
   */
  killKeptConnections(): void;
  close(): Promise<void>;
}

export async function openEndpoint(): Promise<LocalEndpoint> {
  let answer: Answer = (response) => response.writeHead(500).end();
  let requests = 0;
  const sockets = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    if (dead.has(request.socket)) {
      requests += 1;
      request.socket.resetAndDestroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      answer(response, request, requests, Buffer.concat(chunks).toString());
    });
  });
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    answerWith(next) {
      answer = next;
      requests = 0;
    },
    killKeptConnections() {
      for (const socket of sockets) dead.add(socket);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** An error as the query protocol (IAM, STS) sends it. */
export const queryError =
  (status: number, code: string, message: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
        '<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>',
    );
  };

/** An error as the JSON protocols (Secrets Manager, DynamoDB) send it. */
export const jsonError =
  (status: number, code: string, message: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: code, message }));
  };

/** What any machine may answer: it has no mark of AWS. */
export const respondWith =
  (status: number, body: string): Answer =>
  (response) => {
    response.writeHead(status);
    response.end(body);
  };

/** The header that every answer of AWS has (F 11.1). */
export const MARK_OF_AWS = { 'x-amzn-requestid': '00000000-0000-0000-0000-000000000000' };

/** An answer of AWS itself. */
export const respondAsAws =
  (body: string): Answer =>
  (response) => {
    response.writeHead(200, MARK_OF_AWS);
    response.end(body);
  };

/** Performs nothing and hangs up before it has answered. */
export const hangUp: Answer = (_response, request) => {
  request.socket.destroy();
};

/** Takes the request and never answers. */
export const stayMute: Answer = () => undefined;

/** Begins an answer and never ends it. */
export const stallHalfway: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('<');
};
