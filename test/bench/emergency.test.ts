import { measureRun } from '../../bench/emergency';

it('an emergency is measured until the last key is replaced', async () => {
  const { planSeconds, seconds, iamCalls, throttled, busiestSecond, replaced } = await measureRun(20, 20);
  expect(replaced.at(-1)).toEqual([seconds, 20]);
  expect(planSeconds).toBeGreaterThan(0);
  expect(planSeconds).toBeLessThan(seconds);
  // For each: the keys are listed for the plan, and before and after it is made.
  expect(iamCalls - throttled).toBeGreaterThan(20 * 4);
  expect(busiestSecond).toBeLessThanOrEqual(70);
});

it('an emergency has the same figures whatever was measured before it', async () => {
  expect(await measureRun(20, 20)).toEqual(await measureRun(20, 20));
});
