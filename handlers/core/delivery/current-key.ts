import { SECOND } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { requireBound } from '../key-moves/key-work';
import { requireCredentials } from '../key-moves/stored-key';
import type { CurrentKey } from '../model/journal';
import type { StoredValue } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import type { DeliveryPorts } from './delivery-ports';
import type { DeliveryWork } from './delivery-work';

/** Between a move of AWSCURRENT and its journal entry; and until Secrets Manager shows it. */
const PROMOTION_WAIT = 60 * SECOND;
const PROMOTION_POLL = 5 * SECOND;

/**
 * Undefined: the user has no key yet; or a rollback is under way, and AWSCURRENT may be back on another key already, which a
 * target may hold (R13).
 */
export async function currentKeyOf(
  { journals }: Pick<DeliveryPorts, 'journals'>,
  settings: Settings,
): Promise<CurrentKey | undefined> {
  const { journal } = await journals.read(settings.stableKey);
  if (journal === undefined) return undefined;
  requireBound(journal, settings);
  const isMovingBack = journal.previous.some(({ phase }) => phase === 'reactivating');
  return isMovingBack ? undefined : journal.current;
}

/**
 * The key that is current by the journal and by the label, and its value. Between the move of the label and its entry in the
 * journal the two differ, for seconds.
 *
 * @throws UnknownStateError if they go on to differ
 */
export async function readCurrent({
  ports,
  settings,
  leased,
}: DeliveryWork): Promise<{ readonly current: CurrentKey; readonly value: StoredValue }> {
  const giveUpAt = ports.clock.now() + PROMOTION_WAIT;
  for (;;) {
    const current = await currentKeyOf(ports, settings);
    const value = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
    if (current !== undefined && value?.versionId === current.versionId) {
      const { accessKeyId } = requireCredentials(value, settings);
      if (accessKeyId === current.keyId) return { current, value };
      throw new UnknownStateError(
        `Version ${value.versionId} of the secret holds another key than the journal says.`,
        'Nothing was delivered. Only the rotation writes values: find out who stored this one, and rotate the user.',
      );
    }
    if (ports.clock.now() >= giveUpAt) {
      throw new UnknownStateError(
        `AWSCURRENT is on version ${value?.versionId ?? '(none)'}; by the journal it is on ${current?.versionId ?? '(none)'}.`,
        'Nothing was delivered. The retirement function settles it within the hour, and the next run delivers.',
      );
    }
    await leased.sleep(PROMOTION_POLL);
  }
}
