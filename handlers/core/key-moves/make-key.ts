import type { AccessKey, CreatedAccessKey } from '../model/access-key';
import { describeSecret, journalOf, listKeys, type KeyWork } from './key-work';
import { CallRefusedError } from '../model/call-errors';
import type { Attempt } from '../model/journal';
import type { SecretDescription } from '../model/ports';
import { TryAgainError } from '../model/refusals';
import { suffixOf, emit } from '../telemetry/emit';
import { LEASE } from '../model/timing';

/** What AWS has said under the lease, immediately before. */
export interface SeenBefore {
  readonly description?: SecretDescription;
  /** With nothing between it and the announcement: a key that somebody makes there would be taken for the attempt's own. */
  readonly listed?: readonly AccessKey[] | undefined;
}

/**
 * Announces an attempt in the journal, creates its key, and journals the key's id. If the process dies in between, the
 * next `settle` finds what it made; only a definite refusal closes the attempt here.
 *
 * @param seen what it is told is not asked again
 */
export async function makeKey(
  work: KeyWork,
  attempt: Pick<Attempt, 'token' | 'kind'>,
  seen: SeenBefore = {},
): Promise<CreatedAccessKey> {
  const { ports, leasedJournal, settings } = work;
  if (journalOf(work).attempt !== undefined)
    throw new Error('Bug: an attempt is announced over an open one.');
  const { labels } = seen.description ?? (await describeSecret(work));
  const keysBefore = (seen.listed ?? (await listKeys(work))).map(({ id }) => id);
  const announcedAt = ports.clock.now();
  const announced: Attempt = {
    ...attempt,
    keysBefore,
    announcedAt,
    until: announcedAt + LEASE,
    currentVersionId: labels.AWSCURRENT,
    previousVersionId: labels.AWSPREVIOUS,
  };
  await leasedJournal.amend({ attempt: announced });
  ports.log.info('a new key is announced in the journal', { keysBefore });

  const created = await closingIfRefused(work, () =>
    // A key created after `until` would not be recognized as this attempt's.
    leasedJournal.actForAttempt(() => ports.keys.create(settings.userName)),
  );
  // The key is known, so `until` is now about storing it: a process that settles this attempt waits until that shows.
  await leasedJournal.amend({
    attempt: { ...announced, keyId: created.id, until: ports.clock.now() + LEASE },
  });
  ports.log.info('a new key is created', { keyId: created.id });
  emit(work, 'Key Created', { keyIdSuffix: suffixOf(created.id), kind: attempt.kind });
  return created;
}

async function closingIfRefused<Result>(work: KeyWork, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    // Refused by AWS, or not even asked.
    const isCertain = error instanceof CallRefusedError || error instanceof TryAgainError;
    if (isCertain) await work.leasedJournal.amend({ attempt: undefined });
    throw error;
  }
}

/**
 * Stores or proves the new key by `use`; after a definite refusal deletes it again and closes the attempt. After an
 * unclear answer nothing is undone: the value may have been stored, so that is left to the next `settle`.
 */
export async function undoingIfRefused(
  work: KeyWork,
  keyId: string,
  use: () => Promise<void>,
  isDefinite: (error: unknown) => boolean = (error) => error instanceof CallRefusedError,
): Promise<void> {
  try {
    await use();
  } catch (error) {
    if (isDefinite(error)) {
      work.ports.log.warn('the new key could not be used and is deleted again', { keyId });
      await work.leasedJournal.act(() => work.ports.keys.delete(work.settings.userName, keyId));
      await work.leasedJournal.amend({ attempt: undefined });
      const reason = 'it could not be used, so it was deleted again';
      emit(work, 'Key Reaped', { keyIdSuffix: suffixOf(keyId), reason });
    }
    throw error;
  }
}
