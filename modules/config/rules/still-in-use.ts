import type { Draft } from '../draft';
import { canHold, mergeRotation } from '../effective-rotation';
import type { Problem } from '../problem';
import { LEAST_OVERLAP_TO_HOLD, type RawRotation } from '../schema/rotation';
import { isLayerSound, isTakenOver, type Layer, layersOf } from './rotation-layers';

type Key = 'whenStillInUse' | 'overlap';
const KEYS: readonly Key[] = ['whenStillInUse', 'overlap'];

/**
 * A key is held for being in use only where its overlap is long enough to tell. Where nothing is said, a short overlap
 * means `retire`; `hold` that is written, also in the defaults, contradicts it.
 */
export function checkStillInUse(draft: Draft): Problem[] {
  const { defaults, users } = layersOf(draft);
  const saysOne = (rotation: RawRotation): boolean => KEYS.some((key) => rotation[key] !== undefined);
  return [
    ...defaults.filter((layer) => saysOne(layer.own) && isTakenOver(layer, users, saysOne)),
    ...users.filter(({ own }) => saysOne(own)),
  ].flatMap((layer) => checkLayer(draft, layer));
}

function checkLayer(draft: Draft, layer: Layer): Problem[] {
  if (!isLayerSound(draft, layer, KEYS)) return [];
  const { path, own, inherited } = layer;
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
