import { applyEdits, modify } from 'jsonc-parser';

import type { SecretTarget } from '../../../contract/delivery';
import { SecretMaterial } from '../../../contract/secret-material';
import { parseObject } from './parse-object';
import { partsOf } from './parts-of';
import { TargetRefusedError } from './target-refused-error';

/** What reads the text calls itself for each level, and cannot do so as often as it likes. */
const MOST_LEVELS = 200;

/**
 * The text of a secret with some fields set; every other byte of it stays as it is.
 *
 * @param text what the secret holds; undefined: nothing yet
 * @param value our own document: what the fields are made of
 * @throws TargetRefusedError if the secret holds no JSON object, has one of the fields twice, or our document has not what
 *   a field asks for
 */
export function mergeFields(
  text: SecretMaterial | undefined,
  { id, fields }: SecretTarget,
  value: SecretMaterial,
): SecretMaterial {
  const part = partsOf(value);
  let merged = text?.reveal() ?? '{}';
  const before = parseObject(merged);
  if (before === undefined || isDeeperThan(MOST_LEVELS, before)) {
    throw new TargetRefusedError(
      `The value of secret ${id} is not a JSON object of at most ${MOST_LEVELS} levels, so no field can be set in it.`,
      'It was left as it is. Store a JSON object there, such as {}, or take the target out of the configuration.',
    );
  }
  for (const [name, field] of Object.entries(fields)) {
    const wanted = part(field, `field ${name} of secret ${id}`);
    merged = applyEdits(merged, modify(merged, [name], wanted, {}));
    if (parseObject(merged)?.[name] !== wanted) {
      throw new TargetRefusedError(
        `The value of secret ${id} has the field ${name} more than once.`,
        'JSON does not say which one counts. It was left as it is: store it there with one field of that name.',
      );
    }
  }
  return new SecretMaterial(merged);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
