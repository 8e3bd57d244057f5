import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { lambdaAction } from '../lambda/lambda-action';
import type { ApiCall, Protocol } from './api-call';

const REST_XML = new Set(['s3', 'route53', 'cloudfront']);

/** Reads a request to its end and finds out which operation of which service it is. */
export async function parseCall(request: IncomingMessage): Promise<ApiCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const url = request.url ?? '/';
  const [path = '/', search = ''] = url.split(/\?(.*)/s);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const query = new URLSearchParams(search);
  const method = request.method ?? 'GET';
  // Credential=<key id>/<date>/<region>/<service>/aws4_request
  const scope = /Credential=[^/=]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers['authorization'] ?? '');
  const service = scope?.[2] ?? 'unknown';
  return {
    id: randomUUID(),
    ...{ method, url, path, query, headers, body, service },
    region: scope?.[1] ?? 'us-east-1',
    ...operation(service, method, path, query, headers, body),
  };
}

function operation(
  service: string,
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Record<string, string>,
  body: Buffer,
): { protocol: Protocol; action: string; parameters: Record<string, unknown> } {
  const cborPath = /^\/service\/[^/]+\/operation\/([^/]+)/.exec(path);
  if (cborPath) return { protocol: 'cbor', action: cborPath[1] ?? '', parameters: {} };

  const target = headers['x-amz-target'];
  if (target) {
    return { protocol: 'json', action: target.split('.').at(-1) ?? target, parameters: jsonObject(body) };
  }
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const form = isForm ? new URLSearchParams(body.toString('utf8')) : query;
  const action = form.get('Action');
  if (action) return { protocol: 'query', action, parameters: Object.fromEntries(form) };

  if (service === 'lambda')
    return { protocol: 'rest-json', ...lambdaAction(method, path, query, jsonObject(body)) };
  const protocol = REST_XML.has(service) ? 'rest-xml' : 'rest-json';
  return { protocol, action: `${method} ${path}`, parameters: Object.fromEntries(query) };
}

/** A body that is no JSON object has no parameters; the service that gets it will say what it thinks of it. */
function jsonObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
