import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Runs a script of the simulation as a person would, and shows its summary. In a process of its own, because in Jest's
 * (each global name is looked up through its sandbox) the same histories take seven times as long.
 *
 * @returns all that it printed.
 * @throws with all that it printed, if it found something.
 */
export async function inOwnProcess(script: string, ...args: readonly string[]): Promise<string> {
  const command = ['--import', 'tsx', join(__dirname, script), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 64 * 2 ** 20 }).catch(
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(stdout + stderr, { cause: error });
    },
  );
  // Jest's console would put a stack trace beside it.
  process.stdout.write(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('simulation:'))
      .join('\n') + '\n',
  );
  return stdout;
}
