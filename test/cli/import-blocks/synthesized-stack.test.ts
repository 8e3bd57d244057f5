import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSynthesizedStack, STACK_FILE } from '../../../cli/import-blocks/synthesized-stack';

it.each(['', 'password = "hidden"', '{"a": "hidden'])(
  'a stack file that is not JSON is refused by its name, and not quoted: %j',
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'stack-'));
    try {
      writeFileSync(join(folder, STACK_FILE), text);
      expect(() => readSynthesizedStack(folder)).toThrow(
        new Error(`${join(folder, STACK_FILE)} is not JSON. \`npm run synth\` writes it again.`),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
