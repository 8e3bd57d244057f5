import { createHash } from 'node:crypto';

import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { bindJournal } from '../key-moves/bind-journal';
import { CallRefusedError } from '../model/call-errors';
import { SECOND } from '../../../contract/instant';
import { underLease } from '../key-moves/lease';
import { makeCurrentKey } from '../key-moves/make-current-key';
import { freeCurrentOfPending } from '../key-moves/pending-label';
import type { RotationPorts, SecretDescription, StoredValue } from '../model/ports';
import { proveKey } from '../key-moves/prove';
import {
  SecretOfAnotherUserError,
  TryAgainError,
  UnknownStateError,
  WrongUserError,
} from '../model/refusals';
import type { FirstKeyEvent } from '../../../contract/function-events';
import { decodeSecretValue, wasStoredByUs } from '../model/secret-value';
import { settle } from '../key-moves/settle';
import type { Settings } from '../../../contract/settings';
import { takeOverServed } from '../key-moves/take-over-served';
import { slotsBusy, slotsInUse } from '../key-moves/slots';
import { LISTING_LAG, POLICY_WAIT, READ_LAG } from '../model/timing';

/** What ends up in Terraform's state: it names the key and nothing secret (R7). */
export interface FirstKeyResult {
  readonly accessKeyId: string;
}

/**
 * Gives a user that has no working key in its secret one. Terraform invokes it during `apply`, once per IAM user, and
 * repeats the call if the connection breaks, so several may run at a time: the lease makes them run one after the
 * other, and the second one finds it done. The new key is proved before it is stored, because Secrets Manager labels
 * the first version of a secret AWSCURRENT whatever was asked.
 */
export async function firstKey(
  ports: RotationPorts,
  readSettings: () => Promise<Settings>,
  event: FirstKeyEvent,
): Promise<FirstKeyResult> {
  return waitingForTerraform(ports, async () => {
    const settings = await readSettings();
    requireSameUser(settings, event);
    return underLease(ports, settings.stableKey, async (leasedJournal) => {
      const work: KeyWork = { ports, settings, leasedJournal };
      await bindJournal(work);
      const working = (await findWorkingKey(work)) ?? (await findAfterSettling(work));
      return { accessKeyId: working ?? (await makeFirstKey(work)) };
    });
  });
}

/**
 * What Terraform did seconds ago may have no effect yet, so this waits and tries again: a role's policy, after AccessDenied,
 * and the secret's tag, where the user was made anew.
 */
async function waitingForTerraform<Result>(
  { clock, log }: Pick<RotationPorts, 'clock' | 'log'>,
  act: () => Promise<Result>,
): Promise<Result> {
  const giveUpAt = clock.now() + POLICY_WAIT;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!mayPass(error) || clock.now() >= giveUpAt) throw error;
      log.info('what Terraform did a moment ago has no effect yet', { reason: error.message });
      await clock.sleep(5 * SECOND);
    }
  }
}

const mayPass = (error: unknown): error is Error =>
  error instanceof SecretOfAnotherUserError ||
  (error instanceof CallRefusedError && (error.kind === 'accessDenied' || error.kind === 'kms'));

function requireSameUser(settings: Settings, event: FirstKeyEvent): void {
  if (settings.userId === event.UserId) return;
  throw new UnknownStateError(
    `Terraform asks for the first key of IAM user id ${event.UserId}; the settings say ${settings.userId}.`,
    'Both come from the same apply, so one of them is out of date. Nothing was changed; run `terraform apply` again.',
  );
}

/** The key in AWSCURRENT, if it is listed, Active, this user's, and works now; the journal then names it as current. */
async function findWorkingKey(work: KeyWork): Promise<string | undefined> {
  const { ports, settings, leasedJournal } = work;
  const stored = await readServedValue(work);
  const credentials = stored === undefined ? undefined : decodeSecretValue(stored.text);
  if (stored === undefined || credentials === undefined) return undefined;
  const keyId = credentials.accessKeyId;
  const listed = (await listKeys(work)).find(({ id }) => id === keyId);
  const { current, attempt, previous } = journalOf(work);
  // The listing may not show it yet; the proof needs no listing.
  const isNew = current?.keyId === keyId && ports.clock.now() - current.since < LISTING_LAG;
  if (listed?.status !== 'Active' && !isNew) return undefined;
  const isJournaled = [current, attempt, ...previous].some((key) => key?.keyId === keyId);
  const isOurs = isJournaled || (listed !== undefined && wasStoredByUs(stored.text, settings, listed));
  if (!isOurs) return undefined;
  try {
    await proveKey(ports, settings, credentials, { sleep: (duration) => leasedJournal.sleep(duration) });
  } catch (error) {
    if (error instanceof WrongUserError || hasWrongSecret(error)) return undefined;
    throw error;
  }
  // The journal was lost, is older than the secret, or is about a new secret of the same user.
  if (!isJournaled || (current === undefined && attempt?.keyId !== keyId)) {
    await takeOverServed(work, { keyId, versionId: stored.versionId });
  }
  await settle(work);
  ports.log.info('the secret holds a key that works already', { keyId });
  return keyId;
}

/** The value that is served. What the journal calls current since a moment ago is waited for, because answers lag. */
async function readServedValue(work: KeyWork): Promise<StoredValue | undefined> {
  const { ports, settings, leasedJournal } = work;
  for (;;) {
    const stored = await ports.secrets.read(settings.secretArn, { label: 'AWSCURRENT' });
    const { current } = journalOf(work);
    if (current === undefined || stored?.versionId === current.versionId) return stored;
    const lag = current.since + READ_LAG - ports.clock.now();
    if (lag <= 0) return stored;
    await leasedJournal.sleep(Math.min(lag, 2 * SECOND));
  }
}

/** The key of an earlier try that was stored, and did not show until that try was settled. */
async function findAfterSettling(work: KeyWork): Promise<string | undefined> {
  const { current, attempt } = journalOf(work);
  if (current === undefined && attempt === undefined) return undefined;
  await settle(work, { replacesForeign: true });
  return journalOf(work).current?.keyId === current?.keyId ? undefined : findWorkingKey(work);
}

async function makeFirstKey(work: KeyWork): Promise<string> {
  const { settings } = work;
  if (journalOf(work).attempt !== undefined) {
    throw new TryAgainError(
      'A rotation of this user is under way.',
      'No first key is made while it runs. Try again when it has ended.',
    );
  }
  const keys = await slotsInUse(work);
  if (keys !== undefined)
    throw slotsBusy(work, keys, {
      now: 'The first key needs one; apply again when a slot is free.',
      then: 'then run `terraform apply` again',
    });
  const description = await describeSecret(work);
  await freeCurrentOfPending(work, description);
  const token = firstKeyToken(settings.userId, description.labels);

  return makeCurrentKey(work, token, 'firstKey');
}

/** STS knows the key and not this secret access key: what is stored can never work. */
const hasWrongSecret = (error: unknown): boolean =>
  error instanceof TryAgainError &&
  error.cause instanceof CallRefusedError &&
  error.cause.kind === 'wrongSecret';

/**
 * The same for the same user and the same versions to be replaced, so that of several tries only one can be stored.
 * 32 to 64 characters, as Secrets Manager demands.
 */
function firstKeyToken(userId: string, { AWSCURRENT, AWSPREVIOUS }: SecretDescription['labels']): string {
  const replaced = [userId, AWSCURRENT ?? null, AWSPREVIOUS ?? null];
  const digest = createHash('sha256').update(JSON.stringify(replaced));
  return `first-key-${digest.digest('hex').slice(0, 32)}`;
}
