import { stableKeyOfSecretName } from '../../../contract/names';

/**
 * The stable key in a secret's ARN, which Secrets Manager ends with a hyphen and six characters. Undefined: the secret is
 * of another prefix.
 */
export function stableKeyIn(secretArn: string, prefix: string): string | undefined {
  const name = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretArn)?.[1];
  return name === undefined ? undefined : stableKeyOfSecretName(name, prefix);
}
