import { fileWithUser, itRefuses } from '../refusal';

itRefuses(
  'the same policy twice',
  fileWithUser(
    'policyArns:',
    '  - arn:aws:iam::aws:policy/ReadOnlyAccess',
    '  - arn:aws:iam::aws:policy/ReadOnlyAccess',
  ),
)`
rotation.yaml:9:13 stacks.production.users.ci-deployer.policyArns[1]
  found  'arn:aws:iam::aws:policy/ReadOnlyAccess'
  rule   an entry stands only once in policyArns, and the list's entry 1 is the same
  write  one of the two`;

itRefuses(
  'two groups that differ only in case, which are one to IAM',
  fileWithUser('groups: [mailers, deployers, Mailers]'),
)`

rotation.yaml:7:38 stacks.production.users.ci-deployer.groups[2]
  found  'Mailers'
  rule   an entry stands only once in groups, and the list's entry 1 is the same (upper and lower case are the same to AWS)
  write  one of the two`;
