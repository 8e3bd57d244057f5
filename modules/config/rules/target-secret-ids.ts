import { arnParts, partitionOf } from '../../aws/aws-values';
import type { Path, Problem } from '../problem';
import { effectiveSecretPrefix } from './effective-prefix';
import type { TargetRules } from './target-fields';

/** The secret of a target, or of its token, is in the stack's account and region, and none of its own. */
export function checkSecretId(
  { draft, stack }: TargetRules,
  path: Path,
  id: string,
  { what, elsewhere }: { readonly what: string; readonly elsewhere: string },
): Problem[] {
  const { accountId, region } = stack.values;
  if (id.startsWith('arn:') && accountId !== undefined && region !== undefined) {
    const parts = arnParts(id);
    const isThere = parts.accountId === accountId && parts.region === region;
    if (!isThere || parts.partition !== partitionOf(region)) {
      return [
        {
          path,
          rule: `${what} is in the stack's account and region, ${accountId} and ${region}, in the partition ${partitionOf(region)}`,
          write: elsewhere,
        },
      ];
    }
  }
  const prefix = effectiveSecretPrefix(draft, stack);
  if (prefix !== undefined && nameOfSecret(id).startsWith(`${prefix}/`)) {
    return [
      {
        path,
        rule: `secrets whose names begin with ${prefix}/ are this stack's own, and only a rotation writes them`,
        write: 'another secret',
      },
    ];
  }
  return [];
}

/** A name, or `arn:…:secret:<name>-AbCdEf`. */
export const nameOfSecret = (id: string): string =>
  id.startsWith('arn:')
    ? id
        .split(':')
        .slice(6)
        .join(':')
        .replace(/-[A-Za-z0-9]{6}$/, '')
    : id;

export const OF_TOKEN = {
  what: 'the secret of a token',
  elsewhere: 'a secret there, which holds the token',
};
