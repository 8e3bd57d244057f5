import type { AccessKey } from '../model/access-key';
import { describeSecret, journalOf, listKeys, type KeyWork } from './key-work';
import { finishPhases } from './deactivate-previous';
import { CallRefusedError } from '../model/call-errors';
import { followCurrentLabel } from './follow-current-label';
import { SECOND, type Milliseconds } from '../../../contract/instant';
import type { Attempt } from '../model/journal';
import type { SecretDescription, StoredValue } from '../model/ports';
import { completePromotion, treatAsPrevious } from './promotion';
import { UnknownStateError } from '../model/refusals';
import { decodeSecretValue, wasStoredByUs } from '../model/secret-value';
import { readServedKey, type ServedKey } from './served-key';
import { suffixOf, emit } from '../telemetry/emit';
import { CLOCK_SKEW, LISTING_LAG, READ_LAG } from '../model/timing';

/** What the caller knows about a token, and DescribeSecret may not show. */
export interface SettleOptions {
  /** The rotation that the caller is a step of. Its attempt is under way unless no value is stored yet. */
  readonly ownRotation?: {
    readonly token: string;
    /** Whether the secret holds a value under the token; reads it anew each time. */
    isValueStored(): Promise<boolean>;
  };
  /** The token that the caller has just taken AWSPENDING off: its attempt is over, even if the label still shows. */
  readonly pendingRemovedFrom?: string;
  /** The caller is about to make a first key, see `readServedKey`. */
  readonly replacesForeign?: boolean;
  /** What DescribeSecret has said a moment ago, under the lease. It is asked again where an attempt is open, and after each wait. */
  readonly seen?: SecretDescription;
}

/**
 * Completes or undoes what an earlier attempt began, before anything new is announced. For an open attempt:
 *
 * 0. Its key is not known, and a value of ours is stored under its token: the value says which key it is.
 * 1. Its key is served: the label moved, and the journal does not know it yet. Complete the promotion.
 * 2. Its version is AWSPENDING: the attempt is still under way. Leave it, unless it is our own token and no
 *    value is stored under it: then its process died between CreateAccessKey and PutSecretValue.
 * 3. Its version is AWSPREVIOUS, or it had been announced for promotion and AWSCURRENT has moved since: it was
 *    current, or may have been, so it is no stillborn key. Retire it like any previous key.
 * 4. Otherwise its key never became current: delete it, and close the attempt.
 *
 * With no attempt in the way, the journal then follows AWSCURRENT where a person moved it, and a deactivation or
 * re-activation that a crash interrupted is completed.
 *
 * An attempt stays open also where only its stored value can say which key it made, and the caller may not read it.
 *
 * @returns the keys that were deleted, which IAM's listing may still show.
 * @throws UnknownStateError where more than one explanation is possible; nothing is touched then (R8).
 */
export async function settle(work: KeyWork, options: SettleOptions = {}): Promise<readonly string[]> {
  const reaped: string[] = [];
  let { seen } = options;
  for (;;) {
    const attempt = journalOf(work).attempt;
    const learned = attempt === undefined ? 'nothing' : await learnKeyFromValue(work, attempt);
    if (learned === 'learned') continue;
    const description = (attempt === undefined ? seen : undefined) ?? (await describeSecret(work));
    seen = undefined;
    if (attempt !== undefined && (await isUnderWay(attempt, description, options))) {
      work.ports.log.info('an attempt is under way: it is not touched', { attemptToken: attempt.token });
      return reaped;
    }
    const lag = timeUntilLabelShows(work, description);
    if (lag > 0) {
      await work.leasedJournal.sleep(lag);
      continue;
    }
    const served = await readServedKey(work, description, options.replacesForeign);
    if (attempt === undefined) {
      await followCurrentLabel(work, served);
      await finishPhases(work);
      return reaped;
    }
    const { wait, reapedKeyId, isLeft } = await settleAttempt(work, attempt, description, served, learned);
    if (isLeft === true) return reaped;
    if (wait > 0) await work.leasedJournal.sleep(wait);
    if (reapedKeyId !== undefined) reaped.push(reapedKeyId);
    // Whatever was read before the wait may have changed, so everything is read again.
  }
}

