import { arnParts, partitionOf } from '../../aws/aws-values';
import type { DraftStack } from '../draft';
import type { Path, Problem } from '../problem';
import { effectiveSecretPrefix } from './effective-prefix';
import type { TargetRules } from './target-fields';

/** The secret of a target, or of its token, is in the stack's account and region, and none of its own. */
export function checkSecretId(
  { draft, stack }: TargetRules,
  path: Path,
  id: string,
  place: PlaceWords,
): Problem[] {
  const misplaced = id.startsWith('arn:') ? checkPlace(stack, path, id, place) : [];
  if (misplaced.length > 0) return misplaced;
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

/** How it is said that something is elsewhere. */
interface PlaceWords {
  readonly what: string;
  /** What to write in its place. */
  readonly elsewhere: string;
}

export function checkPlace(
  { values: { accountId, region } }: DraftStack,
  path: Path,
  arn: string,
  { what, elsewhere }: PlaceWords,
): Problem[] {
  if (accountId === undefined || region === undefined) return [];
  const parts = arnParts(arn);
  const isThere = parts.accountId === accountId && parts.region === region;
  if (isThere && parts.partition === partitionOf(region)) return [];
  const rule = `${what} is in the stack's account and region, ${accountId} and ${region}, in the partition ${partitionOf(region)}`;
  return [{ path, rule, write: elsewhere }];
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
