import { exemptionInForce } from '../exemption';
import { SECOND, type Instant } from '../instant';
import type { Journal } from '../journal';
import type { Settings } from '../settings';

/** When the next rotation begins at the latest; undefined where none is due. */
export function dueAt(
  { settings, journal }: { readonly settings: Settings | undefined; readonly journal: Journal | undefined },
  now: Instant,
): Instant | undefined {
  if (settings?.rotatedWithinSeconds === undefined || journal?.current === undefined) return undefined;
  if (exemptionInForce(settings, now) !== undefined) return undefined;
  return journal.current.since + settings.rotatedWithinSeconds * SECOND;
}
