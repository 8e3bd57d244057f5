import { fileWithStack, fileWithStacks, itRefuses, problemsOf } from '../refusal';

it('a stable key is not blamed for a prefix that leaves no room for any', () => {
  const shown = problemsOf(fileWithStack(`prefix: ${'p'.repeat(66)}`, 'users: { a: {} }'));

  expect(shown).toContain('a prefix of at most');
  expect(shown).not.toContain('a key of at most');
});

itRefuses('a stable key that begins with a digit', fileWithStack('users: { 1st: {} }'))`
rotation.yaml:5:14 stacks.production.users.1st
  found  '1st'
  rule   a stable key begins with a letter or _ and has letters, digits, _ and -
  write  _1st:, with userName: 1st if the IAM user is called so`;

itRefuses('a stable key with a dot', fileWithStack('users: { legacy.mailer: {} }'))`
rotation.yaml:5:14 stacks.production.users["legacy.mailer"]
  found  'legacy.mailer'
  rule   a stable key begins with a letter or _ and has letters, digits, _ and -
  write  legacy_mailer:, with userName: legacy.mailer if the IAM user is called so`;

itRefuses(
  "a stable key that is too long for a function's name",
  fileWithStack('users: { a23456789_123456789_123456789_123456789_12345678: {} }'),
)`
rotation.yaml:5:14 stacks.production.users.a23456789_123456789_123456789_123456789_12345678
  found  'a23456789_123456789_123456789_123456789_12345678' (48 characters)
  rule   the function and its role are called iam-key-rotation-<stable key>, in at most 64 characters; 'iam-key-rotation-a23456789_123456789_123456789_123456789_12345678' has 65
  write  a key of at most 47 characters, with userName: for the IAM user's name`;

itRefuses("a stable key of the stack's own function", fileWithStack('users: { retire: {} }'))`
rotation.yaml:5:14 stacks.production.users.retire
  found  'retire'
  rule   iam-events, leak-events, notify, retire, retire-schedule, rotate are reserved for what a stack has for all its users
  write  retire_user:, with userName: retire if the IAM user is called so`;

itRefuses('a stable key of the shared function', fileWithStack('functions: shared', 'users: { Rotate: {} }'))`
rotation.yaml:6:14 stacks.production.users.Rotate
  found  'Rotate'
  rule   iam-events, leak-events, notify, retire, retire-schedule, rotate are reserved for what a stack has for all its users
  write  Rotate_user:, with userName: Rotate if the IAM user is called so`;

itRefuses("a stable key that JavaScript's objects have", fileWithStack('users: { constructor: {} }'))`
rotation.yaml:5:14 stacks.production.users.constructor
  found  'constructor'
  rule   a stable key is not one of the words that every JavaScript object has
  write  constructor_user:`;

itRefuses('a stable key that differs only in case', fileWithStack('users: { reports: {}, Reports: {} }'))`
rotation.yaml:5:27 stacks.production.users.Reports
  found  'Reports'
  rule   a stable key is unique without regard to case, and there is 'reports' already
  write  another key, such as Reports_2:`;

itRefuses(
  'stable keys, and suggests none that the file or another suggestion has',
  fileWithStack('users: { a_b: {}, a.b: {}, a-b: {}, "a b": {}, A_B: {}, retire: {}, Retire_user: {} }'),
)`

rotation.yaml:5:23 stacks.production.users["a.b"]
  found  'a.b'
  rule   a stable key begins with a letter or _ and has letters, digits, _ and -
  write  a_b_2:, with userName: a.b if the IAM user is called so

rotation.yaml:5:41 stacks.production.users["a b"]
  found  'a b'
  rule   a stable key begins with a letter or _ and has letters, digits, _ and -
  write  a_b_3:

rotation.yaml:5:52 stacks.production.users.A_B
  found  'A_B'
  rule   a stable key is unique without regard to case, and there is 'a_b' already
  write  another key, such as A_B_4:

rotation.yaml:5:61 stacks.production.users.retire
  found  'retire'
  rule   iam-events, leak-events, notify, retire, retire-schedule, rotate are reserved for what a stack has for all its users
  write  retire_user_2:, with userName: retire if the IAM user is called so`;

itRefuses(
  'a name of a stack with a space',
  "stacks: { 'my stack': { accountId: '111122223333', region: eu-west-1, users: {} } }\n",
)`
rotation.yaml:1:11 stacks["my stack"]
  found  'my stack'
  rule   a stack's name begins with a letter or _ and has letters, digits, _ and -
  write  my_stack:`;

itRefuses(
  'a name of a stack that differs only in case',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, users: {} }",
    "A: { accountId: '444455556666', region: eu-west-1, users: {} }",
  ),
)`
rotation.yaml:3:3 stacks.A
  found  'A'
  rule   a stack's name is unique without regard to case, and there is 'a' already
  write  another key, such as A_2:`;
