import { SECOND } from '../../../contract/instant';
import type { AccessKeyCredentials, RotationPorts, StoredValue } from '../model/ports';
import { UnknownStateError } from '../model/refusals';
import { decodeSecretValue } from '../model/secret-value';
import type { Settings } from '../../../contract/settings';
import { READ_LAG } from '../model/timing';

const READ_INTERVAL = 2 * SECOND;

type Ports = Pick<RotationPorts, 'secrets' | 'clock'>;

/** The value under a version that is known to have been put; waits for it to show. */
export async function readPutVersion(
  { secrets, clock }: Ports,
  secretArn: string,
  versionId: string,
): Promise<StoredValue | undefined> {
  const giveUpAt = clock.now() + READ_LAG;
  for (;;) {
    const stored = await secrets.read(secretArn, { versionId });
    if (stored !== undefined || clock.now() >= giveUpAt) return stored;
    await clock.sleep(READ_INTERVAL);
  }
}

/** @throws UnknownStateError if the value is no key pair; it is never quoted. */
export function requireCredentials(stored: StoredValue, settings: Settings): AccessKeyCredentials {
  const credentials = decodeSecretValue(stored.text);
  if (credentials !== undefined) return credentials;
  throw new UnknownStateError(
    `Version ${stored.versionId} of the secret holds no key pair: expected a JSON object with Version 1, AccessKeyId ` +
      'and SecretAccessKey.',
    'Values are written by the rotation only. Nothing was touched. A new rotation takes such a version out of the way, or, ' +
      'where AWSCURRENT is on it, names the version to go back to: ' +
      `aws secretsmanager rotate-secret --secret-id ${settings.secretArn}`,
  );
}
