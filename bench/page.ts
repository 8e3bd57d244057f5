import { keepCurrent } from '../release/generate/keep-current';
import { chartsOf, performancePage, taken } from './performance-page';

/*
 * Writes docs/performance.md and its charts from the results in bench/results/.
 * With --check it writes nothing, and fails if one is out of date.
 */

async function generate(check: boolean): Promise<void> {
  const all = taken();
  for (const { file, svg } of chartsOf(all)) await keepCurrent(file, () => svg, check);
  await keepCurrent('docs/performance.md', () => performancePage(all), check);
}

void generate(process.argv.includes('--check'));
