import { describeSecret, journalOf, type KeyWork } from '../key-moves/key-work';
import { SECOND } from '../../../contract/instant';
import { underLease } from '../key-moves/lease';
import { requirePending, takePendingOff } from '../key-moves/pending-label';
import type { RotationPorts, StoredValue } from '../model/ports';
import { proveKey } from '../key-moves/prove';
import { RotationAbandonedError, TryAgainError, UnknownStateError, WrongUserError } from '../model/refusals';
import type { RotationEvent } from '../../../contract/function-events';
import type { Settings } from '../../../contract/settings';
import { emit, suffixOf } from '../telemetry/emit';
import { readPutVersion, requireCredentials } from '../key-moves/stored-key';

/**
 * Proves the new key (R2) and journals the proof, without which finishSecret refuses to go on.
 *
 * Secrets Manager also calls this step alone, to test a configuration: then AWSPENDING holds a copy of the current
 * value, or none, there is no attempt with this token, and the current key is the one to test.
 */
export async function testSecret(
  ports: RotationPorts,
  settings: Settings,
  event: RotationEvent,
): Promise<void> {
  const token = event.ClientRequestToken;
  const description = await describeSecret({ ports, settings });
  const { journal } = await ports.journals.read(settings.stableKey);
  const isCurrent = description.labels.AWSCURRENT === token;
  if (isCurrent || journal?.attempt?.token !== token) {
    ports.log.info(
      isCurrent ? 'this rotation is over already' : 'no rotation with this token: testing the current key',
    );
    return testCurrentKey(ports, settings);
  }
  requirePending(description, token);
  let keyId: string;
  try {
    keyId = await proveStoredKey(ports, settings, token);
  } catch (error) {
    if (error instanceof WrongUserError) {
      const deleted = await underLease(ports, settings.stableKey, (leasedJournal) =>
        deleteWrongUsersKey({ ports, settings, leasedJournal }, token),
      );
      if (deleted !== undefined) throw abandonedForAnotherUser(settings, deleted, error);
    }
    throw error;
  }
  await underLease(ports, settings.stableKey, (leasedJournal) =>
    journalProof({ ports, settings, leasedJournal }, token, keyId),
  );
}

/**
 * IAM made the key for whoever has the user's name by now: the user was deleted and made again, or another one got its
 * name. We made it, and it can never become current, so it is deleted at once.
 *
 * @returns the key; undefined: its attempt was settled meanwhile, or may have been promoted, and it was left alone.
 */
async function deleteWrongUsersKey(work: KeyWork, token: string): Promise<string | undefined> {
  const { attempt } = journalOf(work);
  if (attempt?.token !== token || attempt.keyId === undefined || attempt.promotionAnnouncedAt !== undefined)
    return undefined;
  const { ports, settings, leasedJournal } = work;
  const { keyId } = attempt;
  ports.log.warn('the new key works as another user, and is deleted again', { keyId });
  // First, so that whatever crashes from here on leaves a rotation that is over.
  await takePendingOff(work, token);
  await leasedJournal.act(() => ports.keys.delete(settings.userName, keyId));
  await leasedJournal.amend({ attempt: undefined });
  emit(work, 'Key Reaped', { keyIdSuffix: suffixOf(keyId), reason: 'it works as another user' });
  return keyId;
}

const abandonedForAnotherUser = (
  { userName, userId }: Settings,
  keyId: string,
  cause: WrongUserError,
): RotationAbandonedError =>
  new RotationAbandonedError(
    `New key ${keyId} works as another user than ${userName} (user id ${userId}), so it was deleted again.`,
    'AWSPENDING was taken off this rotation, and the current key stays. Somebody deleted the user and made it again, or gave ' +
      'its name to another one. Run `terraform apply`: it writes down the user that there is now.',
    { cause },
  );

async function testCurrentKey(ports: RotationPorts, settings: Settings): Promise<void> {
  const stored = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
  if (stored === undefined) {
    throw new UnknownStateError(
      'The secret holds no current key that could be tested.',
      'The first key is made while Terraform applies. Run `terraform apply`.',
    );
  }
  await prove(ports, settings, stored);
}

async function proveStoredKey(ports: RotationPorts, settings: Settings, token: string): Promise<string> {
  const stored = await readPutVersion(ports, settings.secretArn, token);
  if (stored === undefined) {
    throw new TryAgainError(
      `Version ${token} of the secret is still empty.`,
      'A key is tested only after createSecret has stored it. Nothing was changed; Secrets Manager repeats the rotation ' +
        'from createSecret.',
    );
  }
  return prove(ports, settings, stored);
}

async function prove(ports: RotationPorts, settings: Settings, stored: StoredValue): Promise<string> {
  const credentials = requireCredentials(stored, settings);
  await proveKey(ports, settings, credentials, { sleep: (duration) => ports.clock.sleep(duration) });
  return credentials.accessKeyId;
}

async function journalProof(work: KeyWork, token: string, keyId: string): Promise<void> {
  const { attempt } = journalOf(work);
  if (attempt?.token === token && attempt.keyId === keyId) {
    const provedAt = work.ports.clock.now();
    await work.leasedJournal.amend({ attempt: { ...attempt, provedAt } });
    work.ports.log.info('the new key is proved to work', { keyId });
    work.ports.metrics.record('SecondsUntilKeyWorked', (provedAt - attempt.announcedAt) / SECOND);
    return;
  }
  if (attempt?.token === token && attempt.keyId === undefined) {
    throw new TryAgainError(
      `Key ${keyId} works, and the journal does not know yet that this rotation made it.`,
      'Nothing was changed; Secrets Manager repeats the rotation from createSecret, which finds that out.',
    );
  }
  const { labels } = await describeSecret(work);
  if (labels.AWSCURRENT === token) return; // A parallel invocation has finished this rotation meanwhile.
  throw new RotationAbandonedError(
    `Key ${keyId} works, and while it was tested the journal went on to ${attempt?.token ?? 'no attempt'}.`,
    'Only the key that the journal announced may become current. The current key stays; the next rotation begins anew.',
  );
}
