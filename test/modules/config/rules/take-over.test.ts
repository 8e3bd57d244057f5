import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithUser, itRefuses, itRefusesOfUser } from '../refusal';

const resolved = (takeOver: string) =>
  parseConfiguration('rotation.yaml', fileWithUser(`takeOver: ${takeOver}`)).stacks[0]?.users[0]?.takeOver;

itRefusesOfUser('a takeOver that is neither all nor a list', 'takeOver: AKIAIOSFODNN7EXAMPLE')`
  rule   takeOver is all, or a list of 1 to 10 access key ids
  write  takeOver: all, or [AKIAIOSFODNN7EXAMPLE]`;

itRefusesOfUser('a takeOver that is an empty list', 'takeOver: []')`
  found  an empty list
  rule   takeOver is all, or a list of 1 to 10 access key ids
  write  takeOver: all, or [AKIAIOSFODNN7EXAMPLE]`;

itRefuses(
  'a key to take over that is none',
  fileWithUser('takeOver: [AKIAIOSFODNN7EXAMPLE, ASIAIOSFODNN7EXAMPLE]'),
)`
rotation.yaml:7:42 stacks.production.users.ci-deployer.takeOver[1]
  found  'ASIAIOSFODNN7EXAMPLE'
  rule   an access key is named by its id, which begins with AKIA; its secret is never written here
  write  AKIAIOSFODNN7EXAMPLE, from aws iam list-access-keys`;

itRefuses('a key to take over twice', fileWithUser('takeOver: [AKIAIOSFODNN7EXAMPLE, AKIAIOSFODNN7EXAMPLE]'))`
rotation.yaml:7:42 stacks.production.users.ci-deployer.takeOver[1]
  found  'AKIAIOSFODNN7EXAMPLE'
  rule   an entry stands only once in takeOver, and the list's entry 1 is the same
  write  one of the two`;

it('keys to take over are all, or some, or none', () => {
  expect(resolved('all')).toBe('all');
  expect(resolved('[AKIAIOSFODNN7EXAMPLE]')).toEqual(['AKIAIOSFODNN7EXAMPLE']);
  expect(
    parseConfiguration('rotation.yaml', fileWithUser('owner: x')).stacks[0]?.users[0],
  ).not.toHaveProperty('takeOver');
});
