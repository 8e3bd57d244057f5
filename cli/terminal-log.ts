import type { Log } from '../handlers/core/model/ports';

/** What happens, one line each, on stderr: stdout is for results. */
export const terminalLog: Log = { info: print, warn: print, error: print };

function print(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  process.stderr.write(`${[message, ...details].join('  ')}\n`);
}
