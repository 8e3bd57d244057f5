import { inspect } from 'node:util';

import { SecretMaterial } from '../../contract/secret-material';
import { secretText } from '../handlers/support/fixtures';

const secret = secretText();
const material = new SecretMaterial(secret);

test('reveal gives the text', () => {
  expect(material.reveal()).toBe(secret);
});

test.each([
  ['a template string', () => `value: ${material as unknown as string}`],
  ['a concatenation', () => 'value: '.concat(material as unknown as string)],
  ['String()', () => String(material)],
  ['JSON', () => JSON.stringify({ material, list: [material] })],
  ['util.inspect', () => inspect({ material })],
  [
    'util.inspect with everything shown',
    () => inspect({ material }, { showHidden: true, depth: null, customInspect: true }),
  ],
  [
    'util.inspect without custom printing',
    () => inspect(material, { showHidden: true, customInspect: false }),
  ],
  ['its own keys', () => JSON.stringify([Object.entries(material), Object.getOwnPropertyNames(material)])],
  ['a copy', () => JSON.stringify(Object.assign({}, material))],
  ['an error’s message', () => new Error(`bad: ${material.toString()}`).message],
])('R7: %s does not show it', (_name, print) => {
  expect(print()).not.toContain(secret);
});

test('where something is printed it is ***', () => {
  expect(String(material)).toBe('***');
  expect(JSON.stringify(material)).toBe('"***"');
  expect(inspect(material)).toBe('***');
});
