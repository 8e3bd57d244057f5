import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import manifest from '../../package.json';
import { Consumer, pack } from './support/packed';

const APPLICATION = `
import { STSClient } from './sts';
import { fromRotatedSecret, RotatedSecretError } from 'iam-key-rotation/client';

const credentials = fromRotatedSecret({ secretId: 'iam-key-rotation/ci-deployer' });
const sts: STSClient = { credentials };
export const isOurs = (error: unknown): boolean => error instanceof RotatedSecretError && sts !== undefined;
`;

/** What the SDK's clients take. */
const STS = `
export interface STSClient {
  credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string; expiration?: Date }>;
}
`;

describe('an application that only wants its key', () => {
  let folder: string;
  let consumer: Consumer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    consumer = new Consumer({ 'application.ts': APPLICATION, 'sts.ts': STS });
    await consumer.install((await pack(folder)).tarball);
    consumer.link('@types/node', 'undici-types');
  });
  afterAll(() => {
    consumer.remove();
    rmSync(folder, { recursive: true });
  });
  const installed = (name: string): boolean => existsSync(join(consumer.folder, 'node_modules', name));

  it('does not get CDKTF and the provider, nor a bundler: 40 MB at most', () => {
    expect(['cdktf', 'constructs', '@cdktf', 'esbuild'].filter(installed)).toEqual([]);
    const size = execFileSync('du', ['-sk', 'node_modules'], { cwd: consumer.folder, encoding: 'utf8' });
    expect(Number.parseInt(size, 10)).toBeLessThan(40 * 1024);
  });

  it('imports the client as a CommonJS and as an ES module, and gets one and the same', async () => {
    const names = `Object.keys(require('iam-key-rotation/client')).sort().join()`;
    expect(await consumer.node(`process.stdout.write(${names})`)).toBe(
      'RotatedSecretError,fromRotatedSecret,refreshOnRejectedKey',
    );
    const both = `
      import { createRequire } from 'node:module';
      import { fromRotatedSecret, RotatedSecretError } from 'iam-key-rotation/client';
      const required = createRequire(import.meta.url)('iam-key-rotation/client');
      process.stdout.write(String(required.RotatedSecretError === RotatedSecretError && typeof fromRotatedSecret));`;
    consumer.write({ 'both.mjs': both });
    expect((await consumer.run(process.execPath, ['--no-warnings', 'both.mjs'])).stdout).toBe('function');
  });

  it.each([
    [
      'as CDKTF’s template has it (node10)',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
    ['node16', { module: 'node16', moduleResolution: 'node16' }],
    ['for a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('has its types, whatever way TypeScript resolves them: %s', async (_, options) => {
    await expect(consumer.typeCheck({ target: 'es2022', ...options })).resolves.toBeUndefined();
  });

  it('says what else to install where it wants the constructs, too', async () => {
    await expect(consumer.node(`require('iam-key-rotation')`)).rejects.toThrow(
      /npm install cdktf constructs @cdktf\/provider-aws\. .* imports 'iam-key-rotation\/client'/,
    );
  });

  it('has the commands, which need nothing else', async () => {
    const { stdout } = await consumer.run('npx', ['--no-install', 'iam-key-rotation', '--help']);

    for (const command of ['rollback', 'emergency', 'credentials', 'sync']) {
      expect(stdout).toContain(command);
    }
    const version = await consumer.run('npx', ['--no-install', 'iam-key-rotation', '--version']);
    expect(version.stdout).toBe(`${manifest.version}\n`);
  });
});
