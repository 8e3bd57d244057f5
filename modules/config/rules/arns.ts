import { arnParts, partitionOf } from '../../aws/aws-values';
import type { Draft } from '../draft';
import type { Path, Problem } from '../problem';
import type { ArnOfStack } from '../schema/description';

/** ARNs that are well-formed and yet cannot work: of another partition, account or region. */
export function checkArns(draft: Draft): Problem[] {
  const places = new Map(draft.stacks.map(({ path, values }) => [path[1], values]));
  return draft.values.flatMap(({ path, value, description: { arn } }) => {
    if (arn === undefined || typeof value !== 'string') return [];
    return checkArn(value, arn, path, places.get(path[1]) ?? {});
  });
}

function checkArn(
  value: string,
  { what, sameAccount, sameRegion, inRegion }: ArnOfStack,
  path: Path,
  { accountId, region }: { readonly accountId?: string; readonly region?: string },
): Problem[] {
  const parts = arnParts(value);
  const partition = region === undefined ? undefined : partitionOf(region);
  if (partition !== undefined && parts.partition !== partition) {
    return [
      {
        path,
        rule: `${what} is in the partition of the stack's region, ${partition}: no partition trusts another`,
        write: value.replace(/^arn:[^:]+/, `arn:${partition}`),
      },
    ];
  }
  // Policies made by AWS have the account `aws`.
  const isOfOtherAccount = parts.accountId !== accountId && parts.accountId !== 'aws';
  if (sameAccount === true && accountId !== undefined && isOfOtherAccount) {
    return [
      {
        path,
        rule: `${what} is in the stack's account, ${accountId}: IAM takes none of another account`,
        write: value.replace(`::${parts.accountId}:`, `::${accountId}:`),
      },
    ];
  }
  const wanted = { stack: region, map: String(path.at(-2)), none: undefined }[sameRegion ?? 'none'];
  if (wanted === undefined || parts.region === wanted) return [];
  const whose = wanted === region ? "the stack's region" : 'the region of the copy';
  return [
    {
      path,
      rule: `${what} is in ${whose}, ${wanted}`,
      write: inRegion?.(wanted) ?? `an ARN of ${wanted}`,
    },
  ];
}
