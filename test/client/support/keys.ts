import { randomBytes } from 'node:crypto';

import type { RotatedKey } from '../../../client/rotated-key';
import { SecretMaterial } from '../../../contract/secret-material';

/** A key as the secret holds it; without a moment of creation it is an old one. */
export const rotatedKey = (name: string, createdAt?: number): RotatedKey => ({
  accessKeyId: `AKIA${name}EXAMPLE`,
  secretAccessKey: new SecretMaterial(randomBytes(30).toString('base64')),
  accountId: '111122223333',
  createdAt,
});
