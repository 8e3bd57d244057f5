import { bundles } from './bundles';
import { calls } from './calls';
import { client } from './client';
import { cpu } from './cpu';
import { propagation } from './propagation';
import { schedules } from './schedules';
import { sweepBenchmark } from './sweep';
import { synthesis } from './synthesis';
import type { AnyBenchmark } from './support/benchmark';
import { year } from './year';

/** All benchmarks, in the order of the page. */
export const BENCHMARKS: readonly AnyBenchmark[] = [
  calls,
  propagation,
  bundles,
  cpu,
  schedules,
  sweepBenchmark,
  synthesis,
  client,
  year,
];
