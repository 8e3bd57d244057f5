import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { environmentWithoutAws } from './environment-without-aws';
import { findProviderMirror } from './provider-mirror';

const TAIL_LINES = 60;

export interface TerraformOptions {
  /** Added to this process's environment: the sandbox's `environment`, variables of the configuration. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the output as it comes. @default it is only collected */
  readonly onOutput?: (text: string) => void;
  /** Interrupts Terraform when it aborts, as Ctrl-C does: what is under way is ended in order. @default nobody does */
  readonly signal?: AbortSignal;
}

export interface TerraformResult {
  readonly exitCode: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
  readonly stdout: string;
}

/** Terraform in one directory. Every method but `run` throws with the end of the output if Terraform fails. */
export interface Terraform {
  init(): Promise<void>;
  validate(): Promise<void>;
  apply(...args: string[]): Promise<TerraformResult>;
  destroy(...args: string[]): Promise<TerraformResult>;
  /** Exit code 0: nothing to change; 2: there is. */
  plan(...args: string[]): Promise<TerraformResult & { readonly exitCode: 0 | 2 }>;
  /** The outputs' values by name. */
  output(): Promise<Record<string, unknown>>;
  /** The state as `terraform show -json` tells it. */
  show(): Promise<unknown>;
  /** Any command, whatever its exit code. */
  run(...args: string[]): Promise<TerraformResult>;
}

export function terraform(directory: string, options: TerraformOptions = {}): Terraform {
  const run = (...args: string[]): Promise<TerraformResult> => runTerraform(directory, args, options);
  const succeed = async (codes: readonly number[], ...args: string[]): Promise<TerraformResult> => {
    const result = await run(...args);
    if (codes.includes(result.exitCode)) return result;
    const tail = result.output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    throw new Error(
      `terraform ${args.join(' ')} ended with exit code ${result.exitCode} in ${directory}:\n${tail}`,
    );
  };
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await succeed([0], ...args)).stdout) as unknown;
  return {
    run,
    init: async () => {
      await succeed([0], 'init', '-input=false', '-no-color');
    },
    validate: async () => {
      await succeed([0], 'validate', '-no-color');
    },
    apply: (...args) => succeed([0], 'apply', '-auto-approve', '-input=false', '-no-color', ...args),
    destroy: (...args) => succeed([0], 'destroy', '-auto-approve', '-input=false', '-no-color', ...args),
    plan: async (...args) => {
      const result = await succeed(
        [0, 2],
        'plan',
        '-detailed-exitcode',
        '-input=false',
        '-no-color',
        ...args,
      );
      return { ...result, exitCode: result.exitCode === 2 ? 2 : 0 };
    },
    output: async () => {
      const outputs = (await json('output', '-json', '-no-color')) as Record<string, { value: unknown }>;
      return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    },
    show: () => json('show', '-json', '-no-color'),
  };
}

export function hasTerraform(): boolean {
  return spawnSync('terraform', ['version'], { env: terraformEnvironment({}), stdio: 'ignore' }).status === 0;
}

const CACHE = join(__dirname, '..', '.cache');

/**
 * The CLI configuration for Terraform's children: a private file, because the one that TF_CLI_CONFIG_FILE names may
 * not exist. It points to a provider mirror where this machine has one, else to nothing but the registry.
 */
export function terraformCliConfig(): string {
  const mirror = findProviderMirror();
  const installation =
    mirror === undefined
      ? ''
      : `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
`;
  const file = join(CACHE, 'terraform.rc');
  mkdirSync(CACHE, { recursive: true });
  // Written aside and renamed, so that a Terraform that runs in parallel never reads half of it.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `disable_checkpoint = true\n${installation}`);
  renameSync(unfinished, file);
  return file;
}

/** What a child that is Terraform, or starts it, gets. */
export function terraformEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    ...environmentWithoutAws(),
    TF_CLI_CONFIG_FILE: terraformCliConfig(),
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    // The provider's default of 25 makes a missing operation look like a hang.
    AWS_MAX_ATTEMPTS: '3',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
}

function runTerraform(
  directory: string,
  args: readonly string[],
  { env = {}, onOutput, signal }: TerraformOptions,
): Promise<TerraformResult> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, {
      cwd: directory,
      env: terraformEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: a Ctrl-C that came twice, from the terminal and from us, would leave providers behind.
      detached: signal !== undefined,
    });
    const interrupt = (): void => void child.kill('SIGINT');
    signal?.addEventListener('abort', interrupt);
    let [output, stdout] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
      onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput?.(text);
    });
    child.on('error', (error) => reject(new Error('Terraform could not be started', { cause: error })));
    child.on('close', (code) => {
      signal?.removeEventListener('abort', interrupt);
      resolve({ exitCode: code ?? 1, output, stdout });
    });
  });
}
