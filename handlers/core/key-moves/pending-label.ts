import { describeSecret, journalOf, type KeyWork } from './key-work';
import { CallRefusedError } from '../model/call-errors';
import type { SecretDescription } from '../model/ports';
import { AbandonedEarlierError } from '../model/refusals';
import { COPY_POLL, COPY_WAIT, READ_LAG } from '../model/timing';

/** @throws AbandonedEarlierError if the rotation with this token is no longer under way. */
export function requirePending({ arn, labels }: SecretDescription, token: string): void {
  if (labels.AWSPENDING === token) return;
  throw new AbandonedEarlierError(
    `Version ${token} does not carry AWSPENDING (it is on ${labels.AWSPENDING ?? 'no version'}): this rotation was abandoned.`,
    'Secrets Manager abandons a rotation when somebody stores another version or takes the label off. The current key ' +
      'stays; the next rotation brings a new token and cleans up after this one: ' +
      `aws secretsmanager rotate-secret --secret-id ${arn}`,
  );
}

/**
 * Takes AWSPENDING off a token that can never succeed; otherwise Secrets Manager would reattempt it for ever
 * instead of beginning anew. A label that is elsewhere by now is left there: Secrets Manager refuses the call then. It is not
 * asked first where the label is, because an answer of a moment ago would leave it on.
 */
export async function takePendingOff(
  { ports, settings, leasedJournal }: KeyWork,
  token: string,
): Promise<void> {
  try {
    await leasedJournal.act(() => ports.secrets.removeLabel(settings.secretArn, 'AWSPENDING', token));
  } catch (error) {
    const isElsewhere =
      error instanceof CallRefusedError && ['conflict', 'invalid', 'notFound'].includes(error.kind);
    if (!isElsewhere) throw error;
    ports.log.info('AWSPENDING was off the version already', { reason: error.message });
  }
}

/**
 * Ends a rotation that comes to nothing through no will of a person: it is journaled as wanted, so that the sweep requests
 * another one as soon as that can make a key (R5). Before AWSPENDING goes: after a crash in between, all of this is done again.
 *
 * @param reason why, as `wanted` says it
 */
export async function askForAnother(work: KeyWork, token: string, reason: string): Promise<void> {
  const wanted = journalOf(work).wanted ?? { since: work.ports.clock.now(), reason };
  await work.leasedJournal.amend({ wanted });
  await takePendingOff(work, token);
}

/**
 * Takes AWSPENDING off the version that has just become current, unless the secret has copies. Two moves of labels, one
 * soon after the other, can leave a copy behind for ever (F 1.33), and Secrets Manager takes the rotation for complete
 * with the label there, too (F 1.10). The next rotation takes it along; `freeCurrentOfPending` is for all others who move
 * AWSCURRENT away.
 *
 * @param description what DescribeSecret has said under the lease: a later answer may be older, and without the label
 */
export async function tidyPending(
  work: KeyWork,
  token: string,
  { labels, copies }: SecretDescription,
): Promise<void> {
  if (copies.length === 0 && labels.AWSPENDING === token) await takePendingOff(work, token);
}

/**
 * Call this before AWSCURRENT leaves a version by other means than a rotation. An AWSPENDING that stayed behind alone would
 * be a rotation to Secrets Manager that is not complete.
 */
export async function freeCurrentOfPending(
  work: KeyWork,
  { labels, copies }: SecretDescription,
): Promise<void> {
  const token = labels.AWSPENDING;
  if (token === undefined || token !== labels.AWSCURRENT) return;
  await letCopiesSettle(work, copies);
  await takePendingOff(work, token);
  await letCopiesFollow(work, copies);
}

/** Waits before a move of a label, if somebody else moved one a moment ago. */
export async function letCopiesSettle(work: KeyWork, copies: SecretDescription['copies']): Promise<void> {
  if (copies.some(({ status }) => status === 'InProgress')) await letCopiesFollow(work, copies);
}

/** Waits after a move of a label, before the next one: two of them too soon can leave a copy behind (F 1.33). */
export async function letCopiesFollow(work: KeyWork, before: SecretDescription['copies']): Promise<void> {
  if (before.length === 0) return;
  const giveUpAt = work.ports.clock.now() + COPY_WAIT;
  // The first answers may still be of the time before the move.
  await work.leasedJournal.sleep(READ_LAG);
  while ((await isOnItsWay(work)) && work.ports.clock.now() < giveUpAt) {
    await work.leasedJournal.sleep(COPY_POLL);
  }
}

const isOnItsWay = async (work: KeyWork): Promise<boolean> =>
  (await describeSecret(work)).copies.some(({ status }) => status === 'InProgress');
