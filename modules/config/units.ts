import type { Path } from './problem';
import type { RawStack } from './schema/stack';
import type { RawUser } from './schema/user';

/** What becomes one Terraform stack: a stack of the file, or a shard of one. */
export interface Unit {
  readonly name: string;
  /** Undefined: the users that stand in the stack itself. */
  readonly shard: string | undefined;
  /** Where its users stand, below the stack. */
  readonly path: Path;
  readonly users: Readonly<Record<string, RawUser>>;
}

/**
 * The Terraform stacks that a stack of the file comes to: the users that stand in it directly, and one for each
 * shard. A stack that has only shards makes none for itself.
 */
export function unitsOf(
  name: string,
  { users, include, shards = {} }: Pick<Partial<RawStack>, 'users' | 'include' | 'shards'>,
): Unit[] {
  const ofShards = Object.entries(shards).map(([shard, values]): Unit => {
    const path = ['shards', shard];
    return { name: nameOfShard(name, shard), shard, path, users: values.users ?? {} };
  });
  const isOnlyShards = users === undefined && include === undefined && ofShards.length > 0;
  const own: Unit = { name, shard: undefined, path: [], users: users ?? {} };
  return isOnlyShards ? ofShards : [own, ...ofShards];
}

/** Of the Terraform stack, and of the prefix of its functions and roles. */
export const nameOfShard = (name: string, shard: string): string => `${name}-${shard}`;
