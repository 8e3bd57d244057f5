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
