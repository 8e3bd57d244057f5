import { CallRefusedError } from '../model/call-errors';
import type { RotationPorts } from '../model/ports';
import { RemovalRefusedError } from '../model/refusals';
import { decodeSecretValue } from '../model/secret-value';
import type { GuardRemovalEvent } from '../../../contract/function-events';

type GuardPorts = Pick<RotationPorts, 'keys' | 'log' | 'probe' | 'secrets' | 'settings'>;

/**
 * Terraform calls this before it destroys anything of a user. It fails unless an earlier apply announced the removal, or
 * there is nothing left to lose; then Terraform destroys nothing. A user or a secret that is destroyed cannot be brought
 * back with its keys.
 */
export async function guardRemoval(
  ports: GuardPorts,
  stableKey: string,
  event: GuardRemovalEvent,
): Promise<void> {
  const { log } = ports;
  if (event.tf.action !== 'delete' || event.Announced) {
    log.info('allowed: nothing is removed, or the removal was announced', {
      action: event.tf.action,
      announced: event.Announced,
    });
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
  throw new RemovalRefusedError(
    `Terraform is about to remove rotated user ${stableKey} and its secret, and this was not announced.`,
    'Removing a user takes two applies. Put it back with the announcement (rotation.yaml: `decommission: true`; a module ' +
      'call: `decommission = true`; the construct: `removalAnnounced: true`) and apply; then take it out and apply again. ' +
      '(For what is to be thrown away, apply `protection: off` first; in the module `base`, `protection = false`.) ' +
      'Nothing was destroyed.',
    { cause },
  );
}

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
