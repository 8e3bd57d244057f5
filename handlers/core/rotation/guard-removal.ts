import type { RotationPorts } from '../model/ports';
import { RemovalRefusedError } from '../model/refusals';
import type { GuardRemovalEvent } from '../../../contract/function-events';

/**
 * Terraform calls this before it destroys anything of a user. It fails unless an earlier apply announced the removal;
 * then Terraform destroys nothing. A user or a secret that is destroyed cannot be brought back with its keys.
 */
export function guardRemoval(
  { log }: Pick<RotationPorts, 'log'>,
  stableKey: string,
  event: GuardRemovalEvent,
): void {
  if (event.tf.action !== 'delete' || event.Announced) {
    log.info('allowed: nothing is removed, or the removal was announced', {
      action: event.tf.action,
      announced: event.Announced,
    });
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
