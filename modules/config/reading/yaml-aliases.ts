import { type Document, isAlias, isMap, isNode, isSeq, type Node, visit } from 'yaml';

/** What a node stands for: an alias for the node with its anchor, undefined if there is none; any other node for itself. */
export type StandsFor = (node: unknown) => unknown;

/**
 * How many values the aliases of a file may come to, all together. Some 20,000 users with everything are 600,000. Aliases of
 * aliases ("billion laughs") would fill the memory.
 */
export const MOST_VALUES = 1_000_000;

/** Finds in one pass what all aliases of a document stand for: the last node before them with their anchor. */
export function resolveAliases(document: Document): StandsFor {
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node | undefined>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) targets.set(node, anchors.get(node.source));
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return (node) => (isAlias(node) ? targets.get(node) : node);
}

/** How many values a document has when each alias is written out. No alias may stand inside what it stands for. */
export function countValues(document: Document, standsFor: StandsFor): number {
  const counts = new Map<unknown, number>();
  const countOf = (node: unknown): number => {
    const meant = standsFor(node);
    const known = counts.get(meant);
    if (known !== undefined) return known;
    const children = isMap(meant) ? meant.items.map(({ value }) => value) : isSeq(meant) ? meant.items : [];
    const count = children.filter(isNode).reduce((sum, child) => sum + countOf(child), 1);
    counts.set(meant, count);
    return count;
  };
  return countOf(document.contents);
}
