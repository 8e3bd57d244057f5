import { journalOf, type KeyWork } from './key-work';
import type { Attempt } from '../model/journal';
import { makeKey, undoingIfRefused } from './make-key';
import { completePromotion } from './promotion';
import { proveKey } from './prove';
import { TryAgainError, WrongUserError } from '../model/refusals';
import { encodeSecretValue } from '../model/secret-value';
import { LEASE } from '../model/timing';

/**
 * Makes a key outside Secrets Manager's four steps, and makes it current at once: announce, create, prove in memory,
 * and only then store it, as AWSCURRENT. The token becomes the version's id, 32 to 64 characters.
 *
 * @returns the new key's id.
 */
export async function makeCurrentKey(
  work: KeyWork,
  token: string,
  kind: Exclude<Attempt['kind'], 'rotation'>,
): Promise<string> {
  const { ports, settings, leasedJournal } = work;
  const key = await makeKey(work, { token, kind });
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secretAccessKey };
  await undoingIfRefused(
    work,
    key.id,
    () => proveKey(ports, settings, credentials, { sleep: (duration) => leasedJournal.sleep(duration) }),
    (error) => error instanceof TryAgainError || error instanceof WrongUserError,
  );
  await announceServing(work);
  await undoingIfRefused(work, key.id, () =>
    leasedJournal.actForAttempt(() =>
      ports.secrets.put(settings.secretArn, {
        versionId: token,
        text: encodeSecretValue(key, settings),
        label: 'AWSCURRENT',
        rotationToken: undefined,
      }),
    ),
  );
  await completePromotion(work, key.id, token);
  return key.id;
}

/** From here on the key may be served: a process that settles this attempt waits until that shows. */
async function announceServing(work: KeyWork): Promise<void> {
  const { attempt } = journalOf(work);
  if (attempt === undefined) throw new Error('Bug: a key is to be served whose attempt is not open.');
  const now = work.ports.clock.now();
  await work.leasedJournal.amend({
    attempt: { ...attempt, provedAt: now, promotionAnnouncedAt: now, until: now + LEASE },
  });
}
