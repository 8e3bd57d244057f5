import { simulate } from './in-own-process';

const RUNS = '5500';
const SEED = '20260105';

it.each<[string, string[]]>([
  ['with people who act by hand', []],
  ['without people who act by hand', ['--without-people']],
  ['with leaks that AWS reports', ['--leaks']],
  ['with leaks that AWS reports, and without people who act by hand', ['--leaks', '--without-people']],
])('R1 to R8 hold in every random history %s', async (_who, options) => {
  const printed = await simulate('--runs', RUNS, '--seed', SEED, ...options);
  expect(printed).toMatch(new RegExp(`${RUNS} random histories .* every rule held`));
});
