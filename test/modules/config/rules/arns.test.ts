import { fileWithUser, itRefuses, itRefusesOfStack, itRefusesOfUser } from '../refusal';

itRefusesOfStack('a role of another account', 'deployRoleArn: arn:aws:iam::444455556666:role/terraform')`
  rule   the role is in the stack's account, 111122223333: IAM takes none of another account
  write  arn:aws:iam::111122223333:role/terraform`;

itRefusesOfStack('a KMS key of another region', 'kmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/mrk-1')`
  rule   the KMS key is in the stack's region, eu-west-1
  write  the ARN of a key in eu-west-1, or of a multi-region key's replica there`;

itRefusesOfStack(
  'a KMS key for logs of another region',
  'logKmsKeyArn: arn:aws:kms:us-east-1:111122223333:key/mrk-1',
)`
  rule   the KMS key is in the stack's region, eu-west-1
  write  the ARN of a key in eu-west-1, or of a multi-region key's replica there`;

itRefuses(
  'a policy of another account',
  fileWithUser('policyArns: [arn:aws:iam::444455556666:policy/deploy]'),
)`
rotation.yaml:7:22 stacks.production.users.ci-deployer.policyArns[0]
  found  'arn:aws:iam::444455556666:policy/deploy'
  rule   the policy is in the stack's account, 111122223333: IAM takes none of another account
  write  arn:aws:iam::111122223333:policy/deploy`;

itRefusesOfUser(
  'a boundary of another account',
  'permissionsBoundaryArn: arn:aws:iam::444455556666:policy/boundary',
)`
  rule   the policy is in the stack's account, 111122223333: IAM takes none of another account
  write  arn:aws:iam::111122223333:policy/boundary`;

itRefuses(
  'a policy of another partition',
  fileWithUser('policyArns: [arn:aws-cn:iam::aws:policy/ReadOnlyAccess]'),
)`
rotation.yaml:7:22 stacks.production.users.ci-deployer.policyArns[0]
  found  'arn:aws-cn:iam::aws:policy/ReadOnlyAccess'
  rule   the policy is in the partition of the stack's region, aws: no partition trusts another
  write  arn:aws:iam::aws:policy/ReadOnlyAccess`;

itRefuses(
  'a reader of another partition',
  fileWithUser('readers: [arn:aws-us-gov:iam::111122223333:role/ci]'),
)`
rotation.yaml:7:19 stacks.production.users.ci-deployer.readers[0]
  found  'arn:aws-us-gov:iam::111122223333:role/ci'
  rule   the reader is in the partition of the stack's region, aws: no partition trusts another
  write  arn:aws:iam::111122223333:role/ci`;
