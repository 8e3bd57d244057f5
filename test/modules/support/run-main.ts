import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The folder of the project. */
export const PROJECT = join(__dirname, '../../..');

export interface MainRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a project's main.ts in a folder, as `cdktf synth` does. */
export function runMain(
  folder: string,
  {
    args = [],
    env = {},
    project = PROJECT,
  }: { args?: string[]; env?: Record<string, string>; project?: string } = {},
): MainRun {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CDKTF_|ROTATION_|SYNTH_)/.test(name));
  const run = spawnSync(
    process.execPath,
    ['--disable-warning=DEP0044', '--import', require.resolve('tsx'), join(project, 'main.ts'), ...args],
    { cwd: folder, env: { ...Object.fromEntries(inherited), ...env }, encoding: 'utf8' },
  );
  return { exitCode: run.status, stdout: run.stdout, stderr: run.stderr };
}
