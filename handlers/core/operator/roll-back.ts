import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { followCurrentLabel, reactivate } from '../key-moves/follow-current-label';
import type { CurrentKey, PreviousKey } from '../model/journal';
import { underLease } from '../key-moves/lease';
import type { RotationPorts } from '../model/ports';
import { letCopiesSettle } from '../key-moves/pending-label';
import { proveKey } from '../key-moves/prove';
import { UnknownStateError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';
import { requireCredentials } from '../key-moves/stored-key';
import { abandonRotation } from './abandon-rotation';

export interface RolledBack {
  /** `leftAlready`: nothing was done, because the named key is a previous one. */
  readonly outcome: 'returned' | 'leftAlready';
  readonly currentKeyId: string;
  /** Retired like any previous key from now on. */
  readonly rejectedKeyId: string;
}

/**
 * Leaves the current key for the previous one, in its overlap or its grace period: re-activates it if needed, proves
 * that it works, and moves AWSCURRENT back. The key to leave is named, so that asking twice does not return to it.
 * A crash is harmless: before the label moved, the previous key is merely in its overlap again; after it, the next
 * `settle`, or this call made again, makes the journal follow the label.
 *
 * @throws UnknownStateError if the named key is not the current one, or there is no previous key to return to.
 */
export function rollBack(ports: RotationPorts, settings: Settings, leaveKeyId: string): Promise<RolledBack> {
  return underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    await abandonRotation(work);
    const { current, previous } = journalOf(work);
    if (current !== undefined && previous.some(({ keyId }) => keyId === leaveKeyId)) {
      return { outcome: 'leftAlready', currentKeyId: current.keyId, rejectedKeyId: leaveKeyId };
    }
    if (current?.keyId !== leaveKeyId) throw notCurrent(leaveKeyId, current);
    const target = await chooseTarget(work);
    await makeUsable(work, target);
    await moveBack(work, current, target);
    return { outcome: 'returned', currentKeyId: target.keyId, rejectedKeyId: current.keyId };
  });
}

/** AWSCURRENT leaves the current key for a previous one that was made usable. */
export async function moveBack(work: KeyWork, current: CurrentKey, target: StoredPreviousKey): Promise<void> {
  const { ports, leasedJournal, settings } = work;
  await letCopiesSettle(work, (await describeSecret(work)).copies);
  await leasedJournal.act(() =>
    ports.secrets.moveLabel(settings.secretArn, 'AWSCURRENT', {
      from: current.versionId,
      to: target.versionId,
    }),
  );
  // The label's move was acknowledged: what DescribeSecret says may lag behind it.
  await followCurrentLabel(work, { keyId: target.keyId, versionId: target.versionId });
}

export type StoredPreviousKey = PreviousKey & { readonly versionId: string };

async function chooseTarget(work: KeyWork): Promise<StoredPreviousKey> {
  const keys = await listKeys(work);
  const target = journalOf(work).previous.find(
    (key): key is StoredPreviousKey =>
      key.versionId !== undefined && key.leaked === undefined && keys.some(({ id }) => id === key.keyId),
  );
  if (target !== undefined) return target;
  throw new UnknownStateError(
    `The user has no previous key to return to; its keys are ${keys.map(({ id, status }) => `${id} (${status})`).join(', ')}.`,
    'A previous key is there during its overlap and its grace period, unless it leaked. Start a rotation instead: ' +
      `aws secretsmanager rotate-secret --secret-id ${work.settings.secretArn}`,
  );
}

/** The value is read before anything is changed; then the key is Active and proved. */
export async function makeUsable(work: KeyWork, target: StoredPreviousKey): Promise<void> {
  const { ports, leasedJournal, settings } = work;
  const stored = await ports.secrets.read(settings.secretArn, { versionId: target.versionId });
  const credentials = stored === undefined ? undefined : requireCredentials(stored, settings);
  if (credentials?.accessKeyId !== target.keyId) {
    throw new UnknownStateError(
      `Version ${target.versionId} of the secret ${stored === undefined ? 'is gone' : 'holds another key'}, so the value of ` +
        `previous key ${target.keyId} is not there.`,
      'Without its value the key cannot be served. Nothing was changed. Start a rotation instead: ' +
        `aws secretsmanager rotate-secret --secret-id ${settings.secretArn}`,
    );
  }
  if (!(await reactivate(work, target))) {
    throw new UnknownStateError(
      `Previous key ${target.keyId} is gone from IAM: somebody deleted it.`,
      `The current key stays. Start a rotation instead: aws secretsmanager rotate-secret --secret-id ${settings.secretArn}`,
    );
  }
  await proveKey(ports, settings, credentials, { sleep: (duration) => leasedJournal.sleep(duration) });
}

function notCurrent(leaveKeyId: string, current: CurrentKey | undefined): UnknownStateError {
  return new UnknownStateError(
    `${leaveKeyId} is not the current key; that is ${current?.keyId ?? 'none'}.`,
    'Name the key to leave, as the secret serves it now. Nothing was changed.',
  );
}
