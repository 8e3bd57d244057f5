import * as z from 'zod';

import { SHARD } from '../../aws/aws-values';
import { include } from './include';
import { usersSchema } from './users';
import { key } from './wording';

export const shardSchema = key(
  z.strictObject({
    users: usersSchema.optional(),
    include: include('Files that hold the users of the shard.', 'teams/payments/*.yaml').optional(),
  }),
  {
    description:
      'A Terraform stack of its own, with its own state, and the settings of the stack it belongs to.',
    rule: 'a shard is a map with users, include, or both',
    write: '{ users: { ci-deployer: {} } }',
  },
);

export const shardsSchema = key(
  z.record(z.string(), shardSchema).meta({ propertyNames: { pattern: SHARD.source } }),
  {
    description:
      'Parts of a large stack that are Terraform stacks of their own, by name. A user is in the shard that it is written in, and nowhere else: to add a shard moves nobody.',
    absent: 'none: all users are in one Terraform stack',
    rule: 'shards is a map of shards',
    write: '{ two: { users: { ci-deployer: {} } } }',
  },
);
