import { ApiError } from '../front/api-call';
import type { Moto } from '../moto/moto';

const REFUSALS = {
  encrypt: [
    'EncryptionFailure',
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
  ],
  decrypt: [
    'DecryptionFailure',
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
  ],
} as const;

/**
 * Refuses what needs a key that is disabled, or is about to be deleted. A key that moto does not know is taken for one of
 * another account.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
export async function requireUsableKey(
  moto: Moto,
  { region, kmsKeyId }: { readonly region: string; readonly kmsKeyId: string | undefined },
  use: keyof typeof REFUSALS,
): Promise<void> {
  if (kmsKeyId === undefined) return;
  const { status, body } = await moto.json('kms', 'TrentService.DescribeKey', { KeyId: kmsKeyId }, region);
  if (status !== 200) return;
  const { KeyMetadata } = JSON.parse(body.toString('utf8')) as { KeyMetadata: { KeyState: string } };
  if (KeyMetadata.KeyState === 'Enabled') return;
  const [code, message] = REFUSALS[use];
  throw new ApiError(code, message);
}
