import { hunt, reportOf } from './hunt';
import { summarize } from './summary';

const RUNS = 5_500;

it('R1 to R8 hold in every random history without people who act by hand', async () => {
  const { found, runs, steps } = await hunt({ runs: RUNS, seed: 20_260_105, people: false });
  if (found !== undefined) throw new Error(reportOf(found));
  summarize(`${runs} random histories without people, ${steps} calls, every rule held`);
}, 300_000);
