import { describeSecret, type AtWork } from '../at-work';
import { takePendingOff } from '../pending-label';
import { settle } from '../settle';

/** Ends a rotation that is under way, so that nothing of it stands in the way of what a person asks for. */
export async function abandonRotation(at: AtWork): Promise<void> {
  const { labels } = await describeSecret(at);
  if (labels.AWSPENDING !== undefined && labels.AWSPENDING !== labels.AWSCURRENT) {
    at.ports.log.warn('the rotation under way is abandoned', { token: labels.AWSPENDING });
    await takePendingOff(at, labels.AWSPENDING);
  }
  await settle(at);
}
