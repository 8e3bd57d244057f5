import { CallRefusedError } from '../model/call-errors';
import type { RotationPorts } from '../model/ports';
import { RemovalRefusedError } from '../model/refusals';
import { decodeSecretValue } from '../model/secret-value';
import type { GuardRemovalEvent } from '../../../contract/function-events';

type GuardPorts = Pick<RotationPorts, 'journals' | 'keys' | 'log' | 'probe' | 'secrets' | 'settings'>;

/**
 * Terraform calls this before it destroys anything of a user. It fails unless an earlier apply announced the removal, or
 * there is nothing left to lose; then Terraform destroys nothing. A user or a secret that is destroyed cannot be brought
 * back with its keys.
 *
 * What an apply announces is written down here, because Terraform remembers also an announcement that failed.
 */
export async function guardRemoval(
  ports: GuardPorts,
  stableKey: string,
  event: GuardRemovalEvent,
): Promise<void> {
  const { log } = ports;
  const { Announced, tf } = event;
  if (tf.action !== 'delete') return noteAnnouncement(ports, stableKey, event);
  if (Announced === true || (Announced === 'onRecord' && (await isOnRecord(ports, stableKey, event)))) {
    log.info('allowed: the removal was announced', { announced: Announced });
    return;
  }
  let cause: unknown;
  try {
    if (await isGone(ports, stableKey, event.SecretId)) {
      log.info('allowed: IAM has no such user any more, and the key in its secret does not work');
      return;
    }
  } catch (error) {
    log.warn('whether the user is still there is not known, so the guard takes it for there', { error });
    cause = error;
  }
  if (Announced === 'onRecord') throw neverHeardOf(stableKey, cause);
  throw new RemovalRefusedError(
    `Terraform is about to remove rotated user ${stableKey} and its secret, and this was not announced.`,
    'Removing a user takes two applies. Put it back with the announcement (rotation.yaml: `decommission: true`; a module ' +
      'call: `decommission = true`; the construct: `removalAnnounced: true`) and apply; then take it out and apply again. ' +
      '(For what is to be thrown away, apply `protection: off` first; in the module `base`, `protection = false`.) ' +
      'Nothing was destroyed.',
    { cause },
  );
}

async function noteAnnouncement(
  { journals, log }: GuardPorts,
  stableKey: string,
  { Announced, SecretId }: GuardRemovalEvent,
): Promise<void> {
  const announced = Announced === 'onRecord' ? SecretId : undefined;
  const { removalOf } = await journals.read(stableKey);
  if (removalOf !== announced) await journals.announceRemoval(stableKey, announced);
  log.info('allowed: nothing is removed', { announced: Announced });
}

/** A record of another secret is of an earlier user with this stable key. */
async function isOnRecord(
  { journals }: GuardPorts,
  stableKey: string,
  { SecretId }: GuardRemovalEvent,
): Promise<boolean> {
  return (await journals.read(stableKey)).removalOf === SecretId;
}

const neverHeardOf = (stableKey: string, cause: unknown): RemovalRefusedError =>
  new RemovalRefusedError(
    `Terraform is about to remove rotated user ${stableKey} and its secret. The apply that announced this failed: this ` +
      'function never heard of it.',
    'Put the user back without the announcement and apply. Then announce it and apply; when that apply has succeeded, take it ' +
      'out and apply again. Nothing was destroyed.',
    { cause },
  );

/**
 * Somebody deleted the user, who was not ours to keep. IAM also answers so for a user that was renamed, whose keys work
 * on: then the key in the secret does.
 */
async function isGone(
  { keys, secrets, probe, settings: settingsStore }: GuardPorts,
  stableKey: string,
  secretArn: string,
): Promise<boolean> {
  const settings = await settingsStore.read(stableKey);
  if (settings?.secretArn !== secretArn) return false;
  if (!(await isRefused('userNotFound', () => keys.list(settings.userName)))) return false;
  const stored = await secrets.read(secretArn, { label: 'AWSCURRENT' });
  if (stored === undefined) return true;
  const credentials = decodeSecretValue(stored.text);
  return (
    credentials !== undefined && (await isRefused('unknownKey', () => probe.callerIdentity(credentials)))
  );
}

async function isRefused(kind: CallRefusedError['kind'], call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === kind) return true;
    throw error;
  }
}
