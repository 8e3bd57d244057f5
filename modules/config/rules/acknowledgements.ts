import { formatDuration, parseDuration } from '../../schedule/duration';
import type { Draft } from '../draft';
import { mergeRotation } from '../effective-rotation';
import type { Problem } from '../problem';
import { isLayerSound, type Layer, layersOf } from './rotation-layers';

/** People are reminded while there is time: some while after the promotion, and before a key is as old as the policy allows. */
export function checkAcknowledgements(draft: Draft): Problem[] {
  const users = new Map(draft.stacks.flatMap((stack) => stack.users.map((user) => [user.path, user.values])));
  return layersOf(draft).users.flatMap((layer) =>
    checkReminder(draft, layer, users.get(layer.path)?.acknowledgement?.remindAfter),
  );
}

function checkReminder(draft: Draft, layer: Layer, remindAfter: string | undefined): Problem[] {
  if (remindAfter === undefined) return [];
  const path = [...layer.path, 'acknowledgement', 'remindAfter'];
  const seconds = parseDuration(remindAfter);
  if (seconds === 0) {
    return [{ path, rule: 'a reminder comes some time after the promotion', write: 'remindAfter: 3d' }];
  }
  if (!isLayerSound(draft, layer, ['maximumKeyAge'])) return [];
  const { maximumKeyAgeSeconds } = mergeRotation(layer.inherited, layer.own);
  if (seconds < maximumKeyAgeSeconds) return [];
  return [
    {
      path,
      rule: `a reminder comes before a key reaches maximumKeyAge, ${formatDuration(maximumKeyAgeSeconds)}`,
      write: 'remindAfter: 3d, or another one that is shorter',
    },
  ];
}
