import { suggest } from '../../../modules/config/suggest';

it.each([
  ['usres', 'users'],
  ['userNmae', 'userName'],
  ['rotateEvry', 'rotateEvery'],
  ['PREFIX', 'prefix'],
  ['xyz', undefined],
  ['u'.repeat(100_000), undefined],
])('what was probably meant by %s is %s', (word, meant) => {
  expect(suggest(word, ['prefix', 'rotateEvery', 'userName', 'users'])).toBe(meant);
});
