import * as ipaddr from 'ipaddr.js';

/** What a host may have that is allowed by its name. Loopback and link-local addresses have to be allowed each by itself. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/** Why an address may not be connected to, as in "which is private"; undefined: it may. */
export function objectionTo(
  address: string,
  { host, allowPrivate }: { readonly host: string; readonly allowPrivate: readonly string[] },
): string | undefined {
  if (!ipaddr.isValid(address)) return 'unreadable';
  // An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is the IPv4 address.
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'unicast') return undefined;
  const isAllowed = allowPrivate.some((allowed) =>
    ipaddr.isValid(allowed)
      ? ipaddr.process(allowed).toNormalizedString() === parsed.toNormalizedString()
      : allowed.toLowerCase() === host.toLowerCase() && PRIVATE_RANGES.has(range),
  );
  return isAllowed ? undefined : range;
}
