import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import { BENCHMARKS } from '../../bench/benchmarks';
import { CHART_FOLDER, chartsOf, performancePage, taken } from '../../bench/performance-page';

const PROJECT = resolve(__dirname, '../..');
const filesIn = (folder: string): string[] => readdirSync(resolve(PROJECT, folder)).toSorted();

it('docs/performance.md and its charts say what bench/results/ says; else run npm run generate', () => {
  const script = ['--import', 'tsx', 'bench/page.ts', '--check'];
  expect(() => execFileSync(process.execPath, script, { cwd: PROJECT, stdio: 'pipe' })).not.toThrow();
});

it('every file of results has its benchmark', () => {
  const known = BENCHMARKS.map(({ name }) => `${name}.json`);
  expect(filesIn('bench/results').filter((file) => !known.includes(file))).toEqual([]);
});

it.each(BENCHMARKS.map(({ name }) => name))('the page says how to take %s', (name) => {
  expect(performancePage(taken())).toContain(`npm run bench -- ${name}`);
});

it('every chart is on the page, and none is left of an earlier one', () => {
  expect(filesIn(CHART_FOLDER).map((file) => `${CHART_FOLDER}/${file}`)).toEqual(
    chartsOf(taken())
      .map(({ file }) => file)
      .toSorted(),
  );
});

it('every limit has its reason, and every limit that is missed says why and what would keep it', () => {
  for (const { benchmark, results } of taken()) {
    for (const { why, missed, found, atMost = Infinity, atLeast = -Infinity } of benchmark.limits) {
      expect(why).toMatch(/^[A-Z].{20,}\.$/);
      const figure = found(results.figures);
      expect(figure).not.toBeNaN();
      if (figure > atMost || figure < atLeast) expect(missed).toMatch(/^[A-Z].{40,}\.$/);
    }
  }
});
