import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { hsalsa, secretbox } from '@noble/ciphers/salsa.js';
import { blake2b } from '@noble/hashes/blake2.js';

/** "expand 32-byte k", as Salsa20 has it. */
const SIGMA = new Uint32Array(new Uint8Array(Buffer.from('expand 32-byte k')).buffer);

const NONCE_BYTES = 24;

/**
 * libsodium's sealed box, which only the holder of the private key can open: an ephemeral X25519 key pair, HSalsa20, XSalsa20
 * and Poly1305. https://doc.libsodium.org/public-key_cryptography/sealed_boxes
 *
 * @param publicKey X25519, 32 bytes
 * @throws Error if the key is none
 */
export function seal(text: string, publicKey: Uint8Array): Uint8Array {
  const ephemeral = generateKeyPairSync('x25519');
  const ephemeralPublic = rawOf(ephemeral.publicKey);
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: keyOf(publicKey) });
  const key = new Uint32Array(8);
  hsalsa(SIGMA, new Uint32Array(new Uint8Array(shared).buffer), new Uint32Array(4), key);
  const nonce = blake2b(Buffer.concat([ephemeralPublic, publicKey]), { dkLen: NONCE_BYTES });
  const box = secretbox(new Uint8Array(key.buffer), nonce).seal(Buffer.from(text));
  return Buffer.concat([ephemeralPublic, box]);
}

const rawOf = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');

const keyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  });