/**
 * The journal may not know which key an attempt made, although its value is stored: an answer was believed that AWS did not
 * give, or a person corrected the journal by hand. The key was then used by our own proof, so it is no orphan.
 *
 * @returns `denied` to the retirement function, which reads no values.
 */
async function learnKeyFromValue(work: KeyWork, attempt: Attempt): Promise<'learned' | 'nothing' | 'denied'> {
  if (attempt.keyId !== undefined) return 'nothing';
  const { ports, settings, leasedJournal } = work;
  let stored: StoredValue | undefined;
  try {
    stored = await ports.secrets.read(settings.secretArn, { versionId: attempt.token });
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === 'accessDenied') return 'denied';
    throw error;
  }
  if (stored === undefined) return 'nothing';
  const { text } = stored;
  const key = (await unknownKeys(work, attempt)).find((unknown) => wasStoredByUs(text, settings, unknown));
  if (key === undefined) return 'nothing';
  ports.log.warn('the journal did not know which key this attempt made: its stored value says so', {
    keyId: key.id,
    attemptToken: attempt.token,
  });
  await leasedJournal.amend({ attempt: { ...attempt, keyId: key.id } });
  return 'learned';
}

async function isUnderWay(
  attempt: Attempt,
  { labels }: SecretDescription,
  { ownRotation, pendingRemovedFrom }: SettleOptions,
): Promise<boolean> {
  if (labels.AWSCURRENT === attempt.token || labels.AWSPENDING !== attempt.token) return false;
  if (pendingRemovedFrom === attempt.token) return false;
  const diedBeforePut = ownRotation?.token === attempt.token && !(await ownRotation.isValueStored());
  return !diedBeforePut;
}

/** `wait`: how long the attempt has to be waited for before it can be closed; 0: it is closed, or left. */
interface Settled {
  readonly wait: Milliseconds;
  readonly reapedKeyId?: string;
  /** It stays open for somebody who may read the secret's values. */
  readonly isLeft?: boolean;
}

async function settleAttempt(
  work: KeyWork,
  attempt: Attempt,
  { labels }: SecretDescription,
  served: ServedKey | undefined,
  learned: 'nothing' | 'denied',
): Promise<Settled> {
  if (served !== undefined && served.keyId === attempt.keyId) {
    work.ports.log.info('an earlier attempt had moved AWSCURRENT: it is completed now', {
      attemptToken: attempt.token,
    });
    await completePromotion(work, attempt.keyId, served.versionId);
    return { wait: 0 };
  }
  if (attempt.keyId !== undefined && (await mayHaveBeenCurrent(work, attempt, { labels }))) {
    await treatAsPrevious(work, attempt.keyId, attempt.token);
    return { wait: 0 };
  }
  const wait = timeUntilCertain(work, attempt);
  if (wait > 0) return { wait };
  const keyId = attempt.keyId ?? (await findOrphan(work, attempt, labels.AWSCURRENT));
  if (keyId === undefined && learned === 'denied' && (await unknownKeys(work, attempt)).length > 0) {
    work.ports.log.warn(
      'an attempt stays open, because only its stored value says whether a key is its own',
      {
        attemptToken: attempt.token,
      },
    );
    return { wait: 0, isLeft: true };
  }
  if (keyId !== undefined) {
    work.ports.log.info('a key that never became current is deleted', {
      keyId,
      attemptToken: attempt.token,
      orphaned: attempt.keyId === undefined,
    });
    await work.leasedJournal.act(() => work.ports.keys.delete(work.settings.userName, keyId));
  }
  await work.leasedJournal.amend({ attempt: undefined });
  if (keyId !== undefined) {
    const reason = 'its rotation was abandoned, and it never became current';
    emit(work, 'Key Reaped', { keyIdSuffix: suffixOf(keyId), reason });
  }
  return { wait: 0, reapedKeyId: keyId };
}

/**
 * How long until a label that this product moved a moment ago shows everywhere: an answer that contradicts the journal
 * before that is an old one, and no person's doing.
 */
