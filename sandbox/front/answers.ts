import type { ApiAnswer, ApiCall, ApiError } from './api-call';

/** An XML element: text, or child elements; undefined leaves it out. */
export type Xml = readonly [name: string, content: string | number | boolean | readonly (Xml | undefined)[]];

const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const renderXml = ([name, content]: Xml): string => {
  const inner = Array.isArray(content)
    ? (content as readonly (Xml | undefined)[]).map((child) => (child ? renderXml(child) : '')).join('')
    : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
};

export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): ApiAnswer {
  const type = 'application/x-amz-json-1.1';
  return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

/** An answer of the query protocol (IAM, STS): `<ActionResponse><ActionResult>…`. */
export function queryAnswer(call: ApiCall, result: readonly (Xml | undefined)[] = []): ApiAnswer {
  const xml = renderXml([
    `${call.action}Response`,
    [
      [`${call.action}Result`, result],
      ['ResponseMetadata', [['RequestId', call.id]]],
    ],
  ]);
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(xml) };
}

/** The first element of that name that holds nothing but text. Enough for answers whose shape we know. */
export function xmlText(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
}
const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const;

/** The same refusal, as each protocol writes it. */
export function errorAnswer(call: ApiCall, { code, message, status, members }: ApiError): ApiAnswer {
  const requestId = { 'x-amzn-requestid': call.id };
  switch (call.protocol) {
    case 'query':
      return xmlAnswer(status, requestId, [
        'ErrorResponse',
        [
          [
            'Error',
            [
              ['Type', status < 500 ? 'Sender' : 'Receiver'],
              ['Code', code],
              ['Message', message],
            ],
          ],
          ['RequestId', call.id],
        ],
      ]);
    case 'rest-xml':
      return xmlAnswer(status, requestId, [
        'Error',
        [
          ['Code', code],
          ['Message', message],
          ['RequestId', call.id],
        ],
      ]);
    case 'rest-json':
      return jsonAnswer({ Type: 'User', Message: message, message, ...members }, status, {
        ...requestId,
        'x-amzn-errortype': code,
      });
    case 'json':
    case 'cbor':
      return jsonAnswer({ __type: code, message, Message: message, ...members }, status, requestId);
  }
}

function xmlAnswer(status: number, headers: Record<string, string>, xml: Xml): ApiAnswer {
  return { status, headers: { 'content-type': 'text/xml', ...headers }, body: Buffer.from(renderXml(xml)) };
}
