import { fileWithUser, itRefuses } from '../refusal';

itRefuses(
  'an existing user that is to be changed',
  fileWithUser(
    'existing: true',
    'path: /service/',
    'policyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]',
    'permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary',
    'groups: [mailers]',
    "inlinePolicies: { a: { Statement: { Effect: Allow, Action: 's3:*', Resource: '*' } } }",
  ),
)`
rotation.yaml:8:9 stacks.production.users.ci-deployer.path
  found  '/service/'
  rule   with existing: true the IAM user stays as it is, so path is not for this file
  write  no path, or import: true instead of existing: true

rotation.yaml:9:9 stacks.production.users.ci-deployer.policyArns
  found  a list of 1 entry
  rule   with existing: true the IAM user stays as it is, so policyArns is not for this file
  write  no policyArns, or import: true instead of existing: true

rotation.yaml:10:9 stacks.production.users.ci-deployer.permissionsBoundaryArn
  found  'arn:aws:iam::111122223333:policy/boundary'
  rule   with existing: true the IAM user stays as it is, so permissionsBoundaryArn is not for this file
  write  no permissionsBoundaryArn, or import: true instead of existing: true

rotation.yaml:11:9 stacks.production.users.ci-deployer.groups
  found  a list of 1 entry
  rule   with existing: true the IAM user stays as it is, so groups is not for this file
  write  no groups, or import: true instead of existing: true

rotation.yaml:12:9 stacks.production.users.ci-deployer.inlinePolicies
  found  a map of 1 key
  rule   with existing: true the IAM user stays as it is, so inlinePolicies is not for this file
  write  no inlinePolicies, or import: true instead of existing: true`;

itRefuses('an existing user that is to be imported, too', fileWithUser('existing: true', 'import: true'))`
rotation.yaml:8:9 stacks.production.users.ci-deployer.import
  found  true (a yes or no, as it has no quotes)
  rule   an IAM user is either taken over as it is (existing) or moved into our state (import)
  write  one of the two`;
