import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';

import { build, type Plugin } from 'esbuild';

import type { Mutant } from './mutants';
import type { Trial } from './trial';

const ROOT = resolve(__dirname, '../../..');
const CORE = join(ROOT, 'handlers', 'core');
const TRIAL = join(__dirname, 'trial.ts');

/** The simulation around a core with the mutant's edits, in memory: nothing on disk is touched. */
export async function trialOf(mutant: Mutant | undefined): Promise<Trial> {
  const { outputFiles } = await build({
    entryPoints: [TRIAL],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['zod', 'fast-check'],
    plugins: mutant === undefined ? [] : [edit(mutant)],
  });
  const module = { exports: {} as { trial?: Trial } };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the bundle was made a line above, from our own sources
  const run = new Function('module', 'exports', 'require', outputFiles[0]!.text);
  run(module, module.exports, createRequire(__filename));
  return module.exports.trial!;
}

function edit({ name, edits }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup({ onLoad }) {
      for (const file of new Set(edits.map((change) => change.file))) {
        const path = join(CORE, file);
        const text = edits
          .filter((change) => change.file === file)
          .reduce(
            (source, change) => {
              const found = source.split(change.replace).length - 1;
              if (found !== 1) {
                throw new Error(
                  `Mutant "${name}" replaces a text that ${relative(ROOT, path)} holds ${found} times, not once:\n${change.replace}`,
                );
              }
              return source.replace(change.replace, () => change.by);
            },
            readFileSync(path, 'utf8'),
          );
        const filter = new RegExp(`^${path.replaceAll(/[.\\/]/g, '\\$&')}$`);
        onLoad({ filter }, () => ({ contents: text, loader: 'ts' }));
      }
    },
  };
}
