import { describeSecret, journalOf, listKeys, type AtWork } from '../../../handlers/core/at-work';
import { deactivatePrevious } from '../../../handlers/core/deactivate-previous';
import { SECOND } from '../../../handlers/core/instant';
import type { PreviousKey } from '../../../handlers/core/journal';
import { underLease } from '../../../handlers/core/lease';
import type { RotationPorts } from '../../../handlers/core/ports';
import { settle } from '../../../handlers/core/settle';

/**
 * The second half of a key's life at its plainest, so that what the rotation journals has consequences: a key that
 * the journal dates too early, or forgets, is deactivated too early here, or never deleted.
 */
export async function plainSweep(ports: RotationPorts, stableKey: string): Promise<void> {
  const settings = await ports.settings.read(stableKey);
  if (settings === undefined) return;
  await underLease(ports, stableKey, async (ledger) => {
    const at: AtWork = { ports, settings, ledger };
    if (ledger.journal === undefined) return;
    await settle(at);
    if (journalOf(at).attempt !== undefined) return;
    for (const key of journalOf(at).previous) await retire(at, key);
  });
}

async function retire(at: AtWork, key: PreviousKey): Promise<void> {
  const { ports, settings, ledger } = at;
  const now = ports.clock.now();
  if (key.phase === 'overlap' && now >= key.replacedAt + settings.overlapSeconds * SECOND) {
    await deactivatePrevious(at, key);
    return;
  }
  const graceIsOver =
    key.phase === 'deactivated' &&
    key.deactivatedAt !== undefined &&
    now >= key.deactivatedAt + settings.gracePeriodSeconds * SECOND;
  if (!graceIsOver) return;
  const { labels } = await describeSecret(at);
  const { current } = journalOf(at);
  if (current === undefined || labels.AWSCURRENT !== current.versionId || key.keyId === current.keyId) return;
  const listed = (await listKeys(at)).find(({ id }) => id === key.keyId);
  if (listed?.status === 'Active') return;
  await ledger.act(() => ports.keys.delete(settings.userName, key.keyId));
  await ledger.amend({ previous: journalOf(at).previous.filter(({ keyId }) => keyId !== key.keyId) });
}
