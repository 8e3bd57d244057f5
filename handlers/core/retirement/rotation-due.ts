import { exemptionInForce } from '../key-moves/exemption';
import { SECOND, type Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { Settings } from '../../../contract/settings';

/** When the next rotation begins at the latest; undefined where none is due. */
export function dueAt(
  { settings, journal }: { readonly settings: Settings | undefined; readonly journal: Journal | undefined },
  now: Instant,
): Instant | undefined {
  if (settings?.rotatedWithinSeconds === undefined || journal?.current === undefined) return undefined;
  if (exemptionInForce(settings, now) !== undefined) return undefined;
  return journal.current.since + settings.rotatedWithinSeconds * SECOND;
}
