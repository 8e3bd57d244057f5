import { fileWithUser, itAccepts, itRefuses } from '../refusal';

itRefuses(
  'a reader of another account without a customer key',
  fileWithUser('readers: [arn:aws:iam::444455556666:role/ci]'),
)`
rotation.yaml:7:19 stacks.production.users.ci-deployer.readers[0]
  found  'arn:aws:iam::444455556666:role/ci'
  rule   a reader of another account than the stack's (111122223333) needs a customer key that encrypts the secret: AWS's own key admits no other account
  write  kmsKeyArn: for the user or the stack, with a key whose policy allows that account kms:Decrypt; or a role of account 111122223333`;

itAccepts(
  'a reader of another account, and a customer key for this user alone',
  fileWithUser(
    'kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/mrk-1',
    'readers: [arn:aws:iam::444455556666:role/ci]',
  ),
);
