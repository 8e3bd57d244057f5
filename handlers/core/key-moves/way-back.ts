import { journalItemKey } from '../../../contract/table';
import type { StoredValue } from '../model/ports';
import { decodeSecretValue, wasStoredByUs } from '../model/secret-value';
import { journalOf, listKeys, replaceFirstKey, type KeyWork } from './key-work';

/**
 * What a person can do where AWSCURRENT is on a version that the journal does not know. The journal may be the part that is
 * wrong: a version is named only if IAM lists its key as Active, because a command that is followed makes it the served one.
 *
 * @param stored the value of that version; undefined where it has none.
 */
export async function wayBack(
  work: KeyWork,
  servedVersionId: string,
  stored: StoredValue | undefined,
): Promise<string> {
  const { settings } = work;
  const keys = await listKeys(work);
  const served = keys.find(({ id }) => stored !== undefined && id === keyIn(stored));
  if (stored !== undefined && served !== undefined && wasStoredByUs(stored.text, settings, served)) {
    return (
      `This product made key ${served.id} (${served.status}), so the journal is older than the secret: the table was restored, ` +
      `perhaps. Do not move AWSCURRENT. ${served.status === 'Active' ? '' : 'Activate the key first. '}Run ` +
      `${replaceFirstKey(settings)}: it takes over what the secret says.`
    );
  }
  const { current, previous, attempt } = journalOf(work);
  const ours = [...(current === undefined ? [] : [current]), ...previous].filter(
    (key): key is typeof key & { versionId: string } =>
      key.versionId !== undefined && key.leaked === undefined,
  );
  const statusOf = (keyId: string): string | undefined => keys.find(({ id }) => id === keyId)?.status;
  const move = (versionId: string): string =>
    `aws secretsmanager update-secret-version-stage --secret-id ${settings.secretArn} --version-stage AWSCURRENT ` +
    `--move-to-version-id ${versionId} --remove-from-version-id ${servedVersionId}`;
  const active = ours.find(({ keyId }) => statusOf(keyId) === 'Active');
  if (active !== undefined) {
    return `Move AWSCURRENT back to the version of key ${active.keyId}, which is Active: ${move(active.versionId)}`;
  }
  const inactive = ours.find(({ keyId }) => statusOf(keyId) === 'Inactive');
  if (inactive !== undefined) {
    return (
      `No key that the journal names is Active, so AWSCURRENT must not be moved to one yet. If key ${inactive.keyId} is to be ` +
      `served, activate it first: aws iam update-access-key --user-name ${settings.userName} --access-key-id ` +
      `${inactive.keyId} --status Active - and then: ${move(inactive.versionId)}`
    );
  }
  const named = [current?.keyId, attempt?.keyId, ...previous.map(({ keyId }) => keyId)];
  const forgotten = keys.filter(({ id }) => named.includes(id)).map(({ id, status }) => `${id} (${status})`);
  if (forgotten.length > 0) {
    return (
      `The journal names ${forgotten.join(', ')}, and no version to go back to. Look whether something uses ` +
      `${forgotten.length === 1 ? 'this key' : 'these keys'} (aws iam get-access-key-last-used), delete what nothing uses, and try again: ` +
      'a key that is left would be forgotten with the journal.'
    );
  }
  return (
    'IAM lists no key that the journal names, so there is no version to go back to. Delete the item ' +
    `${journalItemKey(settings.stableKey)} of the table, and run ${replaceFirstKey(settings)}: it makes a new key, which ` +
    'replaces the served value.'
  );
}

const keyIn = (stored: StoredValue): string | undefined => decodeSecretValue(stored.text)?.accessKeyId;
