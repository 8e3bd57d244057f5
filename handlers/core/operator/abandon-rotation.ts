import { describeSecret, type KeyWork } from '../key-moves/key-work';
import { takePendingOff } from '../key-moves/pending-label';
import { settle } from '../key-moves/settle';

/**
 * Ends a rotation that is under way, so that what a person asks for can begin.
 *
 * @returns the keys that were deleted with it, which IAM's listing may still show.
 */
export async function abandonRotation(work: KeyWork): Promise<readonly string[]> {
  const { labels } = await describeSecret(work);
  const token = labels.AWSPENDING;
  if (token === undefined || token === labels.AWSCURRENT) return settle(work);
  work.ports.log.warn('the rotation under way is abandoned', { token });
  await takePendingOff(work, token);
  return settle(work, { pendingRemovedFrom: token });
}
