import { describeSecret, type KeyWork } from './key-work';
import { CallRefusedError } from '../model/call-errors';
import type { SecretDescription } from '../model/ports';
import { RotationAbandonedError } from '../model/refusals';

/** @throws RotationAbandonedError if the rotation with this token is no longer under way. */
export function requirePending({ arn, labels }: SecretDescription, token: string): void {
  if (labels.AWSPENDING === token) return;
  throw new RotationAbandonedError(
    `Version ${token} does not carry AWSPENDING (it is on ${labels.AWSPENDING ?? 'no version'}): this rotation was abandoned.`,
    'Secrets Manager abandons a rotation when somebody stores another version or takes the label off. The current key ' +
      'stays; the next rotation brings a new token and cleans up after this one: ' +
      `aws secretsmanager rotate-secret --secret-id ${arn}`,
  );
}

/**
 * Takes AWSPENDING off a token that can never succeed; otherwise Secrets Manager would reattempt it for ever
 * instead of beginning anew. A label that is elsewhere by now is left there.
 */
export async function takePendingOff(work: KeyWork, token: string): Promise<void> {
  const { labels } = await describeSecret(work);
  if (labels.AWSPENDING !== token) return;
  try {
    await work.leasedJournal.act(() =>
      work.ports.secrets.removeLabel(work.settings.secretArn, 'AWSPENDING', token),
    );
  } catch (error) {
    const movedMeanwhile =
      error instanceof CallRefusedError && ['conflict', 'invalid', 'notFound'].includes(error.kind);
    if (!movedMeanwhile) throw error;
    work.ports.log.info('AWSPENDING was off the version already', { reason: error.message });
  }
}
