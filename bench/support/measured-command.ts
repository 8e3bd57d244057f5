import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { SECOND } from '../../contract/instant';
import { rounded } from './benchmark';

/** What a command took. */
export interface CommandRun {
  readonly seconds: number;
  /** Of it and of all that it ran, user and system. */
  readonly cpuSeconds: number;
}

/** The shell says at its end what its children, and theirs, had of the processors. */
const withTimes = (command: string): string => `${command}; code=$?; times >&2; exit $code`;

/** Runs a command of the shell in a folder. @throws Error with what it said, where it ended with another code than 0 */
export async function measuredCommand(
  command: string,
  {
    folder,
    env,
    args = [],
    onOutput = () => undefined,
  }: {
    readonly folder: string;
    readonly env: NodeJS.ProcessEnv;
    /** What `"$@"` is in the command. */
    readonly args?: readonly string[];
    /** Gets the output as it comes. @default it is only collected */
    readonly onOutput?: (text: string) => void;
  },
): Promise<CommandRun> {
  const begun = performance.now();
  const child = spawn('sh', ['-c', withTimes(command), 'sh', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', onOutput);
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = rounded((performance.now() - begun) / SECOND, 1);
  if (code !== 0)
    throw new Error(
      `${command.replace('"$@"', args.join(' '))} ended with ${code}: ${said.slice(-4_000)}\n${complained.slice(-16_000)}`,
    );
  return { seconds, cpuSeconds: cpuSecondsIn(complained) };
}

/** The last line that `times` writes, `0m1.20s 0m0.30s`: user and system, of the children. */
export function cpuSecondsIn(text: string): number {
  const told = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(text.trimEnd().split('\n').at(-1) ?? '');
  if (told === null) throw new Error(`The shell did not say what the command took: ${text.slice(-1_000)}`);
  const [userMinutes, userSeconds, systemMinutes, systemSeconds] = told.slice(1).map(Number) as [
    ...[number, number, number, number],
  ];
  return rounded((userMinutes + systemMinutes) * 60 + userSeconds + systemSeconds, 1);
}
