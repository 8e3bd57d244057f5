import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import type { StackConfiguration } from '../../modules/config/configuration';
import { loadConfiguration } from '../../modules/config/load-configuration';
import { throwAwayConfiguration } from './throw-away-configuration';

const PROJECT = join(__dirname, '..', '..');

/** A project folder under the machine's temporary folder: the example, with its `cdktf.out` and its state. */
export interface ThrowAwayProject {
  readonly directory: string;
  /** The example's first stack. */
  readonly stack: StackConfiguration;
  /** Where Terraform runs. */
  readonly stackDirectory: string;
  /** Synthesizes as `npx cdktf synth` does. Returns what it warned of. */
  synthesize(signal?: AbortSignal): Promise<string>;
  /** Happens when the process ends, too. */
  remove(): void;
}

/** @throws ConfigurationError if the project's `rotation.yaml` is refused. */
export function makeThrowAwayProject(): ThrowAwayProject {
  const example = join(PROJECT, 'rotation.yaml');
  loadConfiguration(example);

  const directory = mkdtempSync(join(tmpdir(), 'iam-key-rotation-demo-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  const file = join(directory, 'rotation.yaml');
  writeFileSync(file, throwAwayConfiguration(readFileSync(example, 'utf8')));

  const stack = loadConfiguration(file).stacks[0];
  if (stack === undefined) throw new Error(`${example} has no stack.`);
  return {
    directory,
    stack,
    stackDirectory: join(directory, 'cdktf.out', 'stacks', stack.name),
    synthesize: (signal) => runMain(directory, file, signal),
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

async function runMain(directory: string, file: string, signal: AbortSignal | undefined): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CDKTF_|ROTATION_|SYNTH_)/.test(name));
  const loader = pathToFileURL(require.resolve('tsx')).href;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=DEP0044', '--import', loader, join(PROJECT, 'main.ts'), file],
    { cwd: directory, env: Object.fromEntries(inherited), ...(signal === undefined ? {} : { signal }) },
  );
  return stderr;
}
