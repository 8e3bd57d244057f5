import type { RotationPorts } from '../ports';
import { RemovalRefusedError } from '../rotation-errors';
import type { GuardRemovalEvent } from '../rotation-event';

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
    `Removing a user takes two applies. Put its entry back into rotation.yaml with \`decommission: true\` and apply; ` +
      'then delete the entry and apply again. (For a stack that is to be thrown away, apply `protection: off` first.) ' +
      'Nothing was destroyed.',
  );
}
