import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import type { Attempt } from '../model/journal';
import { underLease } from '../key-moves/lease';
import { askForAnother, requirePending, takePendingOff, tidyPending } from '../key-moves/pending-label';
import type { RotationPorts } from '../model/ports';
import { completePromotion } from '../key-moves/promotion';
import { RotationAbandonedError, TryAgainError } from '../model/refusals';
import type { RotationEvent } from '../../../contract/function-events';
import { settle } from '../key-moves/settle';
import type { Settings } from '../../../contract/settings';
import { LEASE } from '../model/timing';

/**
 * Makes the new key the current one. It finds one of:
 *
 * 1. The token is AWSCURRENT: an earlier try moved the label. Carry on with what is not done yet.
 * 2. The token is not AWSPENDING: the rotation was abandoned.
 * 3. AWSCURRENT has left the version that createSecret saw, or the new key is not Active: this token can never finish, so
 *    AWSPENDING is taken off it, and a later rotation brings a new one. For a key that is not Active it is asked for.
 * 4. The new key was not proved: refuse (R2).
 * 5. Otherwise: journal the promotion, look once more that the new key is there, move the label, journal the rest.
 */
export async function finishSecret(
  ports: RotationPorts,
  settings: Settings,
  event: RotationEvent,
): Promise<void> {
  const token = event.ClientRequestToken;
  await underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    const description = await describeSecret(work);
    if (description.labels.AWSCURRENT === token) {
      await settle(work);
      await tidyPending(work, token, await describeSecret(work));
    } else {
      requirePending(description, token);
      const attempt = await requireFinishable(work, token, description.labels.AWSCURRENT);
      await promote(work, attempt);
      await tidyPending(work, token, description);
    }
    if (settings.overlapSeconds === 0 && settings.acknowledgement === undefined)
      await deactivateReplaced(work);
  });
}

type FinishableAttempt = Attempt & { readonly keyId: string };

/** Cases 3 and 4. */
async function requireFinishable(
  work: KeyWork,
  token: string,
  currentVersionId: string | undefined,
): Promise<FinishableAttempt> {
  const { attempt } = journalOf(work);
  if (attempt?.token !== token || attempt.keyId === undefined) {
    throw await givenUp(work, token, 'The journal does not know the key of this rotation.');
  }
  if (attempt.currentVersionId !== currentVersionId) {
    throw await givenUp(
      work,
      token,
      `AWSCURRENT has moved from version ${attempt.currentVersionId ?? '(none)'} to ${currentVersionId ?? '(none)'} ` +
        'since this rotation began.',
    );
  }
  if (attempt.provedAt === undefined) {
    throw new TryAgainError(
      `New key ${attempt.keyId} was not proved to work.`,
      'A key becomes current only after testSecret has proved it. Nothing was changed; Secrets Manager repeats the ' +
        'rotation from createSecret.',
    );
  }
  return { ...attempt, keyId: attempt.keyId };
}

/** Case 5. */
async function promote(work: KeyWork, attempt: FinishableAttempt): Promise<void> {
  const { ports, leasedJournal, settings } = work;
  // A process that finds this attempt open waits until the label's move certainly shows.
  const now = ports.clock.now();
  await leasedJournal.amend({ attempt: { ...attempt, promotionAnnouncedAt: now, until: now + LEASE } });
  const listed = { askedAt: ports.clock.now(), keys: await listKeys(work) };
  const key = listed.keys.find(({ id }) => id === attempt.keyId);
  if (key?.status !== 'Active') {
    const status = key?.status ?? 'gone';
    await askForAnother(
      work,
      attempt.token,
      `new key ${attempt.keyId} was ${status} before it became current`,
    );
    throw new RotationAbandonedError(
      `New key ${attempt.keyId} is ${status}.`,
      'A stored version never changes, so AWSPENDING was taken off it. The current key stays; the retirement function ' +
        'requests a new rotation within the hour.',
    );
  }
  await leasedJournal.actForAttempt(() =>
    ports.secrets.moveLabel(settings.secretArn, 'AWSCURRENT', {
      from: attempt.currentVersionId,
      to: attempt.token,
    }),
  );
  await completePromotion(work, attempt.keyId, attempt.token, listed);
}

async function givenUp(work: KeyWork, token: string, finding: string): Promise<RotationAbandonedError> {
  await takePendingOff(work, token);
  return new RotationAbandonedError(
    finding,
    'This rotation can never finish; AWSPENDING was taken off it. The current key stays, and the next rotation begins ' +
      `anew: aws secretsmanager rotate-secret --secret-id ${work.settings.secretArn}`,
  );
}

/**
 * With an overlap of 0 the key that this rotation replaced is deactivated here; the sweep only deletes it. Where there are
 * copies, which follow in some seconds, or an acknowledgement is waited for, the sweep does both.
 */
async function deactivateReplaced(work: KeyWork): Promise<void> {
  const { current, previous } = journalOf(work);
  const replaced = previous.find((key) => key.phase === 'overlap' && key.replacedAt === current?.since);
  if (replaced !== undefined) await deactivatePrevious(work, replaced, 'it was replaced, and has no overlap');
}
