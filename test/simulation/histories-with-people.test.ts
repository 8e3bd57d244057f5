import { hunt, reportOf } from './hunt';
import { summarize } from './summary';

const RUNS = 5_500;

it('R1 to R8 hold in every random history with people who act by hand', async () => {
  const { found, runs, steps } = await hunt({ runs: RUNS, seed: 20_260_105, people: true });
  if (found !== undefined) throw new Error(reportOf(found));
  summarize(`${runs} random histories with people, ${steps} calls, every rule held`);
}, 300_000);
