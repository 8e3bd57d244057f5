import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const PROJECT = join(__dirname, '../../..');

/** The package as npm unpacks it, with the project's node_modules above it: see unpack.ts. */
export const UNPACKED = join(PROJECT, '.cache', 'packed', 'iam-key-rotation');

/** What `npm pack` made. */
export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
  readonly unpackedSize: number;
}

/** Packs what `npm run build` has built into a folder. */
export async function pack(folder: string): Promise<Packed> {
  if (!existsSync(join(PROJECT, 'dist', 'cli.js'))) {
    throw new Error('Nothing is built: run `npm run test:published`, which builds first.');
  }
  const { stdout } = await run(PROJECT, 'npm', ['pack', '--json', '--pack-destination', folder]);
  const parsed = JSON.parse(stdout) as unknown;
  const [packed] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    filename: string;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  return {
    tarball: join(folder, packed!.filename),
    unpackedSize: packed!.unpackedSize,
    files: packed!.files.map(({ path }) => path).sort(),
  };
}

/** A project in a folder of its own, outside of this one, that has installed the tarball and nothing else. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'consumer-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    const manifest = { name: 'consumer', version: '1.0.0', private: true };
    this.write({ 'package.json': JSON.stringify(manifest), ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  async install(tarball: string): Promise<void> {
    await this.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball]);
  }

  /** Packages of this project in the consumer's `node_modules`, as links: to install CDKTF's takes 700 MB. */
  link(...packages: readonly string[]): void {
    for (const name of packages) {
      const link = join(this.folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(PROJECT, 'node_modules', name), link);
    }
  }

  /** @throws Error with the output if the command fails */
  run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return run(this.folder, command, args, env);
  }

  node(script: string, env?: Readonly<Record<string, string>>): Promise<string> {
    return this.run(process.execPath, ['--no-warnings', '--input-type=commonjs', '-e', script], env).then(
      ({ stdout }) => stdout,
    );
  }

  /** @throws Error with what the compiler says */
  async typeCheck(options: Readonly<Record<string, unknown>>): Promise<void> {
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, types: ['node'], ...options };
    this.write({ 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }) });
    await this.run(process.execPath, [join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  // Neither the person's AWS account nor the settings that npm gave to this process.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDKTF_|npm_)/.test(name));
  try {
    return await promisify(execFile)(command, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      maxBuffer: 64 * 2 ** 20,
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`, { cause: error });
  }
}

/** A program that a page of the documentation shows: what is shown is what is tested. */
export function programOf(page: string, name: string): string {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const program = new RegExp(`<!-- tested: ${name} -->\\s+\`\`\`\\w+\\n([^]*?)\`\`\``).exec(text)?.[1];
  if (program === undefined) {
    throw new Error(`${page} shows no program after <!-- tested: ${name} -->.`);
  }
  return program;
}
