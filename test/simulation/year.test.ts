import { simulate } from './in-own-process';

it('a year of 40 users with faults, people, deliveries and leaks breaks no rule, and no key grows older than the policy', async () => {
  const printed = await simulate('--year', '--users', '40', '--seed', '20260105');
  expect(printed).toContain('every rule held');
});
