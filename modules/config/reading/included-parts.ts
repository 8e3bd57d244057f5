import { PART_PATTERN } from './part-pattern';
import type { Problem, PlacedProblem } from '../problem';
import { whyUnreadable } from './text-file';
import { readYaml, type YamlSource } from './yaml-source';

export type MapOf<T> = Readonly<Record<string, T>>;

/** Where parts are read from. */
export interface PartFiles {
  /** The files that a pattern stands for, in a fixed order, as they are named to a person. */
  matching(folder: string, pattern: string): readonly string[];
  /** Whether the file is in a folder or below it, also when links are followed. */
  isInside(file: string, folder: string): boolean;
  read(file: string): string;
}

/** A configuration that stands in one file alone. */
export const NO_PARTS: PartFiles = {
  matching: () => [],
  isInside: () => true,
  read: (file) => {
    throw new TypeError(`${file} cannot be read here. This is a bug.`);
  },
};

/** A file that was included. */
export interface Part {
  readonly file: string;
  readonly source: YamlSource;
  readonly entries: MapOf<unknown>;
}

export interface Inclusion {
  /** What the parts hold. */
  readonly key: 'stacks' | 'users';
  /** The file that includes, and its folder. */
  readonly file: string;
  readonly folder: string;
  /** The folder of the configuration's first file: no part is outside of it. */
  readonly root: string;
  readonly files: PartFiles;
  /** A problem about the list; its path begins with the place in the list. */
  locate(problem: Problem): PlacedProblem;
}

/** The parts that a list of patterns stands for, each once, in the order of the list. */
export function includedParts(
  patterns: readonly unknown[],
  inclusion: Inclusion,
): { parts: readonly Part[]; problems: readonly PlacedProblem[] } {
  const seen = new Set<string>();
  const parts: Part[] = [];
  const problems: PlacedProblem[] = [];
  for (const [index, pattern] of patterns.entries()) {
    // The schema has refused it already.
    if (typeof pattern !== 'string' || !PART_PATTERN.test(pattern)) continue;
    const matching = matchingOf(pattern, inclusion);
    if ('rule' in matching) {
      problems.push(inclusion.locate({ path: [index], ...matching }));
      continue;
    }
    for (const file of matching.filter((name) => !seen.has(name))) {
      seen.add(file);
      const text = textOf(file, inclusion);
      if (typeof text !== 'string') {
        problems.push(inclusion.locate({ path: [index], ...text }));
        continue;
      }
      const read = readPart(file, text, inclusion);
      parts.push(read.part);
      problems.push(...read.problems);
    }
  }
  return { parts, problems };
}

/** Why nothing is read. */
type Obstacle = Omit<Problem, 'path'>;

/** The files that a pattern stands for, at least one, or why there are none. */
function matchingOf(pattern: string, inclusion: Inclusion): readonly string[] | Obstacle {
  try {
    const matching = inclusion.files.matching(inclusion.folder, pattern);
    return obstacleTo(pattern, matching, inclusion) ?? matching;
  } catch (error) {
    return unreadable(`'${pattern}'`, error);
  }
}

const unreadable = (what: string, error: unknown): Obstacle => ({
  found: `${what}, which cannot be read (${whyUnreadable(error)})`,
  rule: 'what is included can be read: a part that is missing would look like the removal of all that stands in it',
  write: 'a file that is there, and that whoever synthesizes may read',
});

function obstacleTo(pattern: string, matching: readonly string[], { file }: Inclusion): Obstacle | undefined {
  if (matching.length === 0) {
    return {
      found: `'${pattern}', which no file matches`,
      rule: 'what is included is there: a part that is missing would look like the removal of all that stands in it',
      write: 'the path of a file, seen from the folder of this one, or nothing',
    };
  }
  if (matching.includes(file)) {
    return {
      found: `'${pattern}', which this file itself matches`,
      rule: 'a file does not include itself',
      write: 'a pattern that other files match alone, such as one with a folder: teams/*.yaml',
    };
  }
  return undefined;
}

/** What a file says, or why it is not to be read. */
function textOf(file: string, { root, files }: Inclusion): string | Obstacle {
  try {
    if (files.isInside(file, root)) return files.read(file);
  } catch (error) {
    return unreadable(file, error);
  }
  return {
    found: `${file}, a link that leads out of the configuration's folder`,
    rule: 'what is included stands in the folder of the configuration or below it, so that it is the same on every machine',
    write: 'the file itself in the place of the link',
  };
}

function readPart(
  file: string,
  text: string,
  { key }: Inclusion,
): { part: Part; problems: readonly PlacedProblem[] } {
  const source = readYaml(text);
  const problems = source.problems.map((problem) => ({ ...problem, file }));
  const { data } = source;
  const rule = `a file that is included here is a map with the key ${key} alone; it includes no others`;
  const at = (problem: Problem): PlacedProblem => ({ ...source.locate(problem), file });
  const write = `${key}:, and below it ${key === 'users' ? 'a user such as ci-deployer: {}' : 'a stack such as production:'}`;

  if (data === undefined) return { part: { file, source, entries: {} }, problems };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const found = data === null ? { found: 'an empty file' } : {};
    return {
      part: { file, source, entries: {} },
      problems: [...problems, at({ path: [], ...found, rule, write })],
    };
  }
  const unknown = Object.keys(data)
    .filter((name) => name !== key)
    .map((name) => at({ path: [name], found: `the key '${name}'`, rule, write: `nothing but ${key}` }));
  const entries = (data as MapOf<unknown>)[key];
  const isUsable = typeof entries === 'object' && entries !== null && !Array.isArray(entries);
  const missing = isUsable ? [] : [at({ path: [key], rule: `${key} is a map`, write })];
  return {
    part: { file, source, entries: isUsable ? (entries as MapOf<unknown>) : {} },
    problems: [...problems, ...unknown, ...missing],
  };
}
