import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';

import type { LocalAws } from '../../sandbox/local-aws';
import { terraformCliConfig } from '../../sandbox/terraform';
import { PIPELINES } from '../support/product';

export interface Finished {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs examples/pipelines/deploy.sh in a project, as a pipeline does, with the local AWS for AWS. */
export async function deploySh(
  checkout: string,
  aws: LocalAws,
  args: readonly string[],
  own: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const env = {
    ...process.env,
    ...aws.environment,
    TF_CLI_CONFIG_FILE: terraformCliConfig(),
    CHECKPOINT_DISABLE: '1',
    AWS_MAX_ATTEMPTS: '3',
    ...own,
  };
  try {
    const options = { cwd: checkout, env, maxBuffer: 2 ** 26 };
    const { stdout, stderr } = await promisify(execFile)(
      'bash',
      [join(PIPELINES, 'deploy.sh'), ...args],
      options,
    );
    return { exitCode: 0, output: stripVTControlCharacters(stdout + stderr) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: stripVTControlCharacters(stdout + stderr) };
  }
}
