import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { unlessMissing } from '../error-code';

const STACKS = join('cdktf.out', 'stacks');

/** The folder of the only synthesized stack. @throws Error where there is none, or where a person has to choose */
export function onlyStackFolder(): string {
  const names = unlessMissing(() => readdirSync(STACKS)) ?? [];
  const [only, ...others] = names;
  if (only === undefined) {
    throw new Error(
      `There is no synthesized stack in ${STACKS}. Synthesize first (npm run synth), or name the folder of a stack. One that is made with the Terraform modules has none: terraform show -json | npx iam-key-rotation doctor --state -`,
    );
  }
  if (others.length > 0) {
    throw new Error(
      `There are several stacks: name the folder of one, such as ${join(STACKS, only)}. They are: ${names.join(', ')}.`,
    );
  }
  return join(STACKS, only);
}
