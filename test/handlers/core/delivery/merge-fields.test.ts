import type { SecretTarget } from '../../../../contract/delivery';
import { SecretMaterial } from '../../../../contract/secret-material';
import { mergeFields } from '../../../../handlers/core/delivery/merge-fields';
import { TargetRefusedError } from '../../../../handlers/core/delivery/target-refused-error';
import { keyId, secretText } from '../../support/fixtures';

const ID = keyId();
const SECRET = secretText();
const VALUE = new SecretMaterial(
  JSON.stringify({ Version: 1, AccessKeyId: ID, SecretAccessKey: SECRET, AccountId: '111122223333' }),
);

const target = (fields: SecretTarget['fields']): SecretTarget => ({
  kind: 'secret',
  id: 'payments/env',
  fields,
});
const USUAL = target({ AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' });

const merged = (text: string | undefined, into = USUAL): string =>
  mergeFields(text === undefined ? undefined : new SecretMaterial(text), into, VALUE).reveal();

test('a field that is there gets the new value, and every other byte of the text stays as it is', () => {
  const before = `{\n\t"note" : "caf\\u00e9 \\/ x",\r\n  "AWS_ACCESS_KEY_ID":"OLD" , "limit": 1.50e+2,"nested":{"AWS_ACCESS_KEY_ID":"mine"}, "AWS_SECRET_ACCESS_KEY":  null\n}\n`;
  expect(merged(before)).toBe(
    before.replace('"OLD"', JSON.stringify(ID)).replace('  null', `  ${JSON.stringify(SECRET)}`),
  );
});

test('a field that is not there yet comes in addition', () => {
  expect(JSON.parse(merged('{"note":"mine","more":[1,2]}'))).toEqual({
    note: 'mine',
    more: [1, 2],
    AWS_ACCESS_KEY_ID: ID,
    AWS_SECRET_ACCESS_KEY: SECRET,
  });
});

test.each([undefined, '{}', ' {\n} '])('a secret that holds %j gets the fields alone', (text) => {
  expect(JSON.parse(merged(text))).toEqual({ AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET });
});

test('merging once more changes nothing', () => {
  const once = merged('{ "note": "mine" }');
  expect(merged(once)).toBe(once);
});

test('a field may have any name, also one that means something to JavaScript', () => {
  const text = merged('{"__proto__": "theirs", "constructor": 1}', target({ ['__proto__']: 'AccessKeyId' }));
  expect(text).toBe(`{"__proto__": ${JSON.stringify(ID)}, "constructor": 1}`);
});

const refusalOf = (text: string, into = USUAL): Error => {
  try {
    merged(text, into);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
};

test.each(['', 'hush-hush-plain', '["hush-hush"]', '"hush-hush"', 'null', '{"a": "hush-hush"', '{a: 1}'])(
  'a value that is no JSON object is left as it is, and the error does not quote it (R7): %s',
  (text) => {
    const error = refusalOf(text);
    expect(error).toBeInstanceOf(TargetRefusedError);
    expect(error.message).toContain('secret payments/env is not a JSON object');
    expect(error.message).not.toContain('hush');
  },
);

test('a field that stands in the text twice is refused, since no reader agrees which one counts', () => {
  const error = refusalOf('{"AWS_ACCESS_KEY_ID": "hush-1", "AWS_ACCESS_KEY_ID": "hush-2"}');
  expect(error.message).toMatch(/payments\/env has the field AWS_ACCESS_KEY_ID more than once/);
  expect(error.message).not.toContain('hush');
});

test('a field that asks for what the value does not have yet is refused, and says what to do', () => {
  const error = refusalOf('{}', target({ PASSWORD: 'SmtpPassword' }));
  expect(error.message).toMatch(
    /has no SmtpPassword, which field PASSWORD of secret payments\/env asks for.*rotate/,
  );
});
