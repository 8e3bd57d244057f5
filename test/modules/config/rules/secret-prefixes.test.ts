import { fileWithStacks, itAccepts, itRefuses, itRefusesOfStack } from '../refusal';

itRefusesOfStack('a prefix of secrets with an empty part', 'secretPrefix: /prod//payments/')`
  rule   a prefix of secrets has 3 to 100 letters, digits and _+=.@-, in parts that single slashes separate; it begins and ends without a slash
  write  secretPrefix: prod/payments`;

itRefuses(
  'secrets of two stacks that are called alike',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, prefix: a-keys, secretPrefix: prod/a, users: {} }",
    "b: { accountId: '111122223333', region: us-east-1, prefix: b-keys, secretPrefix: prod/a/b, users: {} }",
  ),
)`
rotation.yaml:3:70 stacks.b.secretPrefix
  found  'prod/a/b'
  rule   secrets of two stacks of one account (111122223333) are called differently, and neither's begin as those of the other; stacks.a has 'prod/a/'
  write  secretPrefix: b-secrets`;

itAccepts(
  'prefixes of secrets that only begin with the same letters, or are of two accounts',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, prefix: a-keys, secretPrefix: prod/a, users: {} }",
    "b: { accountId: '111122223333', region: us-east-1, prefix: b-keys, secretPrefix: prod/a-b, users: {} }",
    "c: { accountId: '444455556666', region: us-east-1, secretPrefix: prod/a, users: {} }",
  ),
);
