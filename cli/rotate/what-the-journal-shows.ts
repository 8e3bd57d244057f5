import type { Journal } from '../../handlers/core/model/journal';
import { suffixOf } from '../../handlers/core/telemetry/emit';

/** How far the rotation with one token is. */
export interface RotationProgress {
  /** In sentences, in their order; each is longer than the one before while the rotation goes on. */
  readonly steps: readonly string[];
  readonly keyId: string | undefined;
  /** `mayBeDeferred`: a rotation was wanted before already; AWSPENDING tells whether this one was given up for it, too. */
  readonly state: 'underWay' | 'isCurrent' | 'isDeferred' | 'mayBeDeferred';
  /** Why it is deferred. */
  readonly why: string | undefined;
}

const NOT_BEGUN: RotationProgress = { steps: [], keyId: undefined, state: 'underWay', why: undefined };

/**
 * What the user's journal shows of a rotation.
 *
 * @param token the version id of the rotation
 * @param before the journal as it was when the rotation was asked for
 */
export function whatTheJournalShows(
  journal: Journal | undefined,
  { token, before }: { readonly token: string; readonly before: Journal | undefined },
): RotationProgress {
  if (journal === undefined) return NOT_BEGUN;
  const { attempt, current, previous, wanted } = journal;
  const key = current?.versionId === token ? current : previous.find(({ versionId }) => versionId === token);
  if (key !== undefined) {
    const { keyId } = key;
    const steps = [BEGUN, made(keyId), proved(keyId), `key …${suffixOf(keyId)} is current`];
    return { steps, keyId, state: 'isCurrent', why: undefined };
  }
  if (attempt?.token === token) {
    const { keyId, provedAt } = attempt;
    const steps = [
      BEGUN,
      ...(keyId === undefined ? [] : [made(keyId)]),
      ...(keyId === undefined || provedAt === undefined ? [] : [proved(keyId)]),
    ];
    return { steps, keyId, state: 'underWay', why: undefined };
  }
  if (attempt === undefined && wanted !== undefined) {
    const isNew = before?.wanted?.since !== wanted.since;
    return { ...NOT_BEGUN, state: isNew ? 'isDeferred' : 'mayBeDeferred', why: wanted.reason };
  }
  return NOT_BEGUN;
}

const BEGUN = 'the rotation function has begun';
const made = (keyId: string): string => `key …${suffixOf(keyId)} was made and stored`;
const proved = (keyId: string): string => `key …${suffixOf(keyId)} was proved to work`;
