import { journalOf, type KeyWork } from './key-work';
import type { SecretDescription } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import { decodeSecretValue } from '../model/secret-value';
import { wayBack } from './way-back';

/** The key that applications get: the one in the version that carries AWSCURRENT. */
export interface ServedKey {
  readonly keyId: string;
  readonly versionId: string;
}

/**
 * Finds the served key in the journal. It reads the value only of a version that the journal does not know, because
 * a person stored it. Undefined: no key of ours is served yet.
 *
 * @param replacesForeign - a first key is about to be made: with no current key and no attempt, it replaces whatever is
 *   served that is not ours, such as the key of a former user.
 * @throws UnknownStateError if it is none of the user's keys that the journal knows: no key may be touched while it
 * is not certain which one is in use (R8).
 */
export async function readServedKey(
  work: KeyWork,
  { labels }: SecretDescription,
  replacesForeign = false,
): Promise<ServedKey | undefined> {
  const journal = journalOf(work);
  const versionId = labels.AWSCURRENT;
  if (versionId === undefined) {
    if (journal.current === undefined) return undefined;
    throw new UnknownStateError(
      `No version of the secret carries AWSCURRENT, although the journal names ${journal.current.keyId} as current.`,
      'AWSCURRENT cannot be removed, so this is another secret or an answer that cannot be trusted. Nothing was ' +
        `touched. Look with: aws secretsmanager describe-secret --secret-id ${journal.secretArn}`,
    );
  }
  const { current, attempt, previous } = journal;
  const ours = [
    ...(current === undefined ? [] : [current]),
    ...(attempt?.keyId === undefined ? [] : [{ keyId: attempt.keyId, versionId: attempt.token }]),
    ...previous,
  ];
  const journaled = ours.find((key) => key.versionId === versionId);
  if (journaled !== undefined) return { keyId: journaled.keyId, versionId };

  // A first key replaces whatever was there before: the key of a former user, or a value that is not ours.
  if (attempt?.kind === 'firstKey' && attempt.currentVersionId === versionId) return undefined;

  const stored = await work.ports.secrets.read(work.settings.secretArn, { versionId });
  const keyId = stored === undefined ? undefined : decodeSecretValue(stored.text)?.accessKeyId;
  if (keyId !== undefined && ours.some((key) => key.keyId === keyId)) return { keyId, versionId };
  if (replacesForeign && current === undefined && attempt === undefined) return undefined;
  throw new UnknownStateError(
    `AWSCURRENT is on version ${versionId}, which the journal does not know, with ` +
      `${keyId === undefined ? 'a value that is no key pair' : `key ${keyId}, which it does not know either`}.`,
    'Only keys of this product are rotated, and none is touched while another one is served. ' +
      (await wayBack(work, versionId, stored)),
  );
}
