import * as z from 'zod/mini';

import { SecretMaterial } from '../../../contract/secret-material';
import type { DeliveryPorts } from './delivery-ports';
import { parseObject } from './parse-object';
import { TargetRefusedError } from './target-refused-error';
import { someText } from '../../../contract/schema-parts';

/** What lets us in outside AWS. */
export type Token =
  | { readonly kind: 'text'; readonly text: SecretMaterial }
  | {
      readonly kind: 'githubApp';
      readonly appId: string;
      readonly installationId: string;
      /** PEM. */
      readonly privateKey: SecretMaterial;
    };

const id = z.pipe(
  z.union([z.string().check(z.regex(/^[\w.-]+$/)), z.int().check(z.positive())]),
  z.transform(String),
);

const tokenDocument = z.object({ token: z.string().check(z.trim(), z.minLength(1)) });
const githubAppDocument = z.object({ appId: id, installationId: id, privateKey: someText });

/**
 * The token in a secret: as plain text, as `{"token": …}`, or a GitHub App.
 *
 * @throws TargetRefusedError if there is none, or the secret holds something else. It quotes nothing of it
 */
export async function readToken({ tokens }: Pick<DeliveryPorts, 'tokens'>, secret: string): Promise<Token> {
  const held = (await tokens.read(secret))?.reveal().trim();
  if (held === undefined || held === '') {
    throw new TargetRefusedError(
      `There is no secret ${secret}, or it holds no value yet, so there is no token for the target.`,
      'Nothing was sent. Store the token there; the next run, within the hour, takes it.',
    );
  }
  if (!held.startsWith('{')) return { kind: 'text', text: new SecretMaterial(held) };
  const parsed = parseObject(held);
  const { data: plain } = tokenDocument.safeParse(parsed);
  if (plain !== undefined) return { kind: 'text', text: new SecretMaterial(plain.token) };
  const { data: app } = githubAppDocument.safeParse(parsed);
  if (app !== undefined) {
    return { kind: 'githubApp', ...app, privateKey: new SecretMaterial(app.privateKey) };
  }
  throw new TargetRefusedError(
    `The value of secret ${secret} is no token.`,
    'Nothing was sent. It holds the token as plain text, {"token": "…"}, or for a GitHub App {"appId": "…", "installationId": "…", "privateKey": "…"}.',
  );
}
