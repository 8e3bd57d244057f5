import type { Settings } from '../../../contract/settings';
import type { AcknowledgementStore } from '../model/acknowledgements';
import type { RotationPorts } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import { requireBound } from '../key-moves/key-work';
import { emit, suffixOf } from '../telemetry/emit';

interface AcknowledgePorts extends Pick<RotationPorts, 'clock' | 'lifecycle' | 'metrics'> {
  readonly journals: Pick<RotationPorts['journals'], 'read'>;
  readonly acknowledgements: AcknowledgementStore;
}

/**
 * Writes down that the consumers of a user work with its current key. It counts for that key alone (R14): if another one
 * becomes current meanwhile, nothing follows from it.
 *
 * @param by who says it, for people
 * @returns `already`: it was said since the key became current
 * @throws UnknownStateError if the key is not the current one, or nothing waits for a word about the user
 */
export async function acknowledge(
  ports: AcknowledgePorts,
  settings: Settings,
  { keyId, by }: { readonly keyId: string; readonly by: string },
): Promise<'acknowledged' | 'already'> {
  const { acknowledgement, stableKey } = settings;
  if (acknowledgement === undefined || acknowledgement.by === 'use') {
    throw new UnknownStateError(
      acknowledgement === undefined
        ? `Nothing waits for a word about ${stableKey}: its configuration has no acknowledgement.`
        : `Nothing waits for a word about ${stableKey}: by its configuration a use of the key acknowledges it.`,
      'Nothing was changed. For words to count, set acknowledgement: { by: command } for the user, or by: either, and run `terraform apply`.',
    );
  }
  const { journal } = await ports.journals.read(stableKey);
  if (journal !== undefined) requireBound(journal, settings);
  if (journal?.current?.keyId !== keyId) {
    throw new UnknownStateError(
      `${keyId} is not the current key of ${stableKey}; that is ${journal?.current?.keyId ?? 'none'}.`,
      'A word counts for the key that it names. Nothing was changed: look which key the consumers have, and name that one once it is current.',
    );
  }
  const saidAt = (await ports.acknowledgements.read(stableKey)).get(keyId);
  if (saidAt !== undefined && saidAt >= journal.current.since) return 'already';
  await ports.acknowledgements.add(stableKey, { keyId, at: ports.clock.now(), by });
  emit({ ports, settings }, 'Key Acknowledged', { keyIdSuffix: suffixOf(keyId), by });
  return 'acknowledged';
}
