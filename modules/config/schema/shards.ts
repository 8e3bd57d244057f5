import { SHARD } from '../../aws/aws-values';
import { map, mapOf } from './builders';
import { include } from './include';
import { usersSchema } from './users';

const shardSchema = map(
  {
    users: usersSchema.optional(),
    include: include('Files that hold the users of the shard.', 'teams/payments/*.yaml').optional(),
  },
  {
    description:
      'A Terraform stack of its own, with its own state, and the settings of the stack it belongs to.',
    what: 'a shard',
    example: '{ users: { ci-deployer: {} } }',
  },
);

export const shardsSchema = mapOf(shardSchema, {
  description:
    'Parts of a large stack that are Terraform stacks of their own, by name. A user is in the shard that it is written in, and nowhere else: to add a shard moves nobody.',
  absent: 'none: all users are in one Terraform stack',
  of: 'shards',
  keys: SHARD,
  example: '{ two: { users: { ci-deployer: {} } } }',
});
