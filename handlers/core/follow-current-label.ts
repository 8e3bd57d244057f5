import { journalOf, type AtWork } from './at-work';
import type { PreviousKey } from './journal';
import type { ServedKey } from './served-key';

/**
 * Makes the journal follow AWSCURRENT where somebody moved it, with no attempt open:
 *
 * - The served key is a previous one: a person, or a rollback that died half-way, moved the label back. The two
 *   keys swap, dated now. If we had deactivated that key, it is re-activated at once.
 * - It is the current key under another version (a person stored it again): the journal takes over the version.
 */
export async function followCurrentLabel(at: AtWork, served: ServedKey | undefined): Promise<void> {
  const { current, previous } = journalOf(at);
  if (served === undefined || served.versionId === current?.versionId) return;
  if (served.keyId === current?.keyId) {
    at.ports.log.warn('the current key was stored again under another version', { ...served });
    return at.ledger.amend({ current: { ...served, since: current.since } });
  }
  const returning = previous.find((key) => key.keyId === served.keyId);
  if (returning === undefined) {
    throw new Error(
      `Bug: served key ${served.keyId} is neither current nor previous, and no attempt is open.`,
    );
  }
  await reactivateIfOurs(at, returning);
  await swap(at, served);
}

async function reactivateIfOurs({ ports, ledger, settings }: AtWork, key: PreviousKey): Promise<void> {
  if (key.phase === 'overlap') return;
  const inOverlap: PreviousKey = {
    keyId: key.keyId,
    versionId: key.versionId,
    replacedAt: ports.clock.now(),
    phase: 'overlap',
  };
  // Journaled first: a key that is Active while the journal calls it deactivated was re-activated by a person.
  await ledger.amend({
    previous: journalOf({ ledger, settings }).previous.map((other) =>
      other.keyId === key.keyId ? inOverlap : other,
    ),
  });
  await ledger.act(() => ports.keys.activate(settings.userName, key.keyId));
}

async function swap(at: AtWork, served: ServedKey): Promise<void> {
  const { current, previous } = journalOf(at);
  const now = at.ports.clock.now();
  const rejected: PreviousKey[] =
    current === undefined
      ? []
      : [{ keyId: current.keyId, versionId: current.versionId, replacedAt: now, phase: 'overlap' }];
  await at.ledger.amend({
    current: { ...served, since: now },
    previous: [...rejected, ...previous.filter((key) => key.keyId !== served.keyId)],
  });
  at.ports.log.warn('AWSCURRENT was moved back to a previous key: the journal follows', {
    keyId: served.keyId,
    rejectedKeyId: current?.keyId,
  });
}
