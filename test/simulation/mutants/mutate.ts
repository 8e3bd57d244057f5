import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { compileFunction } from 'node:vm';

import { build, type Plugin } from 'esbuild';

import type { Mutant } from './mutants';
import type { Trial } from './trial';

const ROOT = resolve(__dirname, '../../..');
const CORE = join(ROOT, 'handlers', 'core');
const TRIAL = join(__dirname, 'trial.ts');

type Loader = (module: unknown, exports: unknown, require: NodeJS.Require) => void;

/** The simulation around a core with the mutant's edits, in memory: nothing on disk is touched. */
export async function trialOf(mutant: Mutant | undefined): Promise<Trial> {
  const { outputFiles } = await build({
    entryPoints: [TRIAL],
    bundle: true,
    write: false,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'cjs',
    target: 'node20',
    external: ['zod', 'fast-check', '@aws-sdk/*', '@smithy/*'],
    plugins: mutant === undefined ? [] : [edit(mutant)],
  });
  const module: { exports: { trial?: Trial } } = { exports: {} };
  // The bundle was made a line above, from our own sources.
  const load = compileFunction(outputFiles[0]!.text, ['module', 'exports', 'require']) as Loader;
  load(module, module.exports, createRequire(__filename));
  return module.exports.trial!;
}

function edit({ name, edits }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup(build) {
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
        build.onLoad({ filter }, () => ({ contents: text, loader: 'ts' }));
      }
    },
  };
}
