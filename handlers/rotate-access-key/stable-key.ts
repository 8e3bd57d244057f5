/**
 * The stable key in a secret's ARN: secrets are named `<prefix>/<stable key>`, and Secrets Manager puts a hyphen and
 * six characters behind the name. `own` is the one user of a per-user function.
 *
 * @throws Error if the secret is none of this function's.
 */
export function stableKeyOf(secretArn: string, prefix: string, own: string | undefined): string {
  const name = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretArn)?.[1];
  const stableKey = name?.startsWith(`${prefix}/`) === true ? name.slice(prefix.length + 1) : undefined;
  if (stableKey !== undefined && (own === undefined || own === stableKey)) return stableKey;
  throw new Error(
    `Secret ${secretArn} is none of this function's: it rotates ${prefix}/${own ?? '<any user of the stack>'} only. ` +
      'Nothing was changed. Attach the secret to its own function with `terraform apply`.',
  );
}
