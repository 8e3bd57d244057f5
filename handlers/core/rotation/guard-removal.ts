import type { RotationPorts } from '../model/ports';
import { RemovalRefusedError } from '../model/refusals';
import type { GuardRemovalEvent } from '../../../contract/function-events';

/**
 * Terraform calls this before it destroys anything of a user. Unless the removal was announced by an apply before,
 * it fails, and nothing is destroyed: neither the user nor the secret could be brought back with their keys.
 */
export function guardRemoval(
  { log }: Pick<RotationPorts, 'log'>,
  stableKey: string,
  event: GuardRemovalEvent,
): void {
  if (event.tf.action !== 'delete' || event.Announced) {
    log.info('nothing stands against it', { action: event.tf.action, announced: event.Announced });
    return;
  }
  throw new RemovalRefusedError(
    `Terraform is about to remove rotated user ${stableKey} and its secret, and this was not announced.`,
    'Removing a user takes two applies. Put it back with the announcement (rotation.yaml: `decommission: true`; a module ' +
      'call: `decommission = true`; the construct: `removalAnnounced: true`) and apply; then take it out and apply again. ' +
      '(For what is to be thrown away, apply `protection: off` first; in the module `base`, `protection = false`.) ' +
      'Nothing was destroyed.',
  );
}
