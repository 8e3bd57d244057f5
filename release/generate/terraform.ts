import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { MADE_OF_TARGETS, withTargets } from './terraform-targets';

/*
 * Writes what the Terraform modules have of delivery targets, from the schemas.
 * With --check it writes nothing, and fails if a file is out of date.
 */

const MODULES = join(__dirname, '../terraform');

for (const file of Object.keys(MADE_OF_TARGETS)) {
  const path = join(MODULES, file);
  const text = readFileSync(path, 'utf8');
  const wanted = withTargets(file, text);
  if (wanted === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`release/terraform/${file} is out of date. Run: npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log(`release/terraform/${file} is written.`);
  }
}
