import type { AccessKey } from '../model/access-key';
import { listKeys, journalOf, type AtWork } from './at-work';
import { SECOND, type Instant } from '../../../contract/instant';
import type { CurrentKey, Journal, PreviousKey } from '../model/journal';
import { suffixOf, tell } from '../telemetry/tell';
import { LISTING_LAG } from '../model/timing';

/**
 * Journals that a new key is the current one, after AWSCURRENT was seen on its version, and closes the attempt.
 * The key it replaced begins its overlap now, which is never earlier than it was really replaced (R3).
 */
export async function completePromotion(at: AtWork, keyId: string, versionId: string): Promise<void> {
  const journal = journalOf(at);
  const now = at.ports.clock.now();
  const keys = await listKeys(at);
  const replaced = journal.current;
  const previous: PreviousKey[] = journal.previous.filter(
    (key) => key.keyId !== keyId && !isGone(key.keyId, key.replacedAt, keys, now),
  );
  if (
    replaced !== undefined &&
    replaced.keyId !== keyId &&
    !isGone(replaced.keyId, replaced.since, keys, now)
  ) {
    previous.unshift(replacedNow(replaced, now));
  }
  await at.ledger.amend({
    current: { keyId, versionId, since: now },
    previous,
    attempt: undefined,
    wanted: stillWanted(journal),
  });
  at.ports.log.info('the new key is current', {
    keyId,
    previousKeyIds: previous.map((key) => key.keyId),
  });
  tellPromotion(at, journal, { keyId, versionId, since: now });
}

function tellPromotion(at: AtWork, { attempt, current: replaced }: Journal, current: CurrentKey): void {
  tell(at, 'Key Promoted', {
    keyIdSuffix: suffixOf(current.keyId),
    kind: attempt?.kind,
    versionId: current.versionId,
    previousKeyIdSuffix: replaced && suffixOf(replaced.keyId),
  });
  // The first key is not a rotation: `terraform apply` says how it went.
  if (attempt === undefined || attempt.kind === 'firstKey') return;
  at.ports.metrics.record('RotationSucceeded', 1);
  at.ports.metrics.record('RotationSeconds', (current.since - attempt.announcedAt) / SECOND);
}

/** A rotation that was asked for after this one began is not done with it. */
const stillWanted = ({ attempt, wanted }: Journal): Journal['wanted'] =>
  attempt !== undefined && wanted !== undefined && wanted.since > attempt.announcedAt ? wanted : undefined;

/**
 * IAM no longer lists the key, and that is not because its listing lags behind a key that is still young: a key
 * of ours that IAM may still have is never dropped from the journal.
 */
const isGone = (keyId: string, aliveAt: Instant, keys: readonly AccessKey[], now: Instant): boolean =>
  keys.length > 0 && keys.every(({ id }) => id !== keyId) && now - aliveAt > LISTING_LAG;

/** The entry of a key that stops being current now. */
export const replacedNow = ({ keyId, versionId, leaked }: CurrentKey, now: Instant): PreviousKey => ({
  keyId,
  versionId,
  replacedAt: now,
  phase: 'overlap',
  leaked: leaked === true ? 'delete' : undefined,
});

/** Closes an attempt whose key was current for a while: it is retired like any previous key, from now on. */
export async function treatAsPrevious(at: AtWork, keyId: string, versionId: string): Promise<void> {
  const journal = journalOf(at);
  await at.ledger.amend({
    attempt: undefined,
    previous: [
      { keyId, versionId, replacedAt: at.ports.clock.now(), phase: 'overlap' },
      ...journal.previous.filter((key) => key.keyId !== keyId),
    ],
  });
  at.ports.log.info('a key that was current for a while is retired like any previous key', { keyId });
}
