import { LineCounter, parseDocument } from 'yaml';

import type { Problem, PlacedProblem } from '../problem';
import { countValues, MOST_VALUES, resolveAliases } from './yaml-aliases';
import { find, shorten } from './yaml-places';
import { duplicateKeys, remedyOf, ruleOf, brokenReferences } from './yaml-problems';

/** A YAML text that was read, with the way back from a path in its data to the place in the text. */
export interface YamlSource {
  /** Plain data; `undefined` if the text is no YAML. */
  readonly data: unknown;
  /** What is wrong with the text as YAML. */
  readonly problems: readonly PlacedProblem[];
  /** Adds to a problem where it stands, and what. */
  locate(problem: Problem): PlacedProblem;
}

/**
 * Reads YAML 1.2, where `on`, `off` and `yes` are texts; `%YAML 1.1` does not change that. Anchors, aliases and
 * merge keys work; a second entry of a key, an unknown tag and a second document are problems.
 */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    merge: true,
    stringKeys: true,
    // See `duplicateKeys`.
    uniqueKeys: false,
  });
  const standsFor = resolveAliases(document);
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const locate = (problem: Problem): PlacedProblem => {
    const { offset, found } = find(document, problem.path, standsFor);
    return { found, ...problem, ...at(offset) };
  };

  // One missing bracket is an error of each level that it leaves open.
  const errors = [...document.errors, ...document.warnings].filter(
    ({ pos: [offset], message }, index, all) =>
      all.findIndex((other) => other.pos[0] === offset && other.message === message) === index,
  );
  const problems = errors.map((error): PlacedProblem => {
    const [offset] = error.pos;
    const line = text.split('\n')[at(offset).line - 1]?.trim() ?? '';
    return {
      path: [],
      found: line === '' ? 'the end of the file' : shorten(line),
      rule: ruleOf(error.code, error.message),
      write: remedyOf(error.code, error.message),
      ...at(offset),
    };
  });
  const references = brokenReferences(document, standsFor);
  for (const problem of [...duplicateKeys(document, at), ...references])
    problems.push({ ...problem, ...at(problem.offset) });

  if (references.length > 0 || document.errors.length > 0) return { data: undefined, problems, locate };
  const values = countValues(document, standsFor);
  if (values > MOST_VALUES) {
    const rule = `with each alias written out, the file has at most ${MOST_VALUES.toLocaleString('en')} values`;
    const found = `${values.toLocaleString('en')} values`;
    problems.push({ path: [], found, rule, write: 'fewer aliases of aliases', line: 1, column: 1 });
    return { data: undefined, problems, locate };
  }
  return { data: document.toJS({ maxAliasCount: -1 }) as unknown, problems, locate };
}
