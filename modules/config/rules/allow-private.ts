import { isIP } from 'node:net';

import type { Path, Problem } from '../problem';

/** What may be private is the host of the target, or an address: another host is never connected to. */
export function checkAllowPrivate(
  path: Path,
  allowed: readonly (string | undefined)[] | undefined,
  url: string | undefined,
): Problem[] {
  const host = hostOf(url);
  if (host === undefined) return [];
  return (allowed ?? []).flatMap((one, index) => {
    if (one === undefined || isIP(one) > 0 || one.toLowerCase() === host) return [];
    const rule = `allowPrivate names the host of the target, ${host}, or addresses: no other host is connected to`;
    return [{ path: [...path, index], rule, write: host }];
  });
}

const hostOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : undefined;
