import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';

import { visible } from '../../../contract/visible';
import type { Path } from '../problem';
import type { StandsFor } from './yaml-aliases';

/** How many characters of a value an error shows. */
const SHOWN_CHARACTERS = 80;

/** The offset of the key (of a list: of the entry) that a path leads to, and what its value is. */
export function find(
  document: Document,
  path: Path,
  standsFor: StandsFor,
): { offset: number; found: string } {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  let inAlias = false;
  for (const step of path) {
    const container = standsFor(node);
    // What an alias stands for is shown where the alias is, for there it can be changed alone.
    inAlias ||= isAlias(node);
    let next: unknown;
    if (isMap(container)) {
      const { pair, merged } = findPair(container, String(step), standsFor);
      inAlias ||= merged;
      next = pair?.value;
      if (!inAlias && isNode(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      if (pair === undefined) return { offset, found: 'nothing' };
    } else if (isSeq(container)) {
      next = container.items[Number(step)];
      if (!inAlias && isNode(next)) offset = next.range?.[0] ?? offset;
    }
    if (next === undefined || next === null) return { offset, found: 'nothing' };
    node = next;
  }
  return { offset, found: describe(standsFor(node)) };
}

/** The last entry of a key, as that is the one that counts; else the one that `<<` brings in. */
function findPair(map: YAMLMap, key: string, standsFor: StandsFor): { pair?: Pair; merged: boolean } {
  const own = map.items.findLast((pair) => keyText(pair) === key);
  if (own !== undefined) return { pair: own, merged: false };
  for (const merge of map.items.filter(isMerge)) {
    const sources = isSeq(merge.value) ? merge.value.items : [merge.value];
    for (const source of sources) {
      const meant = standsFor(source);
      if (!isMap(meant)) continue;
      const { pair } = findPair(meant, key, standsFor);
      if (pair !== undefined) return { pair, merged: true };
    }
  }
  return { merged: false };
}

/** A key as the data has it. */
export const keyText = ({ key }: Pair): string =>
  isScalar(key) && typeof key.value === 'string' ? key.value : '';

/** `<<`, unless in quotes: then it is a key like any other. */
export const isMerge = ({ key }: Pair): boolean =>
  isScalar(key) && key.type === 'PLAIN' && key.source === '<<';

/** A value in the words of an error: as it stands in the file, and what YAML makes of it. */
export function describe(node: unknown): string {
  if (isMap(node))
    return node.items.length === 0 ? 'an empty map' : `a map of ${counted(node.items, 'key', 'keys')}`;
  if (isSeq(node))
    return node.items.length === 0 ? 'an empty list' : `a list of ${counted(node.items, 'entry', 'entries')}`;
  if (!isScalar(node)) return 'nothing';
  const { value, source = '' } = node;
  if (typeof value === 'string') return value === '' ? "'' (an empty text)" : `'${shorten(value)}'`;
  if (typeof value === 'boolean') return `${source} (a yes or no, as it has no quotes)`;
  if (typeof value === 'number' || typeof value === 'bigint')
    return `${source} (a number, as it has no quotes)`;
  return 'nothing';
}

const counted = ({ length }: readonly unknown[], one: string, many: string): string =>
  length === 1 ? `1 ${one}` : `${length} ${many}`;

/** The plain text of a value as it stands in the file; for suggestions that keep it. */
export function textOf(found: string): string | undefined {
  return /^'(.*)'$/s.exec(found)?.[1] ?? /^(\S+) \((?:a number|a yes or no),/.exec(found)?.[1];
}

/** At most so much, in one line, and without what a terminal would obey. */
export function shorten(text: string): string {
  const shown = visible(text.slice(0, SHOWN_CHARACTERS));
  return text.length <= SHOWN_CHARACTERS ? shown : `${shown}… (${text.length} characters)`;
}
