import * as z from 'zod';

import { STABLE_KEY } from '../../aws/aws-values';
import { userSchema } from './user';
import { key } from './wording';

export const usersSchema = key(
  z.record(z.string(), userSchema).meta({ propertyNames: { pattern: STABLE_KEY.source } }),
  {
    description: 'The rotated users, by stable key.',
    absent: 'those of `include` and `shards`; one of the three is required',
    rule: 'users is a map of users; {} if there are none',
    write: () => 'users: {}, or a user below it, such as ci-deployer: {}',
  },
);

/** A file that is included in a stack. */
export const usersPartSchema = key(z.strictObject({ users: usersSchema }), {
  description: "Users of a stack of iam-key-rotation's configuration, which includes this file.",
  rule: 'a file that is included in a stack is a map with the key users alone',
  write: () => 'users:, and below it a user such as ci-deployer: {}',
});
