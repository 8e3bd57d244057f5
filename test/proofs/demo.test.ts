import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { descendantsOf, isAlive } from '../support/processes';

const PROJECT = join(__dirname, '../..');

describe('npm run demo', () => {
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
  });
  afterEach(() => rmSync(temporary, { recursive: true, force: true }));

  /** The demo, with a temporary folder of its own, in a process group of its own, as a shell starts it. */
  const startDemo = (env: Record<string, string> = {}): Demo => {
    const child = spawn(
      process.execPath,
      ['--import', require.resolve('tsx'), join(PROJECT, 'sandbox/demo/main.ts')],
      {
        cwd: PROJECT,
        env: { ...process.env, TMPDIR: temporary, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    return new Demo(child);
  };

  it('says in a sentence which tools are missing, and what to do', async () => {
    const demo = startDemo({ PATH: temporary });

    expect(await demo.end()).toBe(1);
    expect(demo.said).toMatch(/^The demo cannot run here\. Terraform is not on PATH: install .*\n$/);
  });

  describeWithTools('on the sandbox', () => {
    it('tells the main job to its end, and leaves nothing behind', async () => {
      const demo = startDemo();

      expect({ exitCode: await demo.end(), said: demo.said }).toMatchObject({ exitCode: 0 });

      expect(demo.said).toContain('first key of ci-deployer made and proved');
      expect(demo.said).toMatch(/AWSPREVIOUS +Active +works\n.*AWSCURRENT +Active +works\n/);
      expect(demo.said).toMatch(/AWSPREVIOUS +Inactive +is refused: .*\n.*AWSCURRENT +Active +works\n/);
      expect(demo.said).toMatch(
        /AWS finds the key of legacy_mailer .*\n +0\.0 s +AWS Health, in us-east-1: AWS_RISK_CREDENTIALS_EXPOSED, key (…\w{4})\n(?=(?:.*\n)? +[\d.]+ s +a new key …\w{4} is made, proved and current\n)(?=(?:.*\n)? +[\d.]+ s +\1 is Inactive\n)/,
      );
      expect(demo.said).toMatch(/with the leaked …\w{4} it is refused: \w+\n/);
      expect(demo.said).toMatch(
        /legacy_mailer: endLeak …\w{4}, because it is Inactive, another key is current/,
      );
      expect(demo.said).toContain('No changes.');
      expect(demo.said).toContain('no user, role, secret, function or table is left');
      // Neither a key's id nor its secret half.
      expect(demo.said).not.toMatch(/A[KS]IA[A-Z2-7]{16}|[A-Za-z0-9+/]{40}/);
      // Colours are for terminals.
      expect(stripVTControlCharacters(demo.said)).toBe(demo.said);
      expect(leftIn(temporary)).toEqual([]);
    });

    it('is stopped by Ctrl-C in the middle of an apply, with every process and file that it has made', async () => {
      const demo = startDemo();
      await demo.until('first key of');
      const started = descendantsOf(demo.pid);
      expect(started.length).toBeGreaterThan(3);

      demo.pressCtrlC();
      demo.pressCtrlC();

      expect(await demo.end()).toBe(130);
      expect(demo.said).toMatch(/Everything is stopped, and nothing is left behind\.\n$/);
      expect(leftIn(temporary)).toEqual([]);
      // Who is killed ends a moment later.
      while (started.some(isAlive)) await sleep(50);
    });
  });
});

/** Without the cache of the TypeScript loader, which is no part of the demo. */
const leftIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => !name.startsWith('tsx-'));

class Demo {
  said = '';
  readonly #ended: Promise<unknown[]>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    }
    this.#ended = once(child, 'close');
  }

  get pid(): number {
    return this.child.pid!;
  }

  async until(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`The demo ended early:\n${this.said}`);
      await sleep(50);
    }
  }

  /** To the whole group, as a terminal does. */
  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  async end(): Promise<number> {
    const [exitCode] = await this.#ended;
    return exitCode as number;
  }
}
