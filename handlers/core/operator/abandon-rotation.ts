import { describeSecret, type KeyWork } from '../key-moves/key-work';
import { freeCurrentOfPending, letCopiesFollow, takePendingOff } from '../key-moves/pending-label';
import { whyUnreadable } from '../key-moves/readability';
import type { SecretDescription } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import { settle } from '../key-moves/settle';

/**
 * Ends a rotation that is under way, so that what a person asks for can begin.
 *
 * @throws UnknownStateError if the secret is scheduled for deletion: it can neither be read nor written.
 * @returns the keys that were deleted with it, which IAM's listing may still show.
 */
export async function abandonRotation(work: KeyWork): Promise<readonly string[]> {
  const description = await describeSecret(work);
  requireNotDeleted(work, description);
  const { labels, copies } = description;
  const token = labels.AWSPENDING;
  if (token === undefined || token === labels.AWSCURRENT) {
    await freeCurrentOfPending(work, description);
    return settle(work);
  }
  work.ports.log.warn('the rotation under way is abandoned', { token });
  await takePendingOff(work, token);
  await letCopiesFollow(work, copies);
  return settle(work, { pendingRemovedFrom: token });
}

function requireNotDeleted({ ports }: KeyWork, description: SecretDescription): void {
  const deleted = whyUnreadable(description, ports.clock.now()).find(
    ({ cause }) => cause === 'secretDeleted',
  );
  if (deleted === undefined) return;
  throw new UnknownStateError(deleted.what, 'Nothing was changed; then run the same command again.');
}
