import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, itAccepts } from '../refusal';

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
