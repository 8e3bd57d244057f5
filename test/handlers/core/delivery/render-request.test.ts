import type { HttpsTarget } from '../../../../contract/delivery';
import { SecretMaterial } from '../../../../contract/secret-material';
import { renderRequest } from '../../../../handlers/core/delivery/render-request';
import { TargetRefusedError } from '../../../../handlers/core/delivery/target-refused-error';
import { keyId, secretText } from '../../support/fixtures';

const ID = keyId();
const SECRET = secretText();
const TARGET: HttpsTarget = {
  kind: 'https',
  url: 'https://ci.example.com/variables/1',
  method: 'PUT',
  headers: { 'Private-Token': '{token}' },
  body: { format: 'json', template: '{"value":"{SecretAccessKey}"}' },
};

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function render(
  change: Partial<HttpsTarget> = {},
  own: Readonly<Record<string, string>> = {},
  token: string | undefined = 'glpat-EXAMPLE',
): Sent {
  const value = new SecretMaterial(JSON.stringify({ AccessKeyId: ID, SecretAccessKey: SECRET, ...own }));
  const material = token === '' ? undefined : new SecretMaterial(token);
  const { headers, body } = renderRequest({ ...TARGET, ...change }, value, material);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.reveal()])),
    body: body.reveal(),
  };
}
const json = (template: unknown): Partial<HttpsTarget> => ({
  body: { format: 'json', template: JSON.stringify(template) },
});
const text = (template: string): Partial<HttpsTarget> => ({ body: { format: 'text', template } });

test('placeholders in headers and body are filled, and a map is sent as JSON', () => {
  expect(render()).toEqual({
    headers: { 'private-token': 'glpat-EXAMPLE', 'content-type': 'application/json' },
    body: JSON.stringify({ value: SECRET }),
  });
});

test('a content type of one’s own stays, however it is written', () => {
  const headers = { 'Content-TYPE': 'application/vnd.api+json' };
  expect(render({ headers }).headers).toEqual({ 'content-type': 'application/vnd.api+json' });
});

test('a body without headers, and without a token', () => {
  expect(render({ headers: undefined }, {}, '').headers).toEqual({ 'content-type': 'application/json' });
});

test('placeholders stand anywhere in the texts of a map, and nothing else of it changes', () => {
  const template = {
    a: ['{AccessKeyId}:{SecretAccessKey}', 7, null, true],
    'b{c}': { d: '{}{1}{a-b}', e: '' },
  };
  expect(JSON.parse(render(json(template)).body)).toEqual({
    ...template,
    a: [`${ID}:${SECRET}`, 7, null, true],
  });
});

test.each(['"},{"x":"', '\\', '\n\u2028', '{token}', '{SecretAccessKey}', '$&', '__proto__'])(
  'a value such as %j stays one text of the JSON document, and is not filled again',
  (hostile) => {
    const sent = render(json({ name: '{UserName}', ['__proto__']: '{UserName}' }), { UserName: hostile });
    expect(JSON.parse(sent.body)).toEqual(
      JSON.parse(JSON.stringify({ name: hostile, ['__proto__']: hostile })),
    );
  },
);

test('a text is sent as it is, with the values in it', () => {
  const sent = render(text('<id>{AccessKeyId}</id>\n<key>{SecretAccessKey}</key>'));
  expect(sent).toMatchObject({
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `<id>${ID}</id>\n<key>${SECRET}</key>`,
  });
});

const refusalOf = (...input: Parameters<typeof render>): Error => {
  try {
    render(...input);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
};

test.each(['a&b', '<b>', 'a"b', 'a\nb', 'a b', "a'b", 'a%b', 'a\\b', 'ä', '{x}'])(
  'a value such as %j, which may mean something in a text, is refused and not quoted',
  (hostile) => {
    const error = refusalOf(text('{UserName}'), { UserName: `CANARY${hostile}` });
    expect(error).toBeInstanceOf(TargetRefusedError);
    expect(error.message).toMatch(/Write the body as a map/);
    expect(error.message).not.toContain('CANARY');
  },
);

test.each(['a\r\nx: y', 'a\nb', 'a\0', 'ä', 'a\u2028'])(
  'a token such as %j is no header, and not quoted',
  (hostile) => {
    const error = refusalOf({}, {}, `CANARY${hostile}`);
    expect(error).toBeInstanceOf(TargetRefusedError);
    expect(error.message).toMatch(/header Private-Token .* one line of printable ASCII/);
    expect(error.message).not.toContain('CANARY');
  },
);

test('what the secret does not have yet is a refusal that says where it comes from', () => {
  expect(refusalOf(json({ v: '{SmtpPassword}' })).message).toMatch(
    /no SmtpPassword, which the body for https:\/\/ci\.example\.com\/variables\/1 asks for.*next rotation/,
  );
});

test.each([
  ['a placeholder that there is not', { headers: { a: '{Password}' } }, 'glpat-EXAMPLE'],
  ['{token} where there is no token', {}, ''],
])('%s stands for nothing', (_what, change, token) => {
  expect(refusalOf(change, {}, token).message).toContain('stands for nothing');
});

test('a template that is no JSON is refused', () => {
  expect(refusalOf({ body: { format: 'json', template: '{"a":' } }).message).toContain('no JSON text');
});
