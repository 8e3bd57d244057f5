import { callsOfRotation } from '../../bench/calls';
import { ROTATION_CALLS } from '../../bench/support/rotation-calls';
import type { RotationStep } from '../../contract/function-events';

it('the page says of each call of a rotation what needs it: write the reason of a new call into bench/support/rotation-calls.ts', async () => {
  const reasoned = Object.entries(ROTATION_CALLS).map(([step, calls]) => [
    step,
    calls.map(({ call }) => call),
  ]);
  expect(await callsOfRotation()).toEqual(Object.fromEntries(reasoned));
});

it('a rotation asks IAM three times: what it makes, and twice what there is', async () => {
  const calls = Object.values(await callsOfRotation()).flat();
  expect(calls.filter((call) => call.startsWith('IAM '))).toEqual([
    'IAM ListAccessKeys',
    'IAM CreateAccessKey',
    'IAM ListAccessKeys',
  ]);
});

it.each(Object.keys(ROTATION_CALLS) as RotationStep[])('%s has a reason for each of its calls', (step) => {
  for (const { why } of ROTATION_CALLS[step]) expect(why).toMatch(/^[A-Z].{10,}[.?]$/);
});