function timeUntilLabelShows(work: KeyWork, { labels }: SecretDescription): Milliseconds {
  const { current, attempt } = journalOf(work);
  const { AWSCURRENT } = labels;
  if (current === undefined || AWSCURRENT === current.versionId) return 0;
  if (AWSCURRENT !== undefined && AWSCURRENT === attempt?.token) return 0;
  return current.since + READ_LAG - work.ports.clock.now();
}

async function mayHaveBeenCurrent(
  work: KeyWork,
  attempt: Attempt,
  { labels }: Pick<SecretDescription, 'labels'>,
): Promise<boolean> {
  const { AWSCURRENT, AWSPREVIOUS } = labels;
  if (AWSPREVIOUS === attempt.token) return true;
  if (attempt.promotionAnnouncedAt !== undefined && AWSCURRENT !== attempt.currentVersionId) return true;
  if (AWSPREVIOUS === undefined || AWSPREVIOUS === attempt.previousVersionId) return false;
  try {
    return await holdsKey(work, AWSPREVIOUS, attempt.keyId);
  } catch (error) {
    // The retirement function reads no values: to it the key may have been current, so it is retired in two steps.
    if (error instanceof CallRefusedError && error.kind === 'accessDenied') return true;
    throw error;
  }
}

/** A version that the journal does not know was stored by a person: it may hold a copy of our key. */
async function holdsKey(work: KeyWork, versionId: string, keyId: string | undefined): Promise<boolean> {
  const { current, previous } = journalOf(work);
  if ([current, ...previous].some((key) => key?.versionId === versionId)) return false;
  const stored = await work.ports.secrets.read(work.settings.secretArn, { versionId });
  return stored !== undefined && decodeSecretValue(stored.text)?.accessKeyId === keyId;
}

/**
 * How long until the attempt's last call is certainly done or never to be done, and IAM's listing and Secrets
 * Manager's answers have caught up with it.
 */
function timeUntilCertain(work: KeyWork, attempt: Attempt): Milliseconds {
  const lag = attempt.keyId === undefined ? LISTING_LAG : READ_LAG;
  return attempt.until + CLOCK_SKEW + lag - work.ports.clock.now();
}

/**
 * The key that an attempt made and could not journal: not there before, created within the attempt's time, and
 * never used and not served, because no program ever had its secret.
 */
async function findOrphan(
  work: KeyWork,
  attempt: Attempt,
  servedVersionId: string | undefined,
): Promise<string | undefined> {
  const candidates: AccessKey[] = [];
  for (const key of await unknownKeys(work, attempt)) {
    if (servedVersionId !== undefined && (await holdsKey(work, servedVersionId, key.id))) continue;
    if ((await work.ports.keys.lastUsed(key.id)) === undefined) candidates.push(key);
  }
  if (candidates.length <= 1) return candidates[0]?.id;
  throw new UnknownStateError(
    `Keys ${candidates.map(({ id }) => id).join(' and ')} both appeared while this product was making one key ` +
      'that it could not record.',
    'It cannot know which of them is its own, so it changes neither. Delete the one that no person made: ' +
      `aws iam delete-access-key --user-name ${work.settings.userName} --access-key-id <key>`,
  );
}

/** The keys that were not there before the attempt, were created within its time, and are not known from elsewhere. */
async function unknownKeys(work: KeyWork, attempt: Attempt): Promise<readonly AccessKey[]> {
  const { current, previous } = journalOf(work);
  const known = new Set([...attempt.keysBefore, current?.keyId, ...previous.map(({ keyId }) => keyId)]);
  return (await listKeys(work)).filter((key) => !known.has(key.id) && wasCreatedDuring(attempt, key));
}

function wasCreatedDuring(attempt: Attempt, key: AccessKey): boolean {
  // IAM gives whole seconds, so the second in which the attempt began counts as a whole.
  const from = Math.floor((attempt.announcedAt - CLOCK_SKEW) / SECOND) * SECOND;
  return key.createdAt >= from && key.createdAt <= attempt.until + CLOCK_SKEW;
}
