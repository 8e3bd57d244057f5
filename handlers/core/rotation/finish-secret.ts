import { describeSecret, journalOf, listKeys, type AtWork } from '../key-moves/at-work';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import type { Attempt } from '../model/journal';
import { underLease } from '../key-moves/lease';
import { requirePending, takePendingOff } from '../key-moves/pending-label';
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
 * 3. AWSCURRENT has left the version that createSecret saw, or the new key is gone: this token can never finish, so
 *    AWSPENDING is taken off it, and the next rotation brings a new one.
 * 4. The new key was not proved: refuse (R2).
 * 5. Otherwise: journal the promotion, look once more that the new key is there, move the label, journal the rest.
 */
export async function finishSecret(
  ports: RotationPorts,
  settings: Settings,
  event: RotationEvent,
): Promise<void> {
  const token = event.ClientRequestToken;
  await underLease(ports, settings.stableKey, async (ledger) => {
    const at: AtWork = { ports, settings, ledger };
    const description = await describeSecret(at);
    if (description.labels.AWSCURRENT === token) {
      await settle(at);
    } else {
      requirePending(description, token);
      const attempt = await requireFinishable(at, token, description.labels.AWSCURRENT);
      await promote(at, attempt);
    }
    await takePendingOff(at, token);
    if (settings.overlapSeconds === 0) await deactivateReplaced(at);
  });
}

type FinishableAttempt = Attempt & { readonly keyId: string };

/** Cases 3 and 4. */
async function requireFinishable(
  at: AtWork,
  token: string,
  currentVersionId: string | undefined,
): Promise<FinishableAttempt> {
  const { attempt } = journalOf(at);
  if (attempt?.token !== token || attempt.keyId === undefined) {
    throw await givenUp(at, token, 'The journal does not know the key of this rotation.');
  }
  if (attempt.currentVersionId !== currentVersionId) {
    throw await givenUp(
      at,
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
async function promote(at: AtWork, attempt: FinishableAttempt): Promise<void> {
  const { ports, ledger, settings } = at;
  // Whoever finds this attempt open waits until the label's move certainly shows.
  const now = ports.clock.now();
  await ledger.amend({ attempt: { ...attempt, promotionAnnouncedAt: now, until: now + LEASE } });
  const key = (await listKeys(at)).find(({ id }) => id === attempt.keyId);
  if (key?.status !== 'Active') {
    throw await givenUp(at, attempt.token, `New key ${attempt.keyId} is ${key?.status ?? 'gone'}.`);
  }
  await ledger.actForAttempt(() =>
    ports.secrets.moveLabel(settings.secretArn, 'AWSCURRENT', {
      from: attempt.currentVersionId,
      to: attempt.token,
    }),
  );
  await completePromotion(at, attempt.keyId, attempt.token);
}

async function givenUp(at: AtWork, token: string, finding: string): Promise<RotationAbandonedError> {
  await takePendingOff(at, token);
  return new RotationAbandonedError(
    finding,
    'This rotation can never finish; AWSPENDING was taken off it. The current key stays, and the next rotation begins ' +
      `anew: aws secretsmanager rotate-secret --secret-id ${at.settings.secretArn}`,
  );
}

/** With an overlap of 0 the key that this rotation replaced is deactivated here; the sweep only deletes it. */
async function deactivateReplaced(at: AtWork): Promise<void> {
  const { current, previous } = journalOf(at);
  const replaced = previous.find((key) => key.phase === 'overlap' && key.replacedAt === current?.since);
  if (replaced !== undefined) await deactivatePrevious(at, replaced, 'it was replaced, and has no overlap');
}
