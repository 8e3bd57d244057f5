import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
} from 'yaml';

import type { PlacedProblem } from '../problem';
import type { StandsFor } from './yaml-aliases';
import { describe, isMerge, keyText } from './yaml-places';

/**
 * Every entry of a map whose key it has already. Not the parser's own check (`uniqueKeys`), which compares each key with all
 * before it: of 5,000 users that takes a fifth of the time of reading the file.
 */
export function duplicateKeys(
  document: Document,
  at: (offset: number) => { line: number },
): ProblemAtOffset[] {
  const problems: ProblemAtOffset[] = [];
  visit(document, {
    Map: (_key, map, ancestors) => {
      const firsts = new Map<unknown, number>();
      for (const pair of map.items) {
        if (!isScalar(pair.key)) continue;
        const offset = pair.key.range?.[0] ?? 0;
        const first = firsts.get(pair.key.value);
        if (first === undefined) {
          firsts.set(pair.key.value, offset);
          continue;
        }
        problems.push({
          path: [...pathOf([...ancestors, map]), keyText(pair)],
          found: 'a second entry of this key',
          rule: `a key stands only once in a map, and line ${at(first).line} has it already`,
          write: 'one of the two entries, or another name for one of them',
          offset,
        });
      }
    },
  });
  return problems;
}

/** The path that leads through `ancestors`, which alternate between collections and pairs. */
function pathOf(ancestors: readonly (Document | Node | Pair)[]): (string | number)[] {
  return ancestors.flatMap((ancestor, index): (string | number)[] => {
    if (isPair(ancestor)) return [keyText(ancestor)];
    const parent = ancestors[index - 1];
    return isSeq(parent) ? [parent.items.indexOf(ancestor)] : [];
  });
}

type ProblemAtOffset = Omit<PlacedProblem, 'line' | 'column'> & { readonly offset: number };

/** What the parser lets through, and cannot be made into data. */
export function brokenReferences(document: Document, standsFor: StandsFor): ProblemAtOffset[] {
  const problems: ProblemAtOffset[] = [];
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      const problem = brokenAlias(alias, ancestors, standsFor(alias));
      if (problem !== undefined) problems.push(problem);
    },
    Pair: (_key, pair, ancestors) => {
      if (!isMerge(pair)) return;
      const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
      if (sources.every((source) => isMap(standsFor(source)))) return;
      problems.push({
        path: [...pathOf(ancestors), '<<'],
        found: describe(pair.value),
        rule: '<< brings in the keys of a map, or of several',
        write: '<<: *name, where &name stands before a map further up',
        offset: isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0,
      });
    },
  });
  return problems;
}

/** An alias without an anchor, or inside of what it stands for. */
function brokenAlias(
  alias: Alias,
  ancestors: readonly (Document | Node | Pair)[],
  target: unknown,
): ProblemAtOffset | undefined {
  const problem = { path: pathOf(ancestors), found: `*${alias.source}`, offset: alias.range?.[0] ?? 0 };
  if (target === undefined) {
    const rule = `an alias needs an anchor further up, and there is no &${alias.source}`;
    return {
      ...problem,
      rule,
      write: `&${alias.source} before the value that is meant, or the value itself`,
    };
  }
  if (!ancestors.some((ancestor) => ancestor === target)) return undefined;
  const rule = `an alias does not stand inside the value that it stands for, &${alias.source}`;
  return { ...problem, rule, write: 'the value itself' };
}

/** What the parser says when it runs out of stack. */
const TOO_DEEP = 'Maximum call stack';

/** The rule that an error of the YAML parser is about. */
export function ruleOf(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file is a single YAML document';
  if (code === 'NON_STRING_KEY') return 'every key is a text';
  if (message.startsWith(TOO_DEEP)) return 'lists and maps are some levels deep: a configuration has 8';
  return `the file is YAML: ${message.split('\n')[0]}`;
}

/** What to do about an error of the YAML parser. */
export function remedyOf(code: string, message: string): string {
  if (message.startsWith(TOO_DEEP)) return 'fewer levels';
  if (/ end with a [\]}]$/.test(message)) return 'the bracket that closes what was opened further up';
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'spaces for indentation: YAML takes no tabs';
    case 'MULTIPLE_DOCS':
      return "one document: remove the line '---' and what belongs to another file";
    case 'TAG_RESOLVE_FAILED':
      return 'the value without the tag (the word that begins with !)';
    case 'NON_STRING_KEY':
      return 'a plain word as the key, in quotes if it looks like a number';
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'two spaces of indentation for each level, one key with its value on each line';
    default:
      return 'valid YAML: look for a missing quote, bracket, colon or space, here or just above';
  }
}
