import type { RawStack } from './schema/stack';
import { nameOfShard } from './units';

type Backend = NonNullable<RawStack['backend']>;

/** The state of a shard: beside that of its stack, with the shard's name in it. */
export function backendOf<B extends Backend | undefined>(backend: B, shard: string | undefined): B {
  if (backend === undefined || shard === undefined) return backend;
  const { s3, http, cloud, local } = backend;
  return {
    ...backend,
    s3: s3 && { ...s3, key: beforeExtension(s3.key, shard) },
    http: http && httpOf(http, shard),
    cloud: cloud && { ...cloud, workspace: nameOfShard(cloud.workspace, shard) },
    local: local?.path === undefined ? local : { path: beforeExtension(local.path, shard) },
  };
}

function httpOf(http: NonNullable<Backend['http']>, shard: string): NonNullable<Backend['http']> {
  const of = (address: string): string =>
    // `<address>/lock` belongs to the state at `<address>`.
    address.startsWith(http.address)
      ? nameOfShard(http.address, shard) + address.slice(http.address.length)
      : nameOfShard(address, shard);
  const { address, lockAddress, unlockAddress } = http;
  return {
    ...http,
    address: of(address),
    lockAddress: lockAddress && of(lockAddress),
    unlockAddress: unlockAddress && of(unlockAddress),
  };
}

/** `a/production.tfstate` becomes `a/production-two.tfstate`. */
function beforeExtension(path: string, shard: string): string {
  const [, stem = path, extension = ''] = /^(.*[^/])(\.[^./]+)$/.exec(path) ?? [];
  return nameOfShard(stem, shard) + extension;
}
