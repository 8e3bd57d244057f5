import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import type { Milliseconds } from '../../../contract/instant';
import type { AccessKeyCredentials, CallerIdentity, RotationPorts } from '../model/ports';
import { TryAgainError, WrongUserError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';
import { PROOFS_IN_A_ROW, PROOF_INTERVAL, PROOF_WAIT } from '../model/timing';

export interface ProofOptions {
  /** How the pauses are made; under a lease, so that it is not lost meanwhile. */
  readonly sleep: (duration: Milliseconds) => Promise<void>;
}

/**
 * Proves that a key works: GetCallerIdentity answers PROOFS_IN_A_ROW times in a row as the expected user in the
 * expected account. A new key comes and goes for some seconds, so refusals are waited out, up to PROOF_WAIT.
 *
 * @throws WrongUserError as soon as the key turns out to be somebody else's.
 * @throws TryAgainError if it did not work for PROOF_WAIT.
 */
export async function proveKey(
  { probe, clock, log }: Pick<RotationPorts, 'probe' | 'clock' | 'log'>,
  settings: Settings,
  credentials: AccessKeyCredentials,
  { sleep }: ProofOptions,
): Promise<void> {
  const keyId = credentials.accessKeyId;
  const start = clock.now();
  let inARow = 0;
  let last: unknown;
  for (let attempt = 1; clock.now() - start <= PROOF_WAIT; attempt += 1) {
    try {
      requireExpectedUser(settings, keyId, await probe.callerIdentity(credentials));
      inARow += 1;
      log.info('the key answered as the expected user', { keyId, attempt, inARow });
      if (inARow === PROOFS_IN_A_ROW) return;
    } catch (error) {
      if (!(error instanceof CallRefusedError || error instanceof CallUnansweredError)) throw error;
      inARow = 0;
      last = error;
      log.info('the key does not work yet', { keyId, attempt, reason: error.message });
    }
    await sleep(PROOF_INTERVAL);
  }
  throw new TryAgainError(
    `Key ${keyId} did not work ${PROOFS_IN_A_ROW} times in a row within ${PROOF_WAIT / 1000} s` +
      `${last instanceof Error ? `; the last refusal was: ${last.message.replace(/\.$/, '')}` : ''}.`,
    'A key becomes current only after it was proved to work, so the current key stays. Try again; if it goes on, look ' +
      `whether somebody deactivated it: aws iam list-access-keys --user-name ${settings.userName}`,
    { cause: last },
  );
}

/** The unique id decides: it stays the same when IAM renames the user, and differs when the name is used again. */
function requireExpectedUser(settings: Settings, keyId: string, identity: CallerIdentity): void {
  if (identity.accountId === settings.accountId && identity.userId === settings.userId) return;
  throw new WrongUserError(
    keyId,
    `Key ${keyId} works as ${identity.arn} (user id ${identity.userId}), not as user ${settings.userName} ` +
      `(user id ${settings.userId}) of account ${settings.accountId}.`,
    'Only keys of the rotated user are served and made current, so nothing was changed. Find out who put this key into ' +
      'the secret, or whether the user was deleted and made again: aws secretsmanager describe-secret --secret-id ' +
      `${settings.secretArn}. If AWSCURRENT is on the version with this key, move it back only to a version whose key is ` +
      `Active: aws iam list-access-keys --user-name ${settings.userName}`,
  );
}
