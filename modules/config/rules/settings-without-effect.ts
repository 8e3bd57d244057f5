import type { Draft } from '../draft';
import type { Problem } from '../problem';
import { withheld } from '../schema-problems';

/** No key that has no effect because of what another key of its map says. */
export function checkSettingsWithoutEffect(draft: Draft): Problem[] {
  return draft.values.flatMap(({ path, siblings, description }): Problem[] => {
    const { onlyIf } = description;
    const map = path.slice(0, -1);
    if (onlyIf === undefined || !draft.isSound([...map, onlyIf.key])) return [];
    if (onlyIf.isMet(siblings[onlyIf.key])) return [];
    const name = String(path.at(-1));
    return [{ path, ...withheld(description), rule: onlyIf.rule(name), write: onlyIf.write(name) }];
  });
}
