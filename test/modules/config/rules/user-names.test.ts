import { fileWithStack, fileWithStacks, itRefuses } from '../refusal';

itRefuses(
  'the same IAM user in two stacks',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, prefix: one, users: { mailer_a: { userName: mailer } } }",
    "b: { accountId: '111122223333', region: eu-west-1, prefix: two, users: { Mailer: {} } }",
  ),
)`
rotation.yaml:3:76 stacks.b.users.Mailer
  found  the IAM user 'Mailer'
  rule   an IAM user is rotated in one place only, and stacks.a.users.mailer_a is the same user of account 111122223333
  write  only one of the two entries`;

itRefuses(
  'the same IAM user twice in a stack',
  fileWithStack('users:', '  mailer: {}', '  other: { userName: MAILER }'),
)`
rotation.yaml:7:16 stacks.production.users.other.userName
  found  the IAM user 'MAILER'
  rule   an IAM user is rotated in one place only, and stacks.production.users.mailer is the same user of account 111122223333
  write  only one of the two entries`;
