import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** `ROUNDS=1000 npx jest test/further/credentials-file --selectProjects further` */
const ROUNDS = Number(process.env['ROUNDS'] ?? 50);
const WRITERS = 6;
/** So that a process which is stopped for a moment counts as dead. */
const STALE_AFTER = 20;
const FOREIGN = '[precious]\naws_access_key_id = AKIAPRECIOUSEXAMPLE\naws_secret_access_key = p\n';

class Writer {
  readonly process: ChildProcess;
  readonly #answers: Interface;

  constructor(readonly profile: string) {
    const script = join(__dirname, 'support', 'writer.ts');
    this.process = spawn(process.execPath, ['--import', 'tsx', script, profile, String(STALE_AFTER)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.process.stdout! });
  }

  /** @returns how often it had to begin again */
  async write(file: string): Promise<number> {
    const answer = once(this.#answers, 'line');
    this.process.stdin!.write(`${file}\n`);
    const [times] = (await answer) as [string];
    return Number(times);
  }

  /** As by SIGSTOP on a terminal, or a laptop that sleeps: at any moment, for longer than others wait for it. */
  async stopForAMoment(): Promise<void> {
    await sleep(Math.random() * 12);
    this.process.kill('SIGSTOP');
    await sleep(STALE_AFTER + Math.random() * 60);
    this.process.kill('SIGCONT');
  }
}

let folder: string;
let writers: Writer[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'many-writers-'));
  writers = Array.from({ length: WRITERS }, (_, index) => new Writer(`app${index}`));
});
afterAll(async () => {
  const ended = writers.map(({ process }) => once(process, 'exit'));
  for (const { process } of writers) process.stdin!.end();
  await Promise.all(ended);
  rmSync(folder, { recursive: true });
});

/** What a process left that died: in its turn, or before it, or one of an older version, whose lock was a file. */
function leave(file: string, round: number): void {
  const name = 'e'.repeat(32);
  const left = [`${file}.iam-key-rotation`, `${file}.iam-key-rotation.${'d'.repeat(32)}`][round % 2]!;
  if (round % 3 === 0) writeFileSync(left, 'half');
  else {
    mkdirSync(left);
    writeFileSync(join(left, name), 'half');
  }
  utimesSync(left, 1, 1);
}

it('processes that write one credentials file lose no profile, whatever died before them, and however long they are stopped', async () => {
  const lost: string[] = [];
  let startedAgain = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const home = mkdtempSync(join(folder, 'round-'));
    const file = join(home, 'credentials');
    writeFileSync(file, FOREIGN, { mode: 0o600 });
    leave(file, round);
    const stopped = writers.filter(() => Math.random() < 0.4).map((writer) => writer.stopForAMoment());
    const times = await Promise.all(writers.map((writer) => writer.write(file)));
    await Promise.all(stopped);
    startedAgain += times.reduce((sum, one) => sum + one, 0);
    const text = readFileSync(file, 'utf8');
    const missing = ['precious', ...writers.map(({ profile }) => profile)].filter(
      (profile) => !text.includes(`[${profile}]`),
    );
    if (missing.length > 0) lost.push(`round ${round}: ${missing.join(' ')}`);
    const left = readdirSync(home).filter((name) => name !== 'credentials' && !name.endsWith('d'.repeat(32)));
    if (left.length > 0) lost.push(`round ${round}: ${left.join(' ')} is left`);
  }
  expect(lost).toEqual([]);
  // Otherwise nobody was stopped in its turn, and nothing was tried.
  expect(startedAgain).toBeGreaterThan(0);
  console.info(`${ROUNDS} rounds of ${WRITERS} processes, which lost their turn ${startedAgain} times.`);
});
