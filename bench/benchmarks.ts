import { bundles } from './bundles';
import { calls } from './calls';
import { checks, tests } from './checks';
import { client } from './client';
import { cpu } from './cpu';
import { deliveries } from './deliveries';
import { emergency } from './emergency';
import { propagation } from './propagation';
import { report } from './report';
import { schedules } from './schedules';
import { soak } from './soak';
import { status } from './status';
import { sweepBenchmark } from './sweep';
import { synthesis } from './synthesis';
import type { AnyBenchmark } from './support/benchmark';
import { terraformBenchmarks } from './terraform';
import { year } from './year';

/** All benchmarks, in the order of the page. */
export const BENCHMARKS: readonly AnyBenchmark[] = [
  calls,
  propagation,
  bundles,
  cpu,
  schedules,
  sweepBenchmark,
  emergency,
  synthesis,
  ...terraformBenchmarks,
  status,
  report,
  deliveries,
  client,
  year,
  soak,
  tests,
  checks,
];
