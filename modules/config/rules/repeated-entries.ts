import type { Draft } from '../draft';
import type { Problem } from '../problem';

/** No entry twice in a list whose entries differ from each other. */
export function checkRepeatedEntries(draft: Draft): Problem[] {
  return draft.values.flatMap(({ path, value, description }) => {
    const { unique } = description;
    if (unique === undefined || !Array.isArray(value)) return [];
    const withoutCase = unique === 'withoutCase';
    const entries = value.map((entry: unknown) =>
      withoutCase && typeof entry === 'string' ? entry.toLowerCase() : entry,
    );
    return entries.flatMap((entry, index): Problem[] => {
      const first = entries.indexOf(entry);
      if (entry === undefined || first === index) return [];
      return [
        {
          path: [...path, index],
          rule: `an entry stands only once in ${String(path.at(-1))}, and the list's entry ${first + 1} is the same${withoutCase ? ' (upper and lower case are the same to AWS)' : ''}`,
          write: 'one of the two',
        },
      ];
    });
  });
}
