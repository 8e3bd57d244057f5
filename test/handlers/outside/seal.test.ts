import sodium from 'libsodium-wrappers';

import { seal } from '../../../handlers/outside/seal';

beforeAll(() => sodium.ready);

test.each(['', 'a', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=', 'ä€😀'.repeat(1_000)])(
  'what is sealed, libsodium opens with the private key: %#',
  (text) => {
    const { publicKey, privateKey } = sodium.crypto_box_keypair();
    const sealed = seal(text, publicKey);
    expect(sodium.to_string(sodium.crypto_box_seal_open(sealed, publicKey, privateKey))).toBe(text);
  },
);

test('the same text is sealed otherwise each time', () => {
  const { publicKey } = sodium.crypto_box_keypair();
  expect(Buffer.from(seal('x', publicKey)).equals(Buffer.from(seal('x', publicKey)))).toBe(false);
});

test.each([
  ['too short', new Uint8Array(31).fill(7)],
  ['of zeros, with which anybody could open the box', new Uint8Array(32)],
])('a public key that is %s is refused', (_what, key) => {
  expect(() => seal('x', key)).toThrow();
});
