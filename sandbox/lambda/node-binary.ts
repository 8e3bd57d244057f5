import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const RUNTIME = join(__dirname, 'runtime');

/** By the name of Lambda's runtime: `npm:<package>@<version of Node.js>`. */
const { dependencies: PACKAGES } = JSON.parse(readFileSync(join(RUNTIME, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** The runtimes of Lambda that functions can have here, by Lambda's names. */
export const RUNTIMES: readonly string[] = Object.keys(PACKAGES);

/** Of macOS, Windows and ARM there are no packages. */
export const HAS_PACKAGES = process.platform === 'linux' && process.arch === 'x64';

/**
 * The path of the Node.js that a runtime of Lambda has, which is installed at its first use, on Linux on x64. Elsewhere
 * our own.
 *
 * @throws Error where the runtime is not one of `RUNTIMES`, or its Node.js cannot be installed
 */
export function nodeOf(runtime: string): string {
  if (!RUNTIMES.includes(runtime)) throw new Error(noSuchRuntime(runtime));
  if (!HAS_PACKAGES) return process.execPath;
  const binary = join(folderOf(runtime), 'bin', 'node');
  if (!existsSync(binary)) install();
  return binary;
}

export const noSuchRuntime = (runtime: string): string =>
  `The local AWS has no Node.js for the runtime ${runtime}. It has ${RUNTIMES.join(' and ')}.`;

/** Named by its version, so that another version is another folder. */
const folderOf = (runtime: string): string =>
  join(RUNTIME, 'node_modules', `node-${String(PACKAGES[runtime]?.split('@').at(-1))}`);

/** Into a folder of its own, from which each version takes its place in one step: several processes may come here at a time. */
function install(): void {
  const workplace = join(RUNTIME, 'node_modules.installing', String(process.pid));
  try {
    mkdirSync(workplace, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(RUNTIME, file), join(workplace, file));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: workplace,
      stdio: 'pipe',
    });
    mkdirSync(join(RUNTIME, 'node_modules'), { recursive: true });
    for (const runtime of RUNTIMES)
      moveUnlessThere(join(workplace, 'node_modules', runtime), folderOf(runtime));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(`The Node.js that functions run on (${RUNTIME}) cannot be installed: ${reason}`, {
      cause: error,
    });
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}

function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(to)) throw error;
  }
}
