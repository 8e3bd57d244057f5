import { journalOf, listKeys, type AtWork } from '../at-work';
import { underLease } from '../lease';
import type { PreviousKey } from '../journal';
import type { RotationPorts } from '../ports';
import { proveKey } from '../prove';
import { TryAgainError, UnknownStateError } from '../rotation-errors';
import { settle } from '../settle';
import type { Settings } from '../settings';
import { requireCredentials } from '../stored-key';
import { abandonRotation } from './abandon-rotation';

export interface RolledBack {
  readonly currentKeyId: string;
  /** Retired like any previous key from now on. */
  readonly rejectedKeyId: string;
}

/**
 * Returns to the previous key, in its overlap or its grace period: re-activates it if needed, proves that it works, and
 * moves AWSCURRENT back. Dying half-way is harmless: before the label moved the previous key is merely in its overlap
 * again, and after it whoever settles next makes the journal follow the label.
 *
 * @throws UnknownStateError if there is no previous key to return to.
 */
export function rollBack(ports: RotationPorts, settings: Settings): Promise<RolledBack> {
  return underLease(ports, settings.stableKey, async (ledger) => {
    const at: AtWork = { ports, settings, ledger };
    await abandonRotation(at);
    const { current, target } = await chooseTarget(at);
    await makeUsable(at, target);
    await ledger.act(() =>
      ports.secrets.moveLabel(settings.secretArn, 'AWSCURRENT', {
        from: current.versionId,
        to: target.versionId,
      }),
    );
    await abandonRotation(at); // The label has moved: settling makes the journal follow.
    const now = journalOf(at).current;
    if (now?.keyId !== target.keyId) {
      throw new TryAgainError(
        `Somebody moved AWSCURRENT again at the same time; current is ${now?.keyId ?? 'none'}.`,
        'Look at the secret, then decide anew.',
      );
    }
    return { currentKeyId: target.keyId, rejectedKeyId: current.keyId };
  });
}

type StoredPreviousKey = PreviousKey & { readonly versionId: string };

async function chooseTarget(
  at: AtWork,
): Promise<{ current: { keyId: string; versionId: string }; target: StoredPreviousKey }> {
  const { current, previous } = journalOf(at);
  const keys = await listKeys(at);
  const target = previous.find(
    (key): key is StoredPreviousKey => key.versionId !== undefined && keys.some(({ id }) => id === key.keyId),
  );
  if (current !== undefined && target !== undefined) return { current, target };
  throw new UnknownStateError(
    `The user has no previous key to return to; its keys are ${keys.map(({ id, status }) => `${id} (${status})`).join(', ')}.`,
    'A previous key is there during its overlap and its grace period. Start a rotation instead: ' +
      `aws secretsmanager rotate-secret --secret-id ${at.settings.secretArn}`,
  );
}

/** Active and proved, with the journal saying so before anything is done to it. */
async function makeUsable(at: AtWork, target: StoredPreviousKey): Promise<void> {
  const { ports, ledger, settings } = at;
  const inOverlap: PreviousKey = {
    keyId: target.keyId,
    versionId: target.versionId,
    replacedAt: ports.clock.now(),
    phase: 'overlap',
  };
  await ledger.amend({
    previous: journalOf(at).previous.map((key) => (key.keyId === target.keyId ? inOverlap : key)),
  });
  await ledger.act(() => ports.keys.activate(settings.userName, target.keyId));
  const stored = await ports.secrets.read(settings.secretArn, { versionId: target.versionId });
  if (stored === undefined) {
    throw new UnknownStateError(
      `Version ${target.versionId} with previous key ${target.keyId} is no longer in the secret.`,
      'Without its value the key cannot be served. The current key stays; the previous one is Active again and will be ' +
        'retired after another overlap.',
    );
  }
  const credentials = requireCredentials(stored, settings);
  await proveKey(ports, settings, credentials, { sleep: (duration) => ledger.sleep(duration) });
  await settle(at);
}
