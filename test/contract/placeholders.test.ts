import { fillIn, isValueField, placeholdersIn } from '../../contract/placeholders';

test.each([
  ['{AccessKeyId}:{SecretAccessKey}', ['AccessKeyId', 'SecretAccessKey']],
  ['Bearer {token}', ['token']],
  ['{{AccessKeyId}}', ['AccessKeyId']],
  ['{"value": "{Anything}"}', ['Anything']],
  ['{} {1} {a b} {a-b} {a1} { a } {ä} {a\n}', []],
  ['{a1b2c3d4-0000-0000-0000-000000000000}', []],
  ['AccessKeyId', []],
])('the placeholders in %j are %j', (text, names) => {
  expect(placeholdersIn(text)).toEqual(names);
});

test('what is filled in is not looked through again, nor taken for a pattern', () => {
  expect(fillIn('{a}-{b}-{a}', (name) => `$&{b}${name}`)).toBe('$&{b}a-$&{b}b-$&{b}a');
});

test.each(['toString', '__proto__', 'constructor', 'token', 'accessKeyId'])(
  '%s is no part of a key pair',
  (name) => {
    expect(isValueField(name)).toBe(false);
  },
);
