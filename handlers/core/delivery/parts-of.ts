import type { ValueField } from '../../../contract/delivery';
import type { SecretMaterial } from '../../../contract/secret-material';
import { parseObject } from './parse-object';
import { TargetRefusedError } from './target-refused-error';

/**
 * The parts of a key pair, as our own document has them.
 *
 * @returns a function of the part and of what asks for it, as messages call that. It throws TargetRefusedError if the document
 *   does not have the part
 */
export function partsOf(value: SecretMaterial): (field: ValueField, askedBy: string) => string {
  const own = parseObject(value.reveal()) ?? {};
  return (field, askedBy) => {
    const part = own[field];
    if (typeof part === 'string') return part;
    throw new TargetRefusedError(
      `The user's secret has no ${field}, which ${askedBy} asks for.`,
      'What the configuration adds to the value comes with the next rotation: rotate the user, or wait for it.',
    );
  };
}
