import type { AtWork } from './at-work';
import type { Attempt } from './journal';
import { makeKey, undoingIfRefused } from './make-key';
import { completePromotion } from './promotion';
import { proveKey } from './prove';
import { TryAgainError, WrongUserError } from './rotation-errors';
import { encodeSecretValue } from './secret-value';

/**
 * Makes a key outside Secrets Manager's four steps, and makes it current at once: announce, create, prove in memory,
 * and only then store it, as AWSCURRENT. The token becomes the version's id, 32 to 64 characters.
 *
 * @returns the new key's id.
 */
export async function makeCurrentKey(
  at: AtWork,
  token: string,
  kind: Exclude<Attempt['kind'], 'rotation'>,
): Promise<string> {
  const { ports, settings, ledger } = at;
  const key = await makeKey(at, { token, kind });
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secretAccessKey };
  await undoingIfRefused(
    at,
    key.id,
    () => proveKey(ports, settings, credentials, { sleep: (duration) => ledger.sleep(duration) }),
    (error) => error instanceof TryAgainError || error instanceof WrongUserError,
  );
  await undoingIfRefused(at, key.id, () =>
    ledger.act(() =>
      ports.secrets.put(settings.secretArn, {
        versionId: token,
        text: encodeSecretValue(key, settings),
        label: 'AWSCURRENT',
        rotationToken: undefined,
      }),
    ),
  );
  await completePromotion(at, key.id, token);
  return key.id;
}
