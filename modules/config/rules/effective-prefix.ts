import type { Draft, DraftStack } from '../draft';
import { DEFAULT_PREFIX } from '../names';

/** The prefix that a stack's names will have; `undefined` if the schema refused the one that is written. */
export function effectivePrefix(draft: Draft, stack: DraftStack): string | undefined {
  if (!draft.isSound([...stack.path, 'prefix'])) return undefined;
  return stack.values.prefix ?? DEFAULT_PREFIX;
}
