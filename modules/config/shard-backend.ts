import type { RawStack } from './schema/stack';
import { nameOfShard } from './units';

type RawBackend = NonNullable<RawStack['backend']>;

/** The state of a shard: beside that of its stack, with the shard's name in it. */
export function backendOf(
  backend: RawStack['backend'],
  shard: string | undefined,
): RawStack['backend'] | undefined {
  if (backend === undefined || shard === undefined) return backend;
  const { s3, http, local } = backend;
  return {
    ...(s3 === undefined ? {} : { s3: { ...s3, key: beforeExtension(s3.key, shard) } }),
    ...(http === undefined ? {} : { http: httpOf(http, shard) }),
    ...(local?.path === undefined ? {} : { local: { path: beforeExtension(local.path, shard) } }),
    ...(local !== undefined && local.path === undefined ? { local } : {}),
  };
}

function httpOf(http: NonNullable<RawBackend['http']>, shard: string): NonNullable<RawBackend['http']> {
  const of = (address: string): string =>
    // `<address>/lock` belongs to the state at `<address>`.
    address.startsWith(http.address)
      ? nameOfShard(http.address, shard) + address.slice(http.address.length)
      : nameOfShard(address, shard);
  return {
    ...http,
    address: of(http.address),
    ...(http.lockAddress === undefined ? {} : { lockAddress: of(http.lockAddress) }),
    ...(http.unlockAddress === undefined ? {} : { unlockAddress: of(http.unlockAddress) }),
  };
}

/** `a/production.tfstate` becomes `a/production-two.tfstate`. */
function beforeExtension(path: string, shard: string): string {
  const [, stem = path, extension = ''] = /^(.*[^/])(\.[^./]+)$/.exec(path) ?? [];
  return nameOfShard(stem, shard) + extension;
}
