import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { SECOND } from '../../contract/instant';
import { terraformEnvironment } from '../../sandbox/terraform';
import { rounded } from './benchmark';

/** What a command of Terraform took. */
export interface TerraformRun {
  readonly seconds: number;
  /** Of Terraform and its provider, user and system. */
  readonly cpuSeconds: number;
}

/** The shell says at its end what its children, and theirs, had of the processors. */
const WITH_TIMES = 'terraform "$@"; code=$?; times >&2; exit $code';

/** Runs Terraform in a folder. @throws Error with what it said, where it ended with another code than 0 */
export async function measuredTerraform(
  folder: string,
  env: Readonly<Record<string, string>>,
  [command, ...args]: readonly [string, ...string[]],
): Promise<TerraformRun> {
  const begun = performance.now();
  const child = spawn('sh', ['-c', WITH_TIMES, 'sh', command, '-input=false', '-no-color', ...args], {
    cwd: folder,
    env: terraformEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = rounded((performance.now() - begun) / SECOND, 1);
  if (code !== 0)
    throw new Error(
      `terraform ${[command, ...args].join(' ')} ended with ${code}: ${said.slice(-4_000)}\n${complained}`,
    );
  return { seconds, cpuSeconds: cpuSecondsIn(complained) };
}

/** The last line that `times` writes, `0m1.20s 0m0.30s`: user and system, of the children. */
export function cpuSecondsIn(text: string): number {
  const told = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(text.trimEnd().split('\n').at(-1) ?? '');
  if (told === null) throw new Error(`The shell did not say what Terraform took: ${text}`);
  const [userMinutes, userSeconds, systemMinutes, systemSeconds] = told.slice(1).map(Number) as [
    ...[number, number, number, number],
  ];
  return rounded((userMinutes + systemMinutes) * 60 + userSeconds + systemSeconds, 1);
}
