import type { Draft } from '../draft';
import type { Problem } from '../problem';

/** A file without any stack would synthesize nothing and look like success. */
export function checkStackCount(draft: Draft): Problem[] {
  const isKnown = draft.isSound(['stacks']) && draft.isSoundThroughout(['include']);
  if (draft.stacks.length > 0 || !isKnown) return [];
  return [
    {
      path: ['stacks'],
      rule: 'stacks has at least one stack',
      write: 'a stack below it, such as production: with accountId, region and users',
    },
  ];
}
