import { inOwnProcess } from './in-own-process';
import { MUTANTS } from './mutants/mutants';

jest.setTimeout(600_000);

it('the simulation notices whatever is turned off that keeps the keys safe', async () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  const printed = await inOwnProcess('mutants/run.ts');
  expect(printed).toContain(`${MUTANTS.length} of ${MUTANTS.length} mutants killed`);
});
