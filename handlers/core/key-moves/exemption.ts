import type { KeyWork } from './key-work';
import type { Instant } from '../../../contract/instant';
import { askForAnother } from './pending-label';
import { RotationDeferredError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';

/** Why and until when nothing is done to the user's keys. */
export type Exemption = NonNullable<Settings['exemption']>;

/** Undefined: the user is not exempted, or no longer. */
export const exemptionInForce = ({ exemption }: Settings, now: Instant): Exemption | undefined =>
  exemption !== undefined && now < exemption.until ? exemption : undefined;

/**
 * Ends a rotation that has made nothing yet: it is journaled as wanted, so that the sweep requests it when the
 * exemption has ended, AWSPENDING is taken off its empty token, and it fails.
 *
 * @throws RotationDeferredError naming the exemption's reason and end.
 */
export async function deferUntilEndOf(exemption: Exemption, work: KeyWork, token: string): Promise<never> {
  const { settings } = work;
  const until = new Date(exemption.until).toISOString();
  await askForAnother(work, token, `exempted until ${until}`);
  throw new RotationDeferredError(
    `The configuration exempts ${settings.stableKey} until ${until}: ${exemption.reason}.`,
    'No key was changed. The rotation is made when the exemption has ended; to have it sooner, take `exemption` out of ' +
      'the configuration and apply.',
  );
}
