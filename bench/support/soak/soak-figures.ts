import { rounded } from '../benchmark';
import { growthBetween, type Measured } from './growth';
import type { ProcessSeries } from './memory-record';
import type { SoakRun } from './run-soak';

/** What is kept of the processes of one name. */
export interface ProcessFigures {
  readonly name: string;
  /** How many of them were there all the time. */
  readonly count: number;
  /** Of the one that grew most: resident memory, and when it was read. */
  readonly minutes: readonly number[];
  readonly megabytes: readonly number[];
}

export interface SoakFigures extends Omit<SoakRun, 'processes' | 'heaps'> {
  readonly processes: readonly ProcessFigures[];
  /** Live heap after a collection, of those that answer a question about it. */
  readonly heaps: readonly Omit<ProcessFigures, 'count'>[];
}

/**
 * A quarter of the time: caches fill, what runs often is compiled, and the local AWS comes to have the calls of as many days as AWS
 * shows.
 */
export const warmUpOf = ({ minutes }: { readonly minutes: number }): number => minutes / 4;

export const samplesOf = ({
  minutes,
  megabytes,
}: Pick<ProcessFigures, 'minutes' | 'megabytes'>): readonly Measured[] =>
  minutes.map((minute, index) => ({ minute, megabytes: megabytes[index]! }));

/** From the sixth of the time that follows the warm-up to the last sixth: of an hour, from ten minutes to ten minutes. MB. */
export function growthOf(samples: readonly Measured[], run: { readonly minutes: number }): number {
  const to = samples.at(-1)!.minute;
  return rounded(growthBetween(samples, { from: warmUpOf(run), to, minutes: run.minutes / 6 }), 2);
}

/** A shell that waits for the end of a function, what compiled the sources, and what keeps the record. */
const HAS_NO_PART = /^(?:shell|esbuild|this benchmark)/;

/** Of each name, the process that grew most. One that came later, or went earlier, does not stay. */
export function figuresOf({ processes, heaps, ...run }: SoakRun): SoakFigures {
  const staying = processes.filter(
    ({ name, samples }) => samples[0]!.minute <= warmUpOf(run) && !HAS_NO_PART.test(name),
  );
  const names = new Set(staying.map(({ name }) => name));
  return {
    ...run,
    processes: [...names].map((name) => {
      const all = staying.filter((one) => one.name === name);
      const [most] = all.toSorted((a, b) => growthOf(b.samples, run) - growthOf(a.samples, run));
      return { name, count: all.length, ...columns(most!.samples) };
    }),
    heaps: heaps.map(({ name, samples }) => ({ name, ...columns(samples) })),
  };
}

const columns = (
  samples: ProcessSeries['samples'],
): { readonly minutes: readonly number[]; readonly megabytes: readonly number[] } => ({
  minutes: samples.map(({ minute }) => minute),
  megabytes: samples.map(({ megabytes }) => megabytes),
});
