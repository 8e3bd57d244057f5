import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a line of the shell to its end. @throws Error if it ends with anything but 0 */
export async function runCommand(line: string): Promise<void> {
  const child = spawn(line, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code === 0) return;
  throw new Error(
    `The command after the change, \`${line}\`, ended with ${signal ?? `status ${String(code)}`}.`,
  );
}
