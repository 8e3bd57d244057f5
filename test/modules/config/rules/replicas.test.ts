import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, itAccepts, itRefuses } from '../refusal';

const KEY_HERE = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const KEY_THERE = 'arn:aws:kms:eu-central-1:111122223333:key/2';
const READER = 'arn:aws:iam::444455556666:root';

it('copies in other regions are the stack’s, unless the user says otherwise, in the order of their names', () => {
  const text = fileWithStack(
    `replicaRegions: { us-east-1: {}, eu-central-1: { kmsKeyArn: '${KEY_THERE}' } }`,
    'users: { a: {}, b: { replicaRegions: {} }, c: { replicaRegions: { us-west-2: {} } } }',
  );
  const users = parseConfiguration('rotation.yaml', text).stacks[0]?.users ?? [];

  expect(users.map(({ replicas }) => replicas)).toEqual([
    [{ region: 'eu-central-1', kmsKeyArn: KEY_THERE }, { region: 'us-east-1' }],
    [],
    [{ region: 'us-west-2' }],
  ]);
});

itRefuses('a copy where the secret itself is', fileWithStack('replicaRegions: { eu-west-1: {} }'))`
rotation.yaml:5:23 stacks.production.replicaRegions.eu-west-1
  found  'eu-west-1'
  rule   the stack's own region, eu-west-1, has the secret itself, and gets no copy of it
  write  another region, or nothing`;

itRefuses('a copy in a region that is none', fileWithStack('replicaRegions: { frankfurt: {} }'))`
rotation.yaml:5:23 stacks.production.replicaRegions.frankfurt
  found  'frankfurt'
  rule   a region is the short name of an AWS region
  write  eu-central-1: {}`;

itRefuses('a copy in another partition', fileWithStack('replicaRegions: { cn-north-1: {} }'))`
rotation.yaml:5:23 stacks.production.replicaRegions.cn-north-1
  found  'cn-north-1'
  rule   copies are in the partition of the stack's region, aws: Secrets Manager copies to no other
  write  a region of the same partition`;

itRefuses(
  'a copy with the key of another region',
  fileWithStack(`replicaRegions: { eu-central-1: { kmsKeyArn: '${KEY_HERE}' } }`),
)`
rotation.yaml:5:39 stacks.production.replicaRegions.eu-central-1.kmsKeyArn
  found  '${KEY_HERE}'
  rule   the KMS key is in the region of the copy, eu-central-1
  write  the ARN of a key in eu-central-1, or of a multi-region key's replica there`;

itRefuses(
  'a copy that a reader of another account could not decrypt',
  fileWithStack(
    `kmsKeyArn: '${KEY_HERE}'`,
    'replicaRegions: { eu-central-1: {} }',
    `users: { ci: { readers: ['${READER}'] } }`,
  ),
)`
rotation.yaml:7:30 stacks.production.users.ci.readers[0]
  found  '${READER}'
  rule   a reader of another account needs a customer key for every copy of the secret, too, and the one in eu-central-1 has none
  write  eu-central-1: { kmsKeyArn: … } under replicaRegions, with a key of that region; or replicaRegions: {} for this user`;

itAccepts(
  'a copy that a reader of another account can decrypt',
  fileWithStack(
    `kmsKeyArn: '${KEY_HERE}'`,
    `replicaRegions: { eu-central-1: { kmsKeyArn: '${KEY_THERE}' } }`,
    `users: { ci: { readers: ['${READER}'] } }`,
  ),
);
