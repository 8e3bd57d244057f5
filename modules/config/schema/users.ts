import { STABLE_KEY } from '../../../contract/stable-key';
import { map, mapOf } from './builders';
import { userSchema } from './user';

export const usersSchema = mapOf(userSchema, {
  description: 'The rotated users, by stable key.',
  absent: 'those of `include` and `shards`; one of the three is required',
  of: 'users; {} if there are none',
  keys: STABLE_KEY,
  advice: 'users: {}, or a user below it, such as ci-deployer: {}',
});

/** A file that is included in a stack. */
export const usersPartSchema = map(
  { users: usersSchema },
  {
    description: "Users of a stack of iam-key-rotation's configuration, which includes this file.",
    rule: 'a file that is included in a stack is a map with the key users alone',
    advice: 'users:, and below it a user such as ci-deployer: {}',
  },
);
