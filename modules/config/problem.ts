import { visible } from '../../contract/visible';

/** From the document's root to a value: `['stacks', 'production', 'users', 'ci-deployer', 'overlap']`. */
export type Path = readonly (string | number)[];

/** What a check says; where it stands in the file is found later. */
export interface Problem {
  readonly path: Path;
  /** What stands there, unless it is simply the value at `path`. */
  readonly found?: string;
  /** The rule, as a sentence without its full stop. */
  readonly rule: string;
  /** What to write instead. */
  readonly write: string;
}

/** A problem with its place in the file. */
export interface PlacedProblem extends Problem {
  /** The part that it stands in; absent: the file that was read first. */
  readonly file?: string;
  readonly found: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** A problem as it is told: that of a call stands in no file, so it has no line. */
export type ToldProblem = Omit<PlacedProblem, 'line' | 'column'> &
  Partial<Pick<PlacedProblem, 'line' | 'column'>>;

/** How many problems a message shows: more are read by nobody, and mostly come of the same mistake. */
const MOST_SHOWN = 50;

/** The file cannot be used as it is: all that is wrong with it, in the order of the file. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly file: string,
    readonly problems: readonly ToldProblem[],
    options?: ErrorOptions,
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      [
        `${count} in ${file}`,
        ...problems.slice(0, MOST_SHOWN).map((problem) => formatProblem(file, problem)),
        ...(problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : []),
      ].join('\n\n'),
      options,
    );
  }
}

/** Longer than all that this product says; a name in the file may have any length. */
const LONGEST_PART = 2_000;

/** Whoever writes the file has written some of it. */
const shown = (text: string): string =>
  visible(text.length <= LONGEST_PART ? text : `${text.slice(0, LONGEST_PART)}…`);

function formatProblem(first: string, problem: ToldProblem): string {
  const { file = first, path, line, column, found, rule, write } = problem;
  const name = shown(file);
  const place = line === undefined || column === undefined ? name : `${name}:${line}:${column}`;
  return [
    `${place} ${shown(formatPath(path))}`.trimEnd(),
    `  found  ${shown(found)}`,
    `  rule   ${shown(rule)}`,
    `  write  ${shown(write)}`,
  ].join('\n');
}

/** `stacks.production.users.ci-deployer.readers[0]`; keys that are no plain words stand in brackets and quotes. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${visible(JSON.stringify(step))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
