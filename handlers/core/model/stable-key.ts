import { stableKeyOfSecretName } from '../../../contract/names';

/* No expression that looks for both at once: with a text of megabytes it would not come to an end. */
const BEFORE_NAME = ':secret:';
const LENGTH_OF_END = 7;

/**
 * The stable key in a secret's ARN, which Secrets Manager ends with a hyphen and six characters. Undefined: the secret is
 * of another prefix.
 */
export function stableKeyIn(secretArn: string, prefix: string): string | undefined {
  const at = secretArn.indexOf(BEFORE_NAME);
  const end = /-[A-Za-z0-9]{6}$/.exec(secretArn.slice(-LENGTH_OF_END));
  if (at < 0 || end === null) return undefined;
  return stableKeyOfSecretName(secretArn.slice(at + BEFORE_NAME.length, -LENGTH_OF_END), prefix);
}
