import type { Draft } from '../draft';
import { canHold, mergeRotation } from '../effective-rotation';
import type { Finding, Path } from '../problem';
import { LEAST_OVERLAP_TO_HOLD, type RawRotation } from '../schema/rotation';

type Key = 'whenStillInUse' | 'overlap';
const KEYS: readonly Key[] = ['whenStillInUse', 'overlap'];

/**
 * A key is held for being in use only where its overlap is long enough to tell. Where nothing is said, a short overlap
 * means `retire`; `hold` that is written, also in the defaults, contradicts it.
 */
export function checkStillInUse(draft: Draft): Finding[] {
  const users = draft.stacks.flatMap((stack) => stack.users);
  const saysOne = (rotation: RawRotation): boolean => KEYS.some((key) => rotation[key] !== undefined);
  const isInherited = users.length === 0 || users.some(({ values }) => !saysOne(values));
  return [
    ...(isInherited ? checkLayer(draft, ['defaults'], draft.defaults, {}) : []),
    ...users.flatMap(({ path, values }) =>
      saysOne(values) ? checkLayer(draft, path, values, draft.defaults) : [],
    ),
  ];
}

function checkLayer(draft: Draft, path: Path, own: RawRotation, inherited: RawRotation): Finding[] {
  const isSound = KEYS.every((key) => draft.isSound([...path, key]) && draft.isSound(['defaults', key]));
  if (!isSound) return [];
  const { overlapSeconds, whenStillInUse } = mergeRotation(inherited, own);
  if (whenStillInUse === 'retire' || canHold(overlapSeconds)) return [];
  const blamed = KEYS.find((key) => own[key] !== undefined) ?? 'overlap';
  return [
    {
      path: [...path, blamed],
      rule: `whenStillInUse: hold needs an overlap of at least ${LEAST_OVERLAP_TO_HOLD}, because AWS reports hours late that a key is used`,
      write: `whenStillInUse: retire here, or overlap: ${LEAST_OVERLAP_TO_HOLD} or longer`,
    },
  ];
}
