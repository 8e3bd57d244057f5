import { escapeReferences } from '../../../modules/terraform/escape-references';

it.each([
  ['plain', 'plain'],
  ['${x}', '$${x}'],
  ['%{ if x }', '%%{ if x }'],
  ['a $ and 100 %', 'a $ and 100 %'],
  ['$${x}', '$$${x}'],
  ['${${', '$${$${'],
  ['%${x}', '%$${x}'],
  ['{x}', '{x}'],
])('a string from the configuration %j is written %j for Terraform', (text, escaped) => {
  expect(escapeReferences(text)).toBe(escaped);
});

it('a string from the configuration is found at any depth, and everything else stays', () => {
  const value = { a: ['${x}', { b: '%{y}', n: 1, yes: true, none: undefined }], '${key}': null };

  expect(escapeReferences(value)).toEqual({
    a: ['$${x}', { b: '%%{y}', n: 1, yes: true, none: undefined }],
    '${key}': null,
  });
});
