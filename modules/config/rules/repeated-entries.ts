import type { Draft } from '../draft';
import type { Finding, Path } from '../problem';

/** No policy, reader, key, address or topic twice in a list. */
export function checkRepeatedEntries(draft: Draft): Finding[] {
  return draft.stacks.flatMap(({ path: stackPath, values: { alerts }, users }) => [
    ...repeated(alerts?.emails, [...stackPath, 'alerts', 'emails']),
    ...repeated(alerts?.topicArns, [...stackPath, 'alerts', 'topicArns']),
    ...users.flatMap(({ path, values }) => [
      ...repeated(values.policyArns, [...path, 'policyArns']),
      ...repeated(values.readers, [...path, 'readers']),
      ...(values.takeOver === 'all' ? [] : repeated(values.takeOver, [...path, 'takeOver'])),
    ]),
  ]);
}

function repeated(entries: readonly (string | undefined)[] | undefined, path: Path): Finding[] {
  return (entries ?? []).flatMap((entry, index): Finding[] => {
    const first = (entries ?? []).indexOf(entry);
    if (entry === undefined || first === index) return [];
    return [
      {
        path: [...path, index],
        rule: `an entry stands only once in ${String(path.at(-1))}, and the list's entry ${first + 1} is the same`,
        write: 'one of the two',
      },
    ];
  });
}
