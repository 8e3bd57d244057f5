import { stableKeyIn } from '../core/model/stable-key';

/**
 * The stable key in a secret's ARN. `own` is the one user of a per-user function.
 *
 * @throws Error if the secret is none of this function's.
 */
export function stableKeyOf(secretArn: string, prefix: string, own: string | undefined): string {
  const stableKey = stableKeyIn(secretArn, prefix);
  if (stableKey !== undefined && (own === undefined || own === stableKey)) return stableKey;
  throw new Error(
    `Secret ${secretArn} is none of this function's: it rotates ${prefix}/${own ?? '<any user of the stack>'} only. ` +
      'Nothing was changed. Attach the secret to its own function with `terraform apply`.',
  );
}
