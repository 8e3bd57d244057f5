import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { deferUntilEndOf, exemptionInForce } from '../key-moves/exemption';
import { makeKey, undoingIfRefused } from '../key-moves/make-key';
import { requirePending, takePendingOff } from '../key-moves/pending-label';
import type { RotationPorts, StoredValue } from '../model/ports';
import { RotationAbandonedError, TryAgainError, UnknownStateError } from '../model/refusals';
import type { RotationEvent } from '../../../contract/function-events';
import { decodeSecretValue, encodeSecretValue } from '../model/secret-value';
import { settle } from '../key-moves/settle';
import type { Settings } from '../../../contract/settings';
import { PENDING_KEY_LIFETIME } from '../model/timing';
import { requireFreeSlot } from '../key-moves/slots';
import { underLease } from '../key-moves/lease';

/**
 * Makes the key of this rotation and stores it under the rotation's token, as AWSPENDING. It finds one of:
 *
 * 1. The token is AWSCURRENT: this rotation is over, and this is a repetition.
 * 2. The token is not AWSPENDING: the rotation was abandoned.
 * 3. The key is stored under the token, and listed and Active: done already.
 * 4. A value is stored under the token and its key is gone, not ours, or too old: versions never change, so this token
 *    can never succeed. A key that is too old had its turn, so another rotation is asked for.
 * 5. Nothing is stored: settle earlier attempts, make sure of a free slot, make the key, store it. But for an
 *    exempted user nothing is done, and the rotation waits for the exemption's end.
 */
export async function createSecret(
  ports: RotationPorts,
  settings: Settings,
  event: RotationEvent,
): Promise<void> {
  const token = event.ClientRequestToken;
  const description = await ports.secrets.describe(settings.secretArn);
  if (description.labels.AWSCURRENT === token) {
    ports.log.info('this rotation is over already');
    return;
  }
  requirePending(description, token);
  requireRotationEnabled(description.rotationEnabled, settings);

  await underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    requirePending(await describeSecret(work), token);
    const readStored = (): Promise<StoredValue | undefined> =>
      ports.secrets.read(settings.secretArn, { versionId: token });
    await settle(work, {
      ownRotation: { token, isValueStored: async () => (await readStored()) !== undefined },
    });

    const stored = await readStored();
    // A rotation that has stored its key goes on: otherwise that key would stay behind, Active and unused.
    if (stored !== undefined) return requireUsable(work, token, stored);
    requireNoAttempt(work);
    const exemption = exemptionInForce(settings, ports.clock.now());
    if (exemption !== undefined) await deferUntilEndOf(exemption, work, token);
    requirePending(await describeSecret(work), token);
    await requireFreeSlot(work, token);
    await makeAndStore(work, event);
  });
}

function requireRotationEnabled(enabled: boolean | undefined, settings: Settings): void {
  // Absent until Secrets Manager has stored the configuration, which may be after the first invocation.
  if (enabled !== false) return;
  throw new RotationAbandonedError(
    'Rotation of this secret is switched off.',
    'No key is made then. Switch it on again with `terraform apply`, which attaches the schedule of ' +
      `${settings.stableKey}.`,
  );
}

/** The value was there while settling and is not now: Secrets Manager's answers lag behind one another. */
function requireNoAttempt(work: KeyWork): void {
  const { attempt } = journalOf(work);
  if (attempt === undefined) return;
  throw new TryAgainError(
    `Key ${attempt.keyId ?? '(not known yet)'} of this rotation was stored a moment ago, and Secrets Manager does not show it yet.`,
    'Until it does, no second key is made. Nothing was changed; Secrets Manager repeats the rotation from createSecret.',
  );
}

/** Cases 3 and 4. */
async function requireUsable(work: KeyWork, token: string, stored: StoredValue): Promise<void> {
  const { attempt } = journalOf(work);
  const keyId = decodeSecretValue(stored.text)?.accessKeyId;
  const isOurs = attempt?.token === token && attempt.keyId !== undefined && attempt.keyId === keyId;
  const listed = (await listKeys(work)).find(({ id }) => id === keyId);
  if (isOurs && listed?.status === 'Active') {
    if (work.ports.clock.now() - listed.createdAt > PENDING_KEY_LIFETIME)
      throw await tooOld(work, token, keyId);
    work.ports.log.info('the new key is stored already', { keyId });
    return;
  }
  await takePendingOff(work, token);
  throw new RotationAbandonedError(
    isOurs
      ? `Key ${keyId} is stored under this rotation's token and is ${listed?.status ?? 'gone'}.`
      : "A value that this product did not store is under this rotation's token.",
    'A stored version never changes, so this rotation can never succeed; AWSPENDING was taken off it. The current key ' +
      'stays, and the next rotation begins anew: ' +
      `aws secretsmanager rotate-secret --secret-id ${work.settings.secretArn}`,
  );
}

async function tooOld(work: KeyWork, token: string, keyId: string): Promise<RotationAbandonedError> {
  const reason = `new key ${keyId} did not become current within a day`;
  await work.leasedJournal.amend({
    wanted: journalOf(work).wanted ?? { since: work.ports.clock.now(), reason },
  });
  await takePendingOff(work, token);
  return new RotationAbandonedError(
    `Key ${keyId} is stored under this rotation's token, and did not become current within a day.`,
    'Promoted now it would outlive the maximum key age, so AWSPENDING was taken off it. The current key stays; the ' +
      'retirement function deletes the key that is too old, and requests a rotation, within the hour.',
  );
}

/** Case 5, after everything is settled. */
async function makeAndStore(work: KeyWork, event: RotationEvent): Promise<void> {
  const { ports, settings, leasedJournal } = work;
  const token = event.ClientRequestToken;
  if (journalOf(work).current === undefined) {
    throw new UnknownStateError(
      'The user has no current key yet.',
      'The first key is made while Terraform applies, before any rotation. Run `terraform apply`.',
    );
  }
  const key = await makeKey(work, { token, kind: 'rotation' });
  await undoingIfRefused(work, key.id, () =>
    leasedJournal.actForAttempt(() =>
      ports.secrets.put(settings.secretArn, {
        versionId: token,
        text: encodeSecretValue(key, settings),
        label: 'AWSPENDING',
        rotationToken: event.RotationToken,
      }),
    ),
  );
  ports.log.info('the new key is stored as AWSPENDING', { keyId: key.id });
}
