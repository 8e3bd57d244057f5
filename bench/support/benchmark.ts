import type { Chart } from './chart';

/** A limit that a benchmark has, and why. */
export interface Limit<Figures> {
  /** What is limited, with its unit: `AWS calls of a rotation`. */
  readonly what: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** What the figure is divided by, where the limit is one of a ratio; measured in the same run. */
  readonly baseline?: string;
  /** A sentence: why this limit. */
  readonly why: string;
  readonly found: (figures: Figures) => number;
  /** Why the limit is missed, where it is, and what would keep it. */
  readonly missed?: string;
}

/** A part of a benchmark's section. */
export type Part =
  | { readonly text: string }
  | { readonly rows: readonly (readonly (string | number)[])[] }
  | { readonly chart: Chart };

/** A measurement, and how its page tells of it. What it says of the product is in `Figures`, as JSON. */
export interface Benchmark<Figures> {
  /** As in `npm run bench -- <name>`, and the name of the file with its results. */
  readonly name: string;
  readonly title: string;
  /** What is measured, and how. */
  readonly measures: string;
  /** What it needs beside Node.js and npm, or why it is not run with all others: it is run where it is named alone. */
  readonly byName?: string;
  readonly limits: readonly Limit<Figures>[];
  readonly measure: () => Promise<Figures>;
  readonly show: (figures: Figures) => readonly Part[];
}

/** As the runner and the page know all of them: what its figures are, a benchmark knows alone. */
export type AnyBenchmark = Benchmark<unknown>;

/** The figures come from the benchmark's own file of results. */
export const defineBenchmark = <Figures>({
  limits,
  show,
  ...benchmark
}: Benchmark<Figures>): AnyBenchmark => ({
  ...benchmark,
  limits: limits.map(({ found, ...limit }) => ({ ...limit, found: (figures) => found(figures as Figures) })),
  show: (figures) => show(figures as Figures),
});

/** Whether the limit is kept. */
export function isKept(
  { atMost = Infinity, atLeast = -Infinity }: Pick<Limit<unknown>, 'atMost' | 'atLeast'>,
  found: number,
): boolean {
  return found <= atMost && found >= atLeast;
}

/** To so many digits behind the point. */
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('Of no values there is no median.');
  return middle;
}

/** The figures of so many users. */
export function ofUsers<Figures extends { readonly users: number }>(
  all: readonly Figures[],
  users: number,
): Figures {
  const found = all.find((figures) => figures.users === users);
  if (found === undefined) throw new Error(`There are no figures of ${users} users.`);
  return found;
}
