import { HOUR, SECOND, type Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { PreviousKey } from '../model/journal';
import { lastDelivery } from './deliveries';

/** A key that was taken over has no reader of the secret yet: at least so long until anything is concluded. */
export const SHORTEST_OVERLAP_TAKEN_OVER = 6 * HOUR;

/**
 * From when on a previous key is deactivated. The overlap begins when the key was replaced, or when a target last got
 * another one in its place (R12).
 */
export function overlapEnd(
  { replacedAt, origin }: PreviousKey,
  settings: Pick<Settings, 'overlapSeconds' | 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): Instant {
  const overlap = settings.overlapSeconds * SECOND;
  const begin = Math.max(replacedAt, lastDelivery(settings, deliveries) ?? replacedAt);
  return begin + (origin === 'takenOver' ? Math.max(overlap, SHORTEST_OVERLAP_TAKEN_OVER) : overlap);
}
