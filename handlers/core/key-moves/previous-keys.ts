import { journalOf, type KeyWork } from './key-work';
import { CallRefusedError } from '../model/call-errors';
import type { PreviousKey } from '../model/journal';
import { isoOf, suffixOf, emit } from '../telemetry/emit';

/** Replaces one previous key in the journal and leaves the others as they are. */
export const journalPrevious = (work: KeyWork, changed: PreviousKey): Promise<void> =>
  work.leasedJournal.amend({
    previous: journalOf(work).previous.map((key) => (key.keyId === changed.keyId ? changed : key)),
  });

/** Takes a key that IAM no longer has, or that is no longer ours to retire, out of the journal. */
export async function forgetPrevious(work: KeyWork, keyId: string): Promise<void> {
  const forgotten = findPrevious(work, keyId);
  await work.leasedJournal.amend({ previous: journalOf(work).previous.filter((key) => key.keyId !== keyId) });
  if (forgotten !== undefined) emitReleased(work, forgotten);
}

export const findPrevious = (work: KeyWork, keyId: string): PreviousKey | undefined =>
  journalOf(work).previous.find((key) => key.keyId === keyId);

/** Emits that the hold of a key has ended, if it had one. @param key as it was before its hold ended. */
export function emitReleased(work: KeyWork, { keyId, hold }: PreviousKey): void {
  if (hold === undefined) return;
  const { cause, since } = hold;
  emit(work, 'Key Released', { keyIdSuffix: suffixOf(keyId), cause, heldSince: isoOf(since) });
}

/** Changes a key of ours. @returns false if IAM has no such key: a person deleted it. */
export async function actUnlessGone(work: KeyWork, act: () => Promise<void>): Promise<boolean> {
  try {
    await work.leasedJournal.act(act);
    return true;
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === 'notFound') return false;
    throw error;
  }
}
