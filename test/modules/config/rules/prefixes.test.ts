import { fileWithStacks, itRefuses, itRefusesOfStack } from '../refusal';

itRefuses(
  'the same prefix in two stacks, even in two regions',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, users: {} }",
    "b: { accountId: '111122223333', region: us-east-1, users: {} }",
  ),
)`
rotation.yaml:3:3 stacks.b.prefix
  found  'iam-key-rotation' (the default), as in stacks.a
  rule   two stacks of one account (111122223333) differ in their prefix, even in different regions, because their roles are named after it
  write  prefix: iam-key-rotation-b`;

itRefusesOfStack(
  'a prefix that leaves no room for names',
  'prefix: a23456789-123456789-123456789-123456789-123456789-123456789',
)`
  found  'a23456789-123456789-123456789-123456789-123456789-123456789' (59 characters)
  rule   functions and roles are called <prefix>-<stable key>, in at most 64 characters; already 'a23456789-123456789-123456789-123456789-123456789-123456789-retire-schedule' has 75
  write  a prefix of at most 48 characters, better 20`;

itRefuses(
  'a role that two stacks would make',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, prefix: keys, users: { ci-eu_x: {} } }",
    "b: { accountId: '111122223333', region: eu-west-1, prefix: keys-ci, users: { EU_x: {} } }",
  ),
)`
rotation.yaml:3:80 stacks.b.users.EU_x
  found  a function and a role called 'keys-ci-EU_x'
  rule   a name is made only once in an account (111122223333), and stacks.a.users.ci-eu_x makes this one too
  write  another prefix for one of the two stacks, such as prefix: b-keys`;
