import { figuresOf, growthOf, samplesOf } from '../../../../bench/support/soak/soak-figures';
import type { SoakRun } from '../../../../bench/support/soak/run-soak';

const series = (name: string, perMinute: number, from = 0) => ({
  name,
  samples: Array.from({ length: 60 - from + 1 }, (_, index) => ({
    minute: from + index,
    megabytes: 80 + perMinute * index,
  })),
});

const run = (...processes: SoakRun['processes']): SoakRun => ({
  ...{ minutes: 60, users: 6, rotations: 600, keysDeactivated: 600, keysDeleted: 600 },
  ...{
    deliveries: 1_200,
    failedInvocations: 0,
    daysPassed: 800,
    keysLeft: [1],
    applicationCalls: 1,
    applicationCallsFailed: 0,
  },
  ...{ processes, heaps: [{ name: 'local AWS', samples: series('local AWS', 0).samples }] },
});

it('of several processes of one function, the one that grew most is told', () => {
  const { processes } = figuresOf(
    run(series('function rotate', 0), series('function rotate', 1), series('moto', 0)),
  );
  expect(processes.map(({ name, count }) => [name, count])).toEqual([
    ['function rotate', 2],
    ['moto', 1],
  ]);
  expect(processes.map((one) => growthOf(samplesOf(one), { minutes: 60 }))).toEqual([36, 0]);
});

it('a process that came after the warm-up does not stay, and a shell that waits, or the benchmark itself, has no part', () => {
  const { processes } = figuresOf(
    run(
      series('this benchmark', 1),
      series('function rotate', 1, 16),
      series('shell that ends a function with the local AWS', 0),
    ),
  );
  expect(processes).toEqual([]);
});
