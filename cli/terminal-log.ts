import type { Log } from '../handlers/core/model/ports';
import { visible } from '../contract/visible';
import { tell } from './print';

/** What happens, one line each, on stderr: stdout is for results. */
export const terminalLog: Log = { info: line, warn: line, error: line };

function line(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  tell(visible([message, ...details].join('  ')));
}
