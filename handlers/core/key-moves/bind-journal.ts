import { describeSecret, listKeys, type KeyWork } from './key-work';
import { CallRefusedError } from '../model/call-errors';
import type { Attempt, CurrentKey, Journal, PreviousKey } from '../model/journal';
import type { SecretDescription } from '../model/ports';
import { TryAgainError } from '../model/refusals';
import { decodeSecretValue } from '../model/secret-value';
import { LISTING_LAG } from '../model/timing';
import { eventOf, suffixOf } from '../telemetry/emit';
import { letCopiesFollow, takePendingOff } from './pending-label';
import { replacedNow } from './promotion';
import { settle } from './settle';

/**
 * Makes sure that the journal is about this user and this secret. It begins one where none exists; one of another
 * user or secret it writes to the log, and begins a new one. It carries over the keys of ours that IAM still lists under
 * the user's name, to be retired, and an open attempt, to be settled: a key of ours that IAM still lists is never forgotten.
 * Keys of a user that was renamed are out of reach: people are told which they are.
 *
 * @throws TryAgainError if the settings have changed since they were read, which was before the lease was waited for.
 * @throws SecretOfAnotherUserError
 */
export async function bindJournal(work: KeyWork): Promise<void> {
  const { ports, settings, leasedJournal } = work;
  const { userId, secretArn } = settings;
  const former = leasedJournal.journal;
  if (former?.userId === userId && former.secretArn === secretArn) return;
  if (former === undefined) return leasedJournal.write({ userId, secretArn, previous: [] });
  await requireFresh(work);
  const { labels, copies } = await describeSecret(work);
  ports.log.warn('the journal was about another user or secret, so a new one is begun', { former });
  const attempt = attemptToSettle(work, former, labels);
  const listed = new Set((await listKeys(work)).map(({ id }) => id));
  const previous = keysToRetire(work, former, attempt, listed);
  // Whoever it was made for, its rotation is over. Before the journal is another one: after a crash in between, all of this
  // is done again.
  if (attempt !== undefined) {
    await takePendingOff(work, attempt.token);
    // A first key, which follows, moves AWSCURRENT.
    await letCopiesFollow(work, copies);
  }
  const settled = attempt !== undefined && isUnderName(work, attempt, listed) ? [attempt] : [];
  const left = await leftBehind(work, former, [...previous, ...settled]);
  // Told first, because the new journal forgets them: after a crash in between they are told once more.
  if (left.length > 0) await tellLeftBehind(work, former, left);
  await leasedJournal.write({ userId, secretArn, previous, attempt });
  if (attempt === undefined) return;
  await settle(work, { pendingRemovedFrom: attempt.token, replacesForeign: true });
}

/** A journal of a newer apply is not undone by an older one. */
async function requireFresh({ ports, settings }: KeyWork): Promise<void> {
  const fresh = await ports.settings.read(settings.stableKey);
  if (fresh?.userId === settings.userId && fresh.secretArn === settings.secretArn) return;
  throw new TryAgainError(
    `The settings of ${settings.stableKey} name another user or secret than a moment ago.`,
    'Another apply is ahead of this one. Nothing was changed; run `terraform apply` again.',
  );
}

/**
 * The open attempt, unless its key may have been current. It goes on as one of a first key, which replaces whatever is
 * there: AWSCURRENT may be on a key of the former user.
 */
function attemptToSettle(
  work: KeyWork,
  former: Journal,
  labels: SecretDescription['labels'],
): Attempt | undefined {
  const { attempt } = former;
  if (attempt === undefined || attempt.promotionAnnouncedAt !== undefined) return undefined;
  if (attempt.keyId !== undefined && former.secretArn !== work.settings.secretArn) return undefined;
  if ([labels.AWSCURRENT, labels.AWSPREVIOUS].includes(attempt.token)) return undefined;
  return {
    ...attempt,
    kind: 'firstKey',
    currentVersionId: labels.AWSCURRENT,
    previousVersionId: labels.AWSPREVIOUS,
  };
}

/** Whether settling reaches the attempt's key. The listing may not show a new key yet. */
const isUnderName = (
  { ports }: KeyWork,
  { keyId, announcedAt }: Attempt,
  listed: ReadonlySet<string>,
): boolean => keyId !== undefined && (listed.has(keyId) || ports.clock.now() - announcedAt <= LISTING_LAG);

function keysToRetire(
  { settings, ports }: KeyWork,
  former: Journal,
  carried: Attempt | undefined,
  listed: ReadonlySet<string>,
): PreviousKey[] {
  const now = ports.clock.now();
  const isSameUser = former.userId === settings.userId;
  const { current, attempt, previous } = former;
  const formerlyCurrent = [
    ...(current === undefined ? [] : [current]),
    ...(attempt?.keyId === undefined || carried !== undefined
      ? []
      : [{ keyId: attempt.keyId, versionId: attempt.token, since: attempt.announcedAt }]),
  ];
  const youngest = new Set(
    formerlyCurrent.filter(({ since }) => now - since <= LISTING_LAG).map(({ keyId }) => keyId),
  );
  const keys = [...formerlyCurrent.map((key) => replacedNow(key, now)), ...previous].filter(
    // The listing may not show a new key yet.
    ({ keyId }) => listed.has(keyId) || (isSameUser && youngest.has(keyId)),
  );
  if (former.secretArn === settings.secretArn) return keys;
  // Their versions belong to the other secret.
  return keys.map((key) => ({ ...key, versionId: undefined }));
}

/**
 * The ids of the former user's keys that nobody looks after any more. None, where that user is gone, and they with it: AWS
 * does not know its current key, or, with another secret now, the removal of user and secret was announced.
 */
async function leftBehind(
  work: KeyWork,
  { userId, current, attempt, previous, secretArn }: Journal,
  carried: readonly { readonly keyId?: string | undefined }[],
): Promise<readonly string[]> {
  if (userId === work.settings.userId) return [];
  const made = [current, attempt, ...previous].flatMap((key) => key?.keyId ?? []);
  const left = made.filter((keyId) => carried.every((key) => key.keyId !== keyId));
  if (left.length === 0) return [];
  if (secretArn === work.settings.secretArn) {
    return current !== undefined && (await isDead(work, current)) ? [] : left;
  }
  const { removalOf } = await work.ports.journals.read(work.settings.stableKey);
  return removalOf === secretArn ? [] : left;
}

/** Whether AWS does not know the former current key any more. A key that cannot be tried is taken for alive. */
async function isDead({ ports, settings }: KeyWork, { versionId }: CurrentKey): Promise<boolean> {
  const stored = await ports.secrets.read(settings.secretArn, { versionId });
  const credentials = stored === undefined ? undefined : decodeSecretValue(stored.text);
  if (credentials === undefined) return false;
  try {
    await ports.probe.callerIdentity(credentials);
    return false;
  } catch (error) {
    if (error instanceof CallRefusedError) return error.kind === 'unknownKey';
    throw error;
  }
}

async function tellLeftBehind(
  { ports, settings }: KeyWork,
  { userId }: Journal,
  keyIds: readonly string[],
): Promise<void> {
  const event = eventOf(settings, ports.clock.now(), 'Keys Left Behind', {
    formerUserId: userId,
    keyIdSuffixes: keyIds.map(suffixOf),
    reason:
      `User ${settings.userName} is another one than before. Keys of the former one, whose id is ${userId}, are left behind: ` +
      `${keyIds.map((keyId) => `...${suffixOf(keyId)}`).join(', ')}.`,
  });
  await ports.lifecycle.send([event]);
}
