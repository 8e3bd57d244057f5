import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The version that the local AWS was built against; only used where moto has to be installed. */
export const MOTO_VERSION = '5.2.1';

/** A private virtual environment, so that nothing is installed for the user or the machine. */
const VENV = join(__dirname, '..', '..', '.cache', `moto-${MOTO_VERSION}`);
const VENV_MOTO = join(VENV, 'bin', 'moto_server');

const REMEDY = `install Python 3.10 or newer with venv and pip, or run: pip install 'moto[server]==${MOTO_VERSION}'`;

const succeeds = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The command that starts moto as it is on this machine now, or undefined if it has to be installed first. */
function findMoto(): readonly string[] | undefined {
  // A version manager's shim is on PATH even where the program behind it is missing: only running it tells.
  if (succeeds('moto_server', '--help')) return ['moto_server'];
  if (succeeds('python3', '-c', 'import moto.server')) return ['python3', '-m', 'moto.server'];
  if (existsSync(VENV_MOTO)) return [VENV_MOTO];
  return undefined;
}

/** Finds moto; where it is missing, installs it into a private virtual environment, or throws one sentence. */
export function requireMoto(): readonly string[] {
  const found = findMoto();
  if (found) return found;
  if (succeeds('python3', '--version')) {
    process.stderr.write(
      `moto ${MOTO_VERSION} is being installed into ${VENV}, once: that takes up to a minute.\n`,
    );
  }
  const install = [
    ['python3', '-m', 'venv', VENV],
    [join(VENV, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', `moto[server]==${MOTO_VERSION}`],
  ] as const;
  for (const [command, ...args] of install) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    const last = (error?.message ?? stderr).trim().split('\n').at(-1);
    const why = last === undefined || last === '' ? `${command} ended with status ${String(status)}` : last;
    throw new Error(`The local AWS needs moto, and it could not be installed (${why}): ${REMEDY}`);
  }
  return [VENV_MOTO];
}
