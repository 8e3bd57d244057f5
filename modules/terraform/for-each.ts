import type { ITerraformIterator } from 'cdktf';
import { TerraformIterator } from 'cdktf';

/** What `for_each` is at, in the arguments of its resource. */
export const EACH_VALUE = '${each.value}';

/** Nothing in it that a text of Terraform would have to escape. */
const PLAIN = /^[\w:/+=,.@-]*$/;

/**
 * For `forEach`: one resource for each of these texts. CDKTF's own iterator makes the same of them, with several tokens
 * whenever it is looked at, and a stack trace for each; it is for texts that are references.
 */
export function eachOf(texts: readonly string[]): ITerraformIterator {
  if (!texts.every((text) => PLAIN.test(text))) return TerraformIterator.fromList([...texts]);
  const set = `\${toset([${texts.map((text) => `"${text}"`).join(', ')}])}`;
  return { _getForEachExpression: () => set };
}
