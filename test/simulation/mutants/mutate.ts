import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { compileFunction } from 'node:vm';

import type { Plugin } from 'esbuild';

import { bundleOf, ROOT } from '../bundle';
import type { Mutant } from './mutants';
import type { Trial } from './trial';

const CORE = join(ROOT, 'handlers', 'core');
const TRIAL = join(__dirname, 'trial.ts');

type Loader = (module: unknown, exports: unknown, require: NodeJS.Require) => void;

/** The simulation around a core with the mutant's edits, in memory: nothing on disk is touched. */
export async function trialOf(mutant: Mutant | undefined): Promise<Trial> {
  const source = await bundleOf(TRIAL, mutant === undefined ? [] : [edit(mutant)]);
  const module: { exports: { trial?: Trial } } = { exports: {} };
  // The bundle was made a line above, from our own sources.
  const load = compileFunction(source, ['module', 'exports', 'require']) as Loader;
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
