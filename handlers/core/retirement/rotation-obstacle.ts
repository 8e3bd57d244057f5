import { functionName, functionNameIn, sharedFunctionName } from '../../../contract/names';
import type { Settings } from '../../../contract/settings';
import type { SecretDescription } from '../model/ports';

/**
 * Why Secrets Manager is not asked for a rotation, as an end of a sentence; undefined: it may be. A request switches rotation
 * on again where a person switched it off.
 */
export function rotationObstacle({
  deletedDate,
  rotationEnabled,
}: Pick<SecretDescription, 'deletedDate' | 'rotationEnabled'>): string | undefined {
  if (deletedDate !== undefined) return 'the secret is scheduled for deletion';
  if (rotationEnabled === false) return 'rotation of the secret is switched off';
  return undefined;
}

/**
 * Why Secrets Manager does not rotate the secret with this product's function, in sentences; undefined: it does.
 *
 * @param stack the stack's prefix
 */
export function whyDetached(
  {
    rotationEnabled,
    rotationFunctionArn,
  }: Pick<SecretDescription, 'rotationEnabled' | 'rotationFunctionArn'>,
  { stableKey }: Pick<Settings, 'stableKey'>,
  stack: string,
): string | undefined {
  if (rotationEnabled !== true) {
    return 'Rotation of the secret is switched off: its current key only becomes older. Run `terraform apply`, which switches it on.';
  }
  const ours = [functionName(stack, stableKey), sharedFunctionName(stack)];
  if (ours.includes(functionNameIn(rotationFunctionArn))) return undefined;
  return (
    `Secrets Manager rotates the secret with ${rotationFunctionArn ?? 'a function that it does not name'}, which is not this ` +
    `product's (${ours.join(' or ')}). Run \`terraform apply\`, which attaches that one again.`
  );
}
