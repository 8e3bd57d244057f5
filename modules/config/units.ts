import type { Path } from './problem';

/** What becomes one Terraform stack: a stack of the file, or a shard of one. */
export interface Unit<User> {
  readonly name: string;
  /** Undefined: the users that stand in the stack itself. */
  readonly shard: string | undefined;
  /** Where its users stand, below the stack. */
  readonly path: Path;
  readonly users: Readonly<Record<string, User>>;
}

/** The keys of a stack that say where its users are. */
interface Divided<User> {
  readonly users?: Readonly<Record<string, User>> | undefined;
  readonly include?: readonly string[] | undefined;
  readonly shards?: Readonly<Record<string, Pick<Divided<User>, 'users'>>> | undefined;
}

/**
 * The Terraform stacks that a stack of the file comes to: the users that stand in it directly, and one for each
 * shard. A stack that has only shards makes none for itself.
 */
export function unitsOf<User>(name: string, { users, include, shards = {} }: Divided<User>): Unit<User>[] {
  const ofShards = Object.entries(shards).map(([shard, values]): Unit<User> => {
    const path = ['shards', shard];
    return { name: nameOfShard(name, shard), shard, path, users: values.users ?? {} };
  });
  const isOnlyShards = users === undefined && include === undefined && ofShards.length > 0;
  const own: Unit<User> = { name, shard: undefined, path: [], users: users ?? {} };
  return isOnlyShards ? ofShards : [own, ...ofShards];
}

/** Of the Terraform stack, and of the prefix of its functions and roles. */
export const nameOfShard = (name: string, shard: string): string => `${name}-${shard}`;
