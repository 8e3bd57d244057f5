import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

const SOURCE = join(__dirname, '../../../modules/node-function/packed-code.ts');

it('an app that is bundled with the construct library is built, and says what to do where the functions’ code is not found', () => {
  // As in the package: alone, without what bundles the sources.
  const folder = mkdtempSync(join(tmpdir(), 'bundled-app-'));
  try {
    copyFileSync(SOURCE, join(folder, 'packed-code.ts'));
    const outfile = join(folder, 'app.cjs');
    buildSync({
      ...{ absWorkingDir: folder, entryPoints: ['packed-code.ts'], outfile, logLevel: 'silent' },
      ...{ bundle: true, platform: 'node', format: 'cjs' },
    });
    const { codeOf } = createRequire(__filename)(outfile) as { codeOf: (entryFile: string) => unknown };

    expect(() => codeOf(join(folder, 'rotate-access-key', 'index.ts'))).toThrow('--packages=external');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
