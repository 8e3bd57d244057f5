import { secretName } from '../../contract/names';
import { stableKeyIn } from '../core/model/stable-key';

/**
 * The stable key in a secret's ARN. `own` is the one user of a per-user function.
 *
 * @throws Error if this function does not rotate the secret.
 */
export function stableKeyOf(secretArn: string, prefix: string, own: string | undefined): string {
  const stableKey = stableKeyIn(secretArn, prefix);
  if (stableKey !== undefined && (own === undefined || own === stableKey)) return stableKey;
  throw new Error(
    `This function does not rotate secret ${secretArn}, only ${secretName(prefix, own ?? '<any user of the stack>')}. ` +
      'Nothing was changed. Attach the secret to its own function with `terraform apply`.',
  );
}
