import { createVerify, generateKeyPairSync } from 'node:crypto';

import { SecretMaterial } from '../../../contract/secret-material';
import { TargetRefusedError } from '../../../handlers/core/delivery/target-refused-error';
import { appToken } from '../../../handlers/outside/github-app';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0, 900);
const app = (privateKey: string) =>
  ({
    kind: 'githubApp',
    appId: '4711',
    installationId: '12',
    privateKey: new SecretMaterial(privateKey),
  }) as const;

test('the token says which app it is of and how long it counts, and is signed by the key of the app', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [header = '', claims = '', signature = ''] = appToken(
    app(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
    NOW,
  ).split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
  const now = Math.floor(NOW / 1_000);
  expect(read(claims)).toEqual({ iss: '4711', iat: now - 60, exp: now + 540 });
  const verifier = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  expect(verifier.verify(publicKey, signature, 'base64url')).toBe(true);
});

test.each([
  ['no key at all', () => 'CANARY-NO-KEY'],
  [
    'a key of another kind',
    () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ],
])('%s is refused, and not quoted', (_what, make) => {
  const key = make();
  let error: unknown;
  try {
    appToken(app(key), NOW);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(TargetRefusedError);
  expect(String(error)).not.toContain(key.slice(0, 12));
  expect((error as Error).cause).toBeUndefined();
});
