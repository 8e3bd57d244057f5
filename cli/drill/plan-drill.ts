import { targetName } from '../../contract/delivery';
import type { Settings } from '../../contract/settings';
import { ACCESS_KEYS_PER_USER } from '../../handlers/core/model/access-key';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import type { Stack } from '../stack';

/** What a drill is going to do. */
export interface DrillPlan {
  readonly settings: Settings;
  /** The current key. */
  readonly leakedKeyId: string;
  /** The names of the user's delivery targets. */
  readonly targets: readonly string[];
  /** In sentences, one a line. */
  readonly steps: readonly string[];
}

/**
 * Reads, and changes nothing.
 *
 * @throws Error where a leak of the current key could not be answered now; with what to do
 */
export async function planDrill(
  { ports }: Pick<Stack, 'ports'>,
  { stableKey: user, settings, journal }: TableEntry,
): Promise<DrillPlan> {
  const unable = (why: string): Error => new Error(`${user}: ${why} Nothing was changed.`);
  if (settings instanceof Error) throw settings;
  if (journal instanceof Error) throw journal;
  const current = journal?.current;
  if (journal === undefined || current === undefined)
    throw unable('It has no current key yet, so none can leak: see `status`, and apply.');
  if (current.leaked !== undefined)
    throw unable(
      `Its current key ${current.keyId} is marked as leaked already: replace it with \`emergency\` first.`,
    );
  const keys = await ports.keys.list(settings.userName);
  const other = keys.find(({ id }) => id !== current.keyId);
  const isFree =
    other === undefined || keys.length < ACCESS_KEYS_PER_USER || other.id === journal.attempt?.keyId;
  const previous = journal.previous.find(({ keyId }) => keyId === other?.id);
  if (!isFree && previous === undefined)
    throw unable(
      `Its other slot holds ${other.id}, which this product did not make and never removes, so the current key could not be replaced. Delete that key, or take it over (takeOver).`,
    );
  if (!isFree && previous?.phase === 'overlap' && other.status === 'Inactive')
    throw unable(
      `Its other slot holds ${other.id}, which a person made Inactive, so it is not served again and does not give way. Make it Active, or delete it.`,
    );
  const targets = (settings.deliver ?? []).map(targetName);
  return {
    ...{ settings, targets, leakedKeyId: current.keyId },
    steps: [
      `The current key ${current.keyId} of IAM user ${settings.userName} is treated as leaked: as soon as another key is current, it is made Inactive, and after its grace period deleted.`,
      isFree
        ? 'A new key is made, proved and current.'
        : `The other slot holds ${other.id}, a former key: where it works, and did not leak, it is current again and a new key follows later; otherwise it is deleted for a new key.`,
      ...(journal.attempt === undefined ? [] : ['A rotation is under way, and is abandoned.']),
      ...(targets.length === 0 ? [] : [`The new key is delivered to ${targets.join(', ')}.`]),
      'People get the messages of a leak. Their subjects begin with "Drill:".',
    ],
  };
}
