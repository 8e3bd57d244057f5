import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { deferUntilEndOf, exemptionInForce } from '../key-moves/exemption';
import { makeKey, undoingIfRefused, type SeenBefore } from '../key-moves/make-key';
import { askForAnother, requirePending } from '../key-moves/pending-label';
import type { RotationPorts, SecretDescription, StoredValue } from '../model/ports';
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
 * 2. The token is not AWSPENDING: the rotation was abandoned. Rotation is switched off: a person cancelled it, and what
 *    it left is cleaned up.
 * 3. The key is stored under the token, and listed and Active: done already.
 * 4. A value is stored under the token and its key is gone, Inactive, not ours, too old, or was current already: versions
 *    never change, so this token can never succeed, and another rotation is asked for.
 * 5. Nothing is stored: settle earlier attempts, make sure of a free slot, make the key, store it. But for an
 *    exempted user nothing is done, and the rotation waits for the exemption's end.
 */
export async function createSecret(
  ports: RotationPorts,
  settings: Settings,
  event: RotationEvent,
): Promise<void> {
  const token = event.ClientRequestToken;
  const description = await describeSecret({ ports, settings });
  if (description.labels.AWSCURRENT === token) {
    ports.log.info('this rotation is over already');
    return;
  }
  requirePending(description, token);

  await underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    const seen = await requireStillPending(work, token);
    // Absent until Secrets Manager has stored the configuration, which may be after the first invocation.
    if (seen.rotationEnabled === false) throw await switchedOff(work, token);
    const readStored = (): Promise<StoredValue | undefined> =>
      ports.secrets.read(settings.secretArn, { versionId: token });
    await settle(work, {
      ownRotation: { token, isValueStored: async () => (await readStored()) !== undefined },
      seen,
    });

    const stored = await readStored();
    // A rotation that has stored its key goes on: otherwise that key would stay behind, Active and unused.
    if (stored !== undefined) return requireUsable(work, token, stored);
    requireNoAttempt(work);
    const exemption = exemptionInForce(settings, ports.clock.now());
    if (exemption !== undefined) await deferUntilEndOf(exemption, work, token);
    const description = await requireStillPending(work, token);
    const listed = await requireFreeSlot(work, token);
    await makeAndStore(work, event, { description, listed });
  });
}

async function requireStillPending(work: KeyWork, token: string): Promise<SecretDescription> {
  const description = await describeSecret(work);
  requirePending(description, token);
  return description;
}

/**
 * Somebody cancelled this rotation and left AWSPENDING where it was (F 1.12). `terraform apply` cannot switch rotation on
 * again before the label is gone: Secrets Manager answers that a previous rotation is not complete, and attempts that one
 * again, which is how this is reached.
 */
async function switchedOff(work: KeyWork, token: string): Promise<RotationAbandonedError> {
  await askForAnother(work, token, 'a rotation was cancelled');
  await settle(work, { pendingRemovedFrom: token });
  return new RotationAbandonedError(
    'Rotation of this secret is switched off: somebody cancelled it.',
    'No key is made then. What was left of the cancelled rotation is cleaned up, and the current key stays. Switch ' +
      'rotation on again: run `terraform apply`, which attaches the schedule of ' +
      `${work.settings.stableKey}. The retirement function then requests the rotation.`,
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
  const former = journalOf(work).previous.find(({ versionId }) => versionId === token);
  if (former !== undefined) throw await overAlready(work, token, former.keyId);
  if (!isOurs) throw await spent(work, token, listed === undefined ? keyId : undefined);
  await askForAnother(
    work,
    token,
    `new key ${keyId} was ${listed?.status ?? 'gone'} before it became current`,
  );
  throw new RotationAbandonedError(
    `Key ${keyId} is stored under this rotation's token and is ${listed?.status ?? 'gone'}.`,
    'A stored version never changes, so AWSPENDING was taken off it. The current key stays; the retirement function ' +
      'requests a new rotation within the hour.',
  );
}

/**
 * Nobody knows the value: a person stored it, or AWSPENDING stayed on a version that was current, and its key is deleted since.
 *
 * @param goneKeyId the key in it, if IAM does not list it.
 */
async function spent(
  work: KeyWork,
  token: string,
  goneKeyId: string | undefined,
): Promise<RotationAbandonedError> {
  const found =
    goneKeyId === undefined
      ? 'a value that this product did not store'
      : `key ${goneKeyId}, which IAM does not list for this user`;
  await askForAnother(work, token, `a rotation was spent on ${found}`);
  return new RotationAbandonedError(
    `Under this rotation's token is ${found}.`,
    'A stored version never changes, so AWSPENDING was taken off it. The current key stays; the retirement function ' +
      'requests a new rotation within the hour.',
  );
}

/** The rotation was complete, and AWSPENDING stayed on its version when somebody moved AWSCURRENT away. */
async function overAlready(work: KeyWork, token: string, keyId: string): Promise<RotationAbandonedError> {
  await askForAnother(work, token, `a rotation was spent on key ${keyId}, which was current before`);
  return new RotationAbandonedError(
    `Key ${keyId} is stored under this rotation's token: it was current already, and AWSCURRENT was moved away from it.`,
    'A stored version never changes, so AWSPENDING was taken off it. The current key stays; the retirement function ' +
      'requests a new rotation within the hour.',
  );
}

async function tooOld(work: KeyWork, token: string, keyId: string): Promise<RotationAbandonedError> {
  await askForAnother(work, token, `new key ${keyId} did not become current within a day`);
  return new RotationAbandonedError(
    `Key ${keyId} is stored under this rotation's token, and did not become current within a day.`,
    'Promoted now it would outlive the maximum key age, so AWSPENDING was taken off it. The current key stays; the ' +
      'retirement function deletes the key that is too old, and requests a rotation, within the hour.',
  );
}

/** Case 5, after everything is settled. */
async function makeAndStore(work: KeyWork, event: RotationEvent, seen: SeenBefore): Promise<void> {
  const { ports, settings, leasedJournal } = work;
  const token = event.ClientRequestToken;
  if (journalOf(work).current === undefined) {
    throw new UnknownStateError(
      'The user has no current key yet.',
      'The first key is made while Terraform applies, before any rotation. Run `terraform apply`.',
    );
  }
  const key = await makeKey(work, { token, kind: 'rotation' }, seen);
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
