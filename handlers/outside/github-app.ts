import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

import { MINUTE, SECOND } from '../../contract/instant';
import type { Token } from '../core/delivery/read-token';
import { TargetRefusedError } from '../core/delivery/target-refused-error';

export type GithubApp = Extract<Token, { readonly kind: 'githubApp' }>;

/**
 * What a GitHub App proves itself with. It begins a minute ago, because clocks differ.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 *
 * @param now in milliseconds since 1970
 * @throws TargetRefusedError if the private key is none
 */
export function appToken({ appId, privateKey }: GithubApp, now: number): string {
  const seconds = (moment: number): number => Math.floor(moment / SECOND);
  const claims = { iat: seconds(now - MINUTE), exp: seconds(now + 9 * MINUTE), iss: appId };
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), keyOf(privateKey.reveal())).toString('base64url')}`;
}

function keyOf(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Said below, without what OpenSSL says.
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new TargetRefusedError(
    'The privateKey of the GitHub App is no RSA key in PEM.',
    'Nothing was sent. Store the file that GitHub made, with its line breaks as \\n in the JSON.',
  );
}
