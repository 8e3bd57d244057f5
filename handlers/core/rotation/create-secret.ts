import { describeSecret, journalOf, listKeys, type AtWork } from '../key-moves/at-work';
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
 * 5. Nothing is stored: settle what earlier attempts left, make sure of a free slot, make the key, store it. But for an
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

  await underLease(ports, settings.stableKey, async (ledger) => {
    const at: AtWork = { ports, settings, ledger };
    requirePending(await describeSecret(at), token);
    const readStored = (): Promise<StoredValue | undefined> =>
      ports.secrets.read(settings.secretArn, { versionId: token });
    await settle(at, { own: { token, valueStored: async () => (await readStored()) !== undefined } });

    const stored = await readStored();
    // A rotation that has stored its key goes on: that key would otherwise stay behind, Active and in nobody's use.
    if (stored !== undefined) return requireUsable(at, token, stored);
    requireNoAttempt(at);
    const exemption = exemptionInForce(settings, ports.clock.now());
    if (exemption !== undefined) await deferUntilEndOf(exemption, at, token);
    requirePending(await describeSecret(at), token);
    await requireFreeSlot(at, token);
    await makeAndStore(at, event);
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
function requireNoAttempt(at: AtWork): void {
  const { attempt } = journalOf(at);
  if (attempt === undefined) return;
  throw new TryAgainError(
    `Key ${attempt.keyId ?? '(not known yet)'} of this rotation was stored a moment ago, and does not show.`,
    'No second key is made meanwhile. Nothing was changed; Secrets Manager repeats the rotation from createSecret.',
  );
}

/** Cases 3 and 4. */
async function requireUsable(at: AtWork, token: string, stored: StoredValue): Promise<void> {
  const { attempt } = journalOf(at);
  const keyId = decodeSecretValue(stored.text)?.accessKeyId;
  const isOurs = attempt?.token === token && attempt.keyId !== undefined && attempt.keyId === keyId;
  const listed = (await listKeys(at)).find(({ id }) => id === keyId);
  if (isOurs && listed?.status === 'Active') {
    if (at.ports.clock.now() - listed.createdAt > PENDING_KEY_LIFETIME) throw await tooOld(at, token, keyId);
    at.ports.log.info('the new key is stored already', { keyId });
    return;
  }
  await takePendingOff(at, token);
  throw new RotationAbandonedError(
    isOurs
      ? `Key ${keyId} is stored under this rotation's token and is ${listed?.status ?? 'gone'}.`
      : "A value that this product did not store is under this rotation's token.",
    'A stored version never changes, so this rotation can never succeed; AWSPENDING was taken off it. The current key ' +
      'stays, and the next rotation begins anew: ' +
      `aws secretsmanager rotate-secret --secret-id ${at.settings.secretArn}`,
  );
}

async function tooOld(at: AtWork, token: string, keyId: string): Promise<RotationAbandonedError> {
  const reason = `new key ${keyId} did not become current within a day`;
  await at.ledger.amend({ wanted: journalOf(at).wanted ?? { since: at.ports.clock.now(), reason } });
  await takePendingOff(at, token);
  return new RotationAbandonedError(
    `Key ${keyId} is stored under this rotation's token, and did not become current within a day.`,
    'Promoted now it would outlive the maximum key age, so AWSPENDING was taken off it. The current key stays; the ' +
      'retirement function deletes the key that is too old, and requests a rotation, within the hour.',
  );
}

/** Case 5, after everything is settled. */
async function makeAndStore(at: AtWork, event: RotationEvent): Promise<void> {
  const { ports, settings, ledger } = at;
  const token = event.ClientRequestToken;
  if (journalOf(at).current === undefined) {
    throw new UnknownStateError(
      'The user has no current key yet.',
      'The first key is made while Terraform applies, before any rotation. Run `terraform apply`.',
    );
  }
  const key = await makeKey(at, { token, kind: 'rotation' });
  await undoingIfRefused(at, key.id, () =>
    ledger.actForAttempt(() =>
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
