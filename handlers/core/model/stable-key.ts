/**
 * The stable key in a secret's ARN: secrets are named `<prefix>/<stable key>`, and Secrets Manager puts a hyphen and
 * six characters behind the name. Undefined: the secret is of another prefix.
 */
export function stableKeyIn(secretArn: string, prefix: string): string | undefined {
  const name = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretArn)?.[1];
  return name?.startsWith(`${prefix}/`) === true ? name.slice(prefix.length + 1) : undefined;
}
