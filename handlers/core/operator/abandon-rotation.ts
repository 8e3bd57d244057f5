import { describeSecret, type AtWork } from '../key-moves/at-work';
import { takePendingOff } from '../key-moves/pending-label';
import { settle } from '../key-moves/settle';

/**
 * Ends a rotation that is under way, so that nothing of it stands in the way of what a person asks for.
 *
 * @returns the keys that were deleted with it, which IAM's listing may still show.
 */
export async function abandonRotation(at: AtWork): Promise<readonly string[]> {
  const { labels } = await describeSecret(at);
  const token = labels.AWSPENDING;
  if (token === undefined || token === labels.AWSCURRENT) return settle(at);
  at.ports.log.warn('the rotation under way is abandoned', { token });
  await takePendingOff(at, token);
  return settle(at, { abandonedToken: token });
}
