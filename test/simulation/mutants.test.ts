import { turnOffSafeguards } from './in-own-process';
import { MUTANTS } from './mutants/mutants';

it('the simulation notices every safeguard of the keys that is turned off', async () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  const printed = await turnOffSafeguards();
  expect(printed).toContain(`${MUTANTS.length} of ${MUTANTS.length} mutants killed`);
});
