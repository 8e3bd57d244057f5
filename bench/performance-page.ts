import { hanging, table, wrapped } from '../release/generate/markdown';
import { BENCHMARKS } from './benchmarks';
import { isKept, rounded, type AnyBenchmark, type Limit, type Part } from './support/benchmark';
import { svgOf, type Chart } from './support/chart';
import { readResults, type Results } from './support/results';

/** Beside docs/performance.md. */
export const CHART_FOLDER = 'docs/performance';

/** A benchmark whose figures were taken. */
interface Taken {
  readonly benchmark: AnyBenchmark;
  readonly results: Results;
  readonly parts: readonly Part[];
}

/** What was measured, from the results in bench/results/. */
export function taken(): readonly Taken[] {
  return BENCHMARKS.flatMap((benchmark) => {
    const results = readResults(benchmark.name);
    if (results === undefined) return [];
    return [{ benchmark, results, parts: benchmark.show(results.figures) }];
  });
}

export const chartsOf = (all: readonly Taken[]): readonly { readonly file: string; readonly svg: string }[] =>
  all
    .flatMap(({ parts }) => parts)
    .flatMap((part) => ('chart' in part ? [part.chart] : []))
    .map((chart) => ({ file: fileOf(chart), svg: svgOf(chart) }));

const fileOf = ({ name }: Chart): string => `${CHART_FOLDER}/${name}.svg`;

/** docs/performance.md. */
export function performancePage(all: readonly Taken[]): string {
  return [
    '# Performance',
    wrapped(
      'What this product costs in calls, time, memory and size: what was measured, the limit that it has to keep, and why. ' +
        '`npm run bench` takes the figures again, in half an hour, on a machine on which nothing else runs; ' +
        '`npm run bench -- <name>` those of one section, also of those that take long. Both write `bench/results/`, and `npm run generate` makes this page of it. No ' +
        'test fails by the time that it takes.',
    ),
    '## All limits',
    table(
      ['section', 'what', 'limit', 'figure', ''],
      ...all.flatMap(({ benchmark, results }) =>
        benchmark.limits.map((limit) => [
          `[${benchmark.title}](#${anchorOf(benchmark.title)})`,
          limit.what,
          asked(limit),
          figureOf(limit, results),
          isKept(limit, limit.found(results.figures)) ? 'kept' : '**missed**',
        ]),
      ),
    ),
    ...all.map(section),
    ...notTaken(all),
  ].join('\n\n');
}

/** What a benchmark asks for is said also where its figures are still to be taken. */
function notTaken(all: readonly Taken[]): readonly string[] {
  const left = BENCHMARKS.filter((benchmark) => all.every((one) => one.benchmark !== benchmark));
  if (left.length === 0) return [];
  const items = left.map(
    ({ title, name, limits }) =>
      `- ${hanging(`${title}, \`npm run bench -- ${name}\`: ${limits.map((limit) => `${limit.what}: ${asked(limit)}`).join('; ')}.`)}`,
  );
  return ['## Not taken yet', items.join('\n')];
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const asked = ({ atMost, atLeast }: Limit<unknown>): string =>
  [
    ...(atMost === undefined ? [] : [`at most ${shown(atMost)}`]),
    ...(atLeast === undefined ? [] : [`at least ${shown(atLeast)}`]),
  ].join(', ');

const figureOf = ({ found, baseline }: Limit<unknown>, { figures }: Results): string =>
  `${shown(found(figures))}${baseline === undefined ? '' : ' times'}`;

/** As one reads it: 5,000 and 0.25. */
const shown = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : String(rounded(value, 3));

function section({ benchmark, results, parts }: Taken): string {
  const { title, measures, limits, name, byName } = benchmark;
  const { machine, takenOn } = results;
  const where =
    `\`npm run bench -- ${name}\`${byName === undefined ? '' : ` (${byName})`}. Taken on ${takenOn}: ${machine.processor}, ` +
    `${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node.js ${machine.node.slice(1)}; ` +
    `load before it ${machine.loadBefore}.`;
  return [
    `## ${title}`,
    wrapped(measures),
    wrapped(where),
    ...(limits.length === 0 ? [] : [limits.map((limit) => item(limit, results)).join('\n')]),
    ...parts.map(partText),
  ].join('\n\n');
}

function item(limit: Limit<unknown>, results: Results): string {
  const found = limit.found(results.figures);
  const against = limit.baseline === undefined ? '' : `, against ${limit.baseline}`;
  const outcome = isKept(limit, found) ? '' : ` **Missed.** ${limit.missed ?? 'Why is not known yet.'}`;
  return `- ${hanging(`${limit.what}: ${figureOf(limit, results)}; ${asked(limit)}${against}. ${limit.why}${outcome}`)}`;
}

function partText(part: Part): string {
  if ('text' in part) return wrapped(part.text);
  if ('rows' in part) return table(...part.rows.map((cells) => cells.map((cell) => cellText(cell))));
  return `![${part.chart.title}](${fileOf(part.chart).slice('docs/'.length)})`;
}

const cellText = (cell: string | number): string => (typeof cell === 'number' ? shown(cell) : cell);
