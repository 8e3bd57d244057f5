/*
 * `npm run bench` takes the benchmarks, one after the other, but for those that take long or need Terraform (`byName`); and
 * `npm run bench -- NAME…` those that are named. Each writes its figures to bench/results/. `npm run generate` then writes
 * docs/performance.md. So that the figures mean something, nothing else should run on the machine.
 */
import { keepCurrent } from '../release/generate/keep-current';
import { BENCHMARKS } from './benchmarks';
import { isKept } from './support/benchmark';
import { thisMachine } from './support/machine';
import { resultsFile, type Results } from './support/results';

const names = (): string => BENCHMARKS.map(({ name }) => name).join(', ');

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => BENCHMARKS.every((benchmark) => benchmark.name !== name));
  if (unknown.length > 0)
    throw new Error(`No benchmark is called ${unknown.join(', ')}. There are: ${names()}.`);
  const chosen = BENCHMARKS.filter(({ name, byName }) =>
    asked.length === 0 ? byName === undefined : asked.includes(name),
  );
  for (const { name, limits, measure } of chosen) {
    const machine = thisMachine();
    const figures = await measure();
    const takenOn = new Date().toISOString().slice(0, 10);
    const results: Results = { benchmark: name, takenOn, machine, figures };
    await keepCurrent(resultsFile(name), () => JSON.stringify(results), false);
    for (const limit of limits) {
      const found = limit.found(figures);
      const asks = [
        ...(limit.atMost === undefined ? [] : [`at most ${limit.atMost}`]),
        ...(limit.atLeast === undefined ? [] : [`at least ${limit.atLeast}`]),
      ].join(', ');
      console.log(`${name}: ${found} ${limit.what}, ${asks}: ${isKept(limit, found) ? 'kept' : 'MISSED'}`);
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
