import type { Draft, DraftStack } from '../draft';
import { DEFAULT_PREFIX } from '../../aws/names';
import { nameOfShard } from '../units';

/** The prefix that a stack's names will have; `undefined` if the schema refused the one that is written. */
export function effectivePrefix(draft: Draft, stack: DraftStack): string | undefined {
  const prefix = prefixOfStack(draft, stack);
  return prefix === undefined || stack.shard === undefined ? prefix : nameOfShard(prefix, stack.shard);
}

/** That of its secrets' names, which the shards of a stack share. */
export function effectiveSecretPrefix(draft: Draft, stack: DraftStack): string | undefined {
  if (!draft.isSound([...stack.path, 'secretPrefix'])) return undefined;
  return stack.values.secretPrefix ?? prefixOfStack(draft, stack);
}

function prefixOfStack(draft: Draft, stack: DraftStack): string | undefined {
  if (!draft.isSound([...stack.path, 'prefix'])) return undefined;
  return stack.values.prefix ?? DEFAULT_PREFIX;
}
