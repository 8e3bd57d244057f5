import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { MUTANTS } from '../../simulation/mutants/mutants';

const CORE = join(__dirname, '../../../handlers/core');

/** The simulation turns each off and has to notice it, which takes minutes: a line that was changed is found here at once. */
test.each(MUTANTS.flatMap(({ name, edits }) => edits.map((edit) => [name, edit] as const)))(
  'the line of a safeguard is there once: %s',
  (_name, { file, replace }) => {
    expect(readFileSync(join(CORE, file), 'utf8').split(replace)).toHaveLength(2);
  },
);
