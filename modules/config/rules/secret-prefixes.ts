import { SECRET_PREFIX } from '../../aws/aws-values';
import { secretNamePrefix } from '../../aws/names';
import type { Draft, DraftStack } from '../draft';
import { formatPath, type Problem } from '../problem';
import { effectiveSecretPrefix } from './effective-prefix';

/**
 * The functions of a stack that serve all its users reach all secrets whose names begin with its prefix: no other stack of
 * the account has secrets there, in whatever region, because a secret may be copied to others. The shards of a stack share it.
 */
export function checkSecretPrefixes(draft: Draft): Problem[] {
  const seen: { readonly stack: DraftStack; readonly prefix: string }[] = [];
  return draft.stacks.flatMap((stack): Problem[] => {
    const prefix = effectiveSecretPrefix(draft, stack);
    const { accountId } = stack.values;
    if (prefix === undefined || accountId === undefined) return [];
    const other = seen.find(
      (one) =>
        one.stack.values.accountId === accountId &&
        formatPath(one.stack.path) !== formatPath(stack.path) &&
        (isWithin(prefix, one.prefix) || isWithin(one.prefix, prefix)),
    );
    seen.push({ stack, prefix });
    // Where neither says it, the prefixes themselves are alike, which is said of them.
    const saidBy = [stack, other?.stack].find((one) => one?.values.secretPrefix !== undefined);
    if (other === undefined || saidBy === undefined) return [];
    return [
      {
        path: [...saidBy.path, 'secretPrefix'],
        rule: `secrets of two stacks of one account (${accountId}) are called differently, and neither's begin as those of the other; ${formatPath((saidBy === stack ? other.stack : stack).path)} has '${secretNamePrefix(saidBy === stack ? other.prefix : prefix)}'`,
        write: `secretPrefix: ${freePrefix(saidBy.name, seen)}`,
      },
    ];
  });
}

/** One that is not refused in turn. */
function freePrefix(name: string, seen: readonly { readonly prefix: string }[]): string {
  const isFree = (one: string): boolean =>
    SECRET_PREFIX.test(one) && seen.every(({ prefix }) => !isWithin(prefix, one) && !isWithin(one, prefix));
  return [name, `${name}-secrets`, `secrets/${name}`].find(isFree) ?? 'another prefix';
}

const isWithin = (inner: string, outer: string): boolean =>
  secretNamePrefix(inner).startsWith(secretNamePrefix(outer));
