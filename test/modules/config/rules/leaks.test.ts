import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithStacks, itAccepts, itRefuses } from '../refusal';

itAccepts('a stack that replaces leaked keys', fileWithStack('onLeak: replace'));
itAccepts(
  'a stable key that is called as the responder, where there is none',
  fileWithStack('users: { respond: {} }'),
);

it('a stack that says nothing tells, and changes no key', () => {
  expect(parseConfiguration('rotation.yaml', fileWithStack('users: { ci: {} }')).stacks[0]!.onLeak).toBe(
    'notify',
  );
});

it('with a responder no user is called as it is', () => {
  expect(() =>
    parseConfiguration('rotation.yaml', fileWithStack('onLeak: replace', 'users: { respond: {} }')),
  ).toThrow('respond is reserved');
});

itAccepts(
  'a user for drills',
  fileWithStack('onLeak: replace', 'leakDrill: drills', 'users: { ci: {}, drills: {} }'),
);

itRefuses(
  'a user for drills that the stack does not have',
  fileWithStack('onLeak: replace', 'leakDrill: dril', 'users: { ci: {}, drills: {} }'),
)`
rotation.yaml:6:5 stacks.production.leakDrill
  found  'dril'
  rule   the user for drills is a user of the stack, named by its stable key
  write  drills
`;

itRefuses(
  'drills where no leaked key is replaced',
  fileWithStack('leakDrill: drills', 'users: { drills: {} }'),
)`
rotation.yaml:5:5 stacks.production.leakDrill
  found  'drills'
  rule   leakDrill names the user for drills of what onLeak: replace does, and this stack replaces no leaked key
  write  onLeak: replace, or no leakDrill
`;

it('of several shards the one has drills whose user is named', () => {
  const { stacks } = parseConfiguration(
    'rotation.yaml',
    fileWithStacks(
      "big: { accountId: '111122223333', region: eu-west-1, onLeak: replace, leakDrill: drills, shards: { a: { users: { ci: {} } }, b: { users: { drills: {} } } } }",
    ),
  );
  expect(stacks.map(({ name, leakDrill }) => [name, leakDrill])).toEqual([
    ['big-a', undefined],
    ['big-b', 'drills'],
  ]);
});
