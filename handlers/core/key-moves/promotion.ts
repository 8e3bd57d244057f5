import type { AccessKey } from '../model/access-key';
import { listKeys, journalOf, type KeyWork } from './key-work';
import { SECOND, type Instant } from '../../../contract/instant';
import type { CurrentKey, Journal, PreviousKey } from '../model/journal';
import { suffixOf, emit } from '../telemetry/emit';
import { LISTING_LAG } from '../model/timing';

/** The user's keys, and when IAM was asked for them: later calls may be slow, and make no young key an old one. */
export interface Listing {
  readonly keys: readonly AccessKey[];
  readonly askedAt: Instant;
}

/**
 * Journals that a new key is the current one, after AWSCURRENT was seen on its version, and closes the attempt.
 * The key it replaced begins its overlap now, which is never earlier than it was really replaced (R3).
 *
 * @param listed what IAM has listed immediately before the label moved; otherwise it is asked
 */
export async function completePromotion(
  work: KeyWork,
  keyId: string,
  versionId: string,
  listed?: Listing,
): Promise<void> {
  const journal = journalOf(work);
  const now = work.ports.clock.now();
  const listing = listed ?? { askedAt: now, keys: await listKeys(work) };
  const replaced = journal.current;
  const previous: PreviousKey[] = journal.previous.filter(
    (key) => key.keyId !== keyId && !isGone(key.keyId, key.replacedAt, listing),
  );
  if (
    replaced !== undefined &&
    replaced.keyId !== keyId &&
    !isGone(replaced.keyId, replaced.since, listing)
  ) {
    previous.unshift(replacedNow(replaced, now));
  }
  await work.leasedJournal.amend({
    current: { keyId, versionId, since: now, leaked: leakOf(journal, keyId) },
    previous,
    attempt: undefined,
    wanted: stillWanted(journal),
  });
  work.ports.log.info('the new key is current', {
    keyId,
    previousKeyIds: previous.map((key) => key.keyId),
  });
  recordPromotion(work, journal, { keyId, versionId, since: now });
}

/** AWS may have reported it before it was current. */
const leakOf = ({ leaks = [] }: Journal, keyId: string): 'deactivate' | undefined =>
  leaks.some((leak) => leak.keyId === keyId) ? 'deactivate' : undefined;

function recordPromotion(work: KeyWork, { attempt, current: replaced }: Journal, current: CurrentKey): void {
  emit(work, 'Key Promoted', {
    keyIdSuffix: suffixOf(current.keyId),
    kind: attempt?.kind,
    versionId: current.versionId,
    previousKeyIdSuffix: replaced && suffixOf(replaced.keyId),
  });
  // The first key is not a rotation: `terraform apply` says how it went.
  if (attempt === undefined || attempt.kind === 'firstKey') return;
  work.ports.metrics.record('RotationSucceeded', 1);
  work.ports.metrics.record('RotationSeconds', (current.since - attempt.announcedAt) / SECOND);
}

/** A rotation that was asked for after this one began is not done with it. */
const stillWanted = ({ attempt, wanted }: Journal): Journal['wanted'] =>
  attempt !== undefined && wanted !== undefined && wanted.since > attempt.announcedAt ? wanted : undefined;

/**
 * IAM no longer lists the key, and that is not because its listing lags behind a key that is still young: a key
 * of ours that IAM may still have is never dropped from the journal.
 */
const isGone = (keyId: string, aliveAt: Instant, { keys, askedAt }: Listing): boolean =>
  keys.length > 0 && keys.every(({ id }) => id !== keyId) && askedAt - aliveAt > LISTING_LAG;

/** The entry of a key that stops being current now. */
export const replacedNow = ({ keyId, versionId, leaked }: CurrentKey, now: Instant): PreviousKey => ({
  keyId,
  versionId,
  replacedAt: now,
  phase: 'overlap',
  leaked: leaked === true ? 'delete' : leaked,
});

/** Closes an attempt whose key was current for a while: it is retired like any previous key, from now on. */
export async function treatAsPrevious(work: KeyWork, keyId: string, versionId: string): Promise<void> {
  const journal = journalOf(work);
  await work.leasedJournal.amend({
    attempt: undefined,
    previous: [
      {
        ...{ keyId, versionId, replacedAt: work.ports.clock.now(), phase: 'overlap' },
        leaked: leakOf(journal, keyId),
      },
      ...journal.previous.filter((key) => key.keyId !== keyId),
    ],
  });
  work.ports.log.info('a key that was current for a while is retired like any previous key', { keyId });
}
