import { MINUTE } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { LastUse } from '../model/access-key';
import {
  NO_ACKNOWLEDGEMENTS,
  type AcknowledgementReader,
  type Acknowledgements,
} from '../model/acknowledgements';
import type { Journal } from '../model/journal';

/** IAM rounds a moment of use by so much, so a use that it reports may have been as much earlier (F 2.10). */
const GRANULARITY = 15 * MINUTE;

export const isByWord = ({ acknowledgement }: Pick<Settings, 'acknowledgement'>): boolean =>
  acknowledgement?.by === 'command' || acknowledgement?.by === 'either';

export const isByUse = ({ acknowledgement }: Pick<Settings, 'acknowledgement'>): boolean =>
  acknowledgement?.by === 'use' || acknowledgement?.by === 'either';

/** Whether a key waits in its overlap for a word or a use. One that leaked does not. */
export const mayWaitForWord = ({ previous }: Journal): boolean =>
  previous.some(({ phase, leaked }) => phase === 'overlap' && leaked === undefined);

/** What was said of the user's keys; nothing, without a call, where it changes nothing. */
export const readAcknowledgements = async (
  { acknowledgements }: { readonly acknowledgements: AcknowledgementReader },
  settings: Settings,
  journal: Journal,
): Promise<Acknowledgements> =>
  isByWord(settings) && mayWaitForWord(journal)
    ? acknowledgements.read(settings.stableKey)
    : NO_ACKNOWLEDGEMENTS;

interface WhatIsKnown {
  readonly settings: Pick<Settings, 'acknowledgement'>;
  readonly journal: Pick<Journal, 'current'>;
  readonly acknowledgements: Acknowledgements;
  readonly lastUses: ReadonlyMap<string, LastUse | undefined>;
}

/**
 * Whether the consumers are known to work with the current key (R14): by a word about this very key, or by a use of it, since
 * it became current. What was said before it was current the last time is old: some may have moved on to another key meanwhile. A use of STS tells nothing, because this product's own proofs and Secrets Manager's tests are such.
 */
export function isAcknowledged({
  settings,
  journal: { current },
  acknowledgements,
  lastUses,
}: WhatIsKnown): boolean {
  if (settings.acknowledgement === undefined || current === undefined) return true;
  const saidAt = isByWord(settings) ? acknowledgements.get(current.keyId) : undefined;
  if (saidAt !== undefined && saidAt >= current.since) return true;
  const use = isByUse(settings) ? lastUses.get(current.keyId) : undefined;
  return use !== undefined && use.service !== 'sts' && use.at > current.since + GRANULARITY;
}
