import type { HttpsTarget } from '../../../contract/delivery';
import { fillIn, isValueField, TOKEN } from '../../../contract/placeholders';
import { SecretMaterial } from '../../../contract/secret-material';
import type { HttpsRequest } from './delivery-ports';
import { partsOf } from './parts-of';
import { TargetRefusedError } from './target-refused-error';

/** In one line, and without what a server may take for the end of the header. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * What means nothing in JSON, XML or a file of variables; forms, in which + is a blank, the configuration does not take. Each part of a
 * key pair is made of these.
 */
const PLAIN = /^[A-Za-z0-9+/=_.,:@-]*$/;

/**
 * What an HTTPS target is sent.
 *
 * @param value our own document: what the placeholders stand for
 * @param token for the headers alone
 * @throws TargetRefusedError if a value does not fit where it is to stand, or there is none. It quotes no value
 */
export function renderRequest(
  target: HttpsTarget,
  value: SecretMaterial,
  token: SecretMaterial | undefined,
): HttpsRequest {
  const { url, method, allowPrivate = [] } = target;
  const part = partsOf(value);
  const valueOf = (where: string) => (name: string) => {
    if (isValueField(name)) return part(name, where);
    if (name === TOKEN && token !== undefined) return token.reveal();
    throw new TargetRefusedError(
      `${where} has the placeholder {${name}}, which stands for nothing.`,
      NOT_SENT,
    );
  };
  const headers = Object.entries(target.headers ?? {}).map(([name, template]) => {
    const filled = fillIn(template, valueOf(`header ${name} of ${url}`));
    if (!HEADER_VALUE.test(filled)) {
      throw new TargetRefusedError(
        `What header ${name} of ${url} is to hold is empty, has several lines, or has a character that no header may have.`,
        'Nothing was sent. Look at the token: it has to be one line of printable ASCII.',
      );
    }
    return [name.toLowerCase(), new SecretMaterial(filled)] as const;
  });
  const { type, text } = bodyOf(target, valueOf(`the body for ${url}`));
  return {
    ...{ url, method, allowPrivate },
    headers: { 'content-type': new SecretMaterial(type), ...Object.fromEntries(headers) },
    body: new SecretMaterial(text),
  };
}

const NOT_SENT = 'Nothing was sent. Correct the configuration, and apply it.';

type ValueOf = (name: string) => string;

function bodyOf(
  { url, body }: HttpsTarget,
  valueOf: ValueOf,
): { readonly type: string; readonly text: string } {
  if (body.format === 'json') {
    const filled = fillInTexts(documentOf(url, body.template), valueOf);
    return { type: 'application/json', text: JSON.stringify(filled) };
  }
  const plain = (name: string): string => {
    const found = valueOf(name);
    if (PLAIN.test(found)) return found;
    throw new TargetRefusedError(
      `${name} has a character that may mean something in the text that is sent to ${url}.`,
      'Nothing was sent. Write the body as a map: it is sent as JSON, in which any text can stand.',
    );
  };
  return { type: 'text/plain; charset=utf-8', text: fillIn(body.template, plain) };
}

function documentOf(url: string, template: string): unknown {
  try {
    return JSON.parse(template);
  } catch {
    throw new TargetRefusedError(`The template of the body for ${url} is no JSON text.`, NOT_SENT);
  }
}

/** A value that comes in stays one text, whatever it is made of: the document is filled before it becomes JSON. */
function fillInTexts(template: unknown, valueOf: ValueOf): unknown {
  if (typeof template === 'string') return fillIn(template, valueOf);
  if (Array.isArray(template)) return template.map((one) => fillInTexts(one, valueOf));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, one]) => [name, fillInTexts(one, valueOf)] as const),
  );
}
