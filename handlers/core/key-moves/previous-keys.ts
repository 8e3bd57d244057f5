import { journalOf, type AtWork } from './at-work';
import { CallRefusedError } from '../model/call-errors';
import type { PreviousKey } from '../model/journal';
import { isoOf, suffixOf, tell } from '../telemetry/tell';

/** Journals one previous key anew and leaves the others as they are. */
export const journalPrevious = (at: AtWork, changed: PreviousKey): Promise<void> =>
  at.ledger.amend({
    previous: journalOf(at).previous.map((key) => (key.keyId === changed.keyId ? changed : key)),
  });

/** Takes a key that IAM no longer has, or that is no longer ours to retire, out of the journal. */
export async function forgetPrevious(at: AtWork, keyId: string): Promise<void> {
  const forgotten = findPrevious(at, keyId);
  await at.ledger.amend({ previous: journalOf(at).previous.filter((key) => key.keyId !== keyId) });
  if (forgotten !== undefined) tellReleased(at, forgotten);
}

export const findPrevious = (at: AtWork, keyId: string): PreviousKey | undefined =>
  journalOf(at).previous.find((key) => key.keyId === keyId);

/** Tells that the key is held no longer, if it was. @param key as it was before its hold ended. */
export function tellReleased(at: AtWork, { keyId, hold }: PreviousKey): void {
  if (hold === undefined) return;
  const { cause, since } = hold;
  tell(at, 'Key Released', { keyIdSuffix: suffixOf(keyId), cause, heldSince: isoOf(since) });
}

/** Changes a key of ours. @returns false if IAM has no such key: a person deleted it. */
export async function actUnlessGone(at: AtWork, act: () => Promise<void>): Promise<boolean> {
  try {
    await at.ledger.act(act);
    return true;
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === 'notFound') return false;
    throw error;
  }
}
