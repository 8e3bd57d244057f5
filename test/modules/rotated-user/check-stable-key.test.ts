import { Token } from 'cdktf';

import { checkStableKey } from '../../../modules/rotated-user/check-stable-key';

it.each([
  ['John Doe', 'begins with a letter or _ and has letters, digits, _ and -'],
  ['-a', 'begins with a letter or _ and has letters, digits, _ and -'],
  ['constructor', 'is not one of the words that every JavaScript object has'],
  ['Retire', 'are reserved for what a stack has for all its users'],
  ['x'.repeat(60), 'which has 65 characters, and AWS takes 64'],
])('the construct refuses the stable key %s, as rotation.yaml does', (stableKey, reason) => {
  expect(() => {
    checkStableKey(stableKey, 'keys');
  }).toThrow(reason);
});

it.each(['ci-deploy', '_a', 'x'.repeat(59), '${var.name}', Token.asString({ ref: 'x' })])(
  'the construct takes the stable key %s',
  (stableKey) => {
    expect(() => {
      checkStableKey(stableKey, 'keys');
    }).not.toThrow();
  },
);
