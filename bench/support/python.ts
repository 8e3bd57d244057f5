import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

import { requireMoto } from '../../sandbox/moto/command';

/** A Python that has boto3. */
export interface PythonWithBoto3 {
  readonly command: string;
  readonly version: string;
  readonly boto3Version: string;
}

const VERSIONS = 'import boto3, platform; print(platform.python_version(), boto3.__version__)';

/**
 * The Python on PATH, or else that of the moto which the local AWS has installed for itself: moto brings boto3.
 *
 * @throws Error that says what is missing
 */
export function requireBoto3(): PythonWithBoto3 {
  const [moto = ''] = requireMoto();
  const commands = ['python3', ...(moto.includes('/') ? [join(dirname(moto), 'python')] : [])];
  for (const command of commands) {
    const { status, stdout } = spawnSync(command, ['-c', VERSIONS], { encoding: 'utf8' });
    const [version, boto3Version] = status === 0 ? stdout.trim().split(' ') : [];
    if (version !== undefined && boto3Version !== undefined) return { command, version, boto3Version };
  }
  throw new Error(
    `No Python here has boto3, which the function that is compared with needs (asked: ${commands.join(', ')}). ` +
      'Install it: pip install boto3',
  );
}
