import { Token } from 'cdktf';

import { STABLE_KEY } from '../../contract/stable-key';
import { functionName, LONGEST_NAME, RESERVED_STABLE_KEYS, STABLE_KEY_RULE } from '../aws/names';

/**
 * The rules that `rotation.yaml` and the variable `name` of the Terraform modules have for a stable key. What is a reference is
 * passed over.
 *
 * @throws Error for a key from which no address or name can be made
 */
export function checkStableKey(stableKey: string, prefix: string): void {
  if (Token.isUnresolved(stableKey) || stableKey.startsWith('${')) return;
  const refused = (rule: string): Error =>
    new Error(
      `The stable key '${stableKey}' cannot be used: ${rule}. Write another stableKey, and the IAM user's name as userName.`,
    );
  if (!STABLE_KEY.test(stableKey)) throw refused(`a stable key ${STABLE_KEY_RULE}`);
  // Terraform's JSON is put together in JavaScript objects, where these words mean something already.
  if (stableKey in {}) throw refused('a stable key is not one of the words that every JavaScript object has');
  if (RESERVED_STABLE_KEYS.includes(stableKey.toLowerCase())) {
    throw refused(`${RESERVED_STABLE_KEYS.join(', ')} are reserved for what a stack has for all its users`);
  }
  if (Token.isUnresolved(prefix) || prefix.startsWith('${')) return;
  const name = functionName(prefix, stableKey);
  if (name.length > LONGEST_NAME) {
    throw refused(
      `the function and its role are called '${name}', which has ${name.length} characters, and AWS takes ${LONGEST_NAME}`,
    );
  }
}
