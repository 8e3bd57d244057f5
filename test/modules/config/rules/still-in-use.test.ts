import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, itAccepts, itRefuses, refusalOf } from '../refusal';

itRefuses(
  'a hold with an overlap that is too short to tell',
  fileWithUser('overlap: 5h', 'whenStillInUse: hold'),
)`
rotation.yaml:8:9 stacks.production.users.ci-deployer.whenStillInUse
  found  'hold'
  rule   whenStillInUse: hold needs an overlap of at least 6h, because AWS reports hours late that a key is used
  write  whenStillInUse: retire here, or overlap: 6h or longer`;

itRefuses(
  'a hold by the defaults, for a user without overlap',
  `defaults: { whenStillInUse: hold }\n${fileWithUser('overlap: 0h')}`,
)`
rotation.yaml:8:9 stacks.production.users.ci-deployer.overlap
  found  '0h'
  rule   whenStillInUse: hold needs an overlap of at least 6h, because AWS reports hours late that a key is used
  write  whenStillInUse: retire here, or overlap: 6h or longer`;

itRefuses(
  'a hold by defaults that contradict each other, told once for all users',
  `defaults: { whenStillInUse: hold, overlap: 1h }\n${fileWithStack('users: { one: {}, two: { path: /x/ } }')}`,
)`
rotation.yaml:1:13 defaults.whenStillInUse
  found  'hold'
  rule   whenStillInUse: hold needs an overlap of at least 6h, because AWS reports hours late that a key is used
  write  whenStillInUse: retire here, or overlap: 6h or longer`;

itAccepts(
  'defaults that contradict each other and that nobody takes over as they are',
  `defaults: { whenStillInUse: hold, overlap: 1h }\n${fileWithStack('users: { one: { overlap: 6h }, two: { whenStillInUse: retire } }')}`,
);

it('a hold is judged only by an overlap that can be read', () => {
  expect(refusalOf(fileWithUser('overlap: 5', 'whenStillInUse: hold')).problems).toHaveLength(1);
});

it.each([
  ['24h', 'hold'],
  ['6h', 'hold'],
  ['359m', 'retire'],
  ['0h', 'retire'],
])('a hold is what holds unsaid where the overlap allows it: with %s, %s', (overlap, expected) => {
  const { stacks } = parseConfiguration('rotation.yaml', fileWithUser(`overlap: ${overlap}`));

  expect(stacks[0]?.users[0]?.whenStillInUse).toBe(expected);
});
