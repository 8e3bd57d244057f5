import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { readKey, whoAmI } from '../../sandbox/demo/application';
import { runRetirement } from '../../sandbox/demo/retire';
import { PROVIDER_VERSION, TESTED_PROVIDER_VERSION } from '../../modules/terraform/provider-version';
import { type LocalAws, startLocalAws } from '../../sandbox/local-aws';
import { type Terraform, terraform } from '../../sandbox/terraform';
import { runMain } from '../modules/support/run-main';
import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { Consumer, pack, programOf, PROJECT } from './support/packed';
import { toldOfKeyMadeByHand } from './support/told-of';

const PAGE = 'docs/construct-library.md';
const STACK = '/cdktf.out/stacks/production/cdk.tf.json';

describeWithTools('somebody else’s CDKTF app, as docs/construct-library.md has it', () => {
  let folder: string;
  let app: Consumer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    app = new Consumer({
      'main.ts': programOf(PAGE, 'parts'),
      'stacks.ts': programOf(PAGE, 'whole-stacks'),
    });
    await app.install((await pack(folder)).tarball);
    app.link('cdktf', 'constructs', '@cdktf/provider-aws', '@types/node', 'undici-types');
  });
  afterAll(() => {
    app.remove();
    rmSync(folder, { recursive: true });
  });
  const synthesize = (program: string): Promise<unknown> =>
    app.run(process.execPath, ['--no-warnings', '--import', require.resolve('tsx'), program]);
  const output = (where: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(join(where, 'cdktf.out'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map((file) => [file.slice(where.length), readFileSync(file, 'latin1')]),
    );

  it.each([
    [
      'as CDKTF’s template has it',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
    ['node16', { module: 'node16', moduleResolution: 'node16' }],
  ])('type-checks: %s', async (_, options) => {
    await expect(app.typeCheck({ target: 'es2022', ...options })).resolves.toBeUndefined();
  });

  it('imports the package, and nothing happens', async () => {
    // CDKTF and zod keep registries of their own in the global object.
    const seen = await app.node(`
      require('cdktf');
      require('zod');
      const before = [JSON.stringify(process.env), process.listenerCount('exit'), Object.keys(globalThis).join()];
      require('iam-key-rotation');
      const after = [JSON.stringify(process.env), process.listenerCount('exit'), Object.keys(globalThis).join()];
      const loaded = Object.keys(require.cache).filter((file) => /iam-key-rotation/.test(file));
      process.stdout.write(JSON.stringify({ same: before.join() === after.join(), some: loaded.length > 10,
        handles: process.getActiveResourcesInfo().filter((name) => /Timeout|Socket|Server/.test(name)) }));`);

    expect(JSON.parse(seen)).toEqual({ same: true, some: true, handles: [] });
    expect(readdirSync(app.folder)).not.toContain('cdktf.out');
  });

  it('synthesizes the same bytes as the repository does from its sources, without a bundler and without its pin of the provider', async () => {
    const here = mkdtempSync(join(tmpdir(), 'from-sources-'));
    try {
      const configuration = readFileSync(join(PROJECT, 'rotation.yaml'), 'utf8');
      app.write({ 'rotation.yaml': configuration });
      writeFileSync(join(here, 'rotation.yaml'), configuration);
      expect(readdirSync(join(app.folder, 'node_modules'))).not.toContain('esbuild');

      await synthesize('stacks.ts');

      expect(runMain(here)).toMatchObject({ exitCode: 0 });
      const { [STACK]: stack = '', ...files } = output(here);
      const fromSources = {
        ...files,
        [STACK]: stack.replace(`"${TESTED_PROVIDER_VERSION}"`, `"${PROVIDER_VERSION}"`),
      };
      expect(Object.keys(fromSources).filter((file) => file.endsWith('.zip'))).toHaveLength(3);
      expect(output(app.folder)).toEqual(fromSources);
    } finally {
      rmSync(here, { recursive: true });
      rmSync(join(app.folder, 'cdktf.out'), { recursive: true, force: true });
    }
  });

  describe('with a user beside its own resources', () => {
    let aws: LocalAws;
    let tf: Terraform;
    beforeAll(async () => {
      aws = await startLocalAws({ rotation: { retryDelayMs: 10 } });
      await synthesize('main.ts');
      tf = terraform(join(app.folder, 'cdktf.out/stacks/delivery'), { env: aws.environment });
      await tf.init();
    });
    afterAll(() => aws.stop());
    const secretArn = 'iam-key-rotation/ci-deployer';

    it('is applied, and the secret holds a key that works', async () => {
      await tf.apply();

      const key = await readKey(aws, secretArn);
      expect(await whoAmI(aws, key)).toBe('arn:aws:iam::111122223333:user/ci-deployer');
      expect(await tf.output()).toEqual({
        deployer_secret: expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:/),
      });
    });

    it('tells people of a key that somebody made by hand', async () => {
      const topicArn = 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts';

      expect(await toldOfKeyMadeByHand(aws, { topicArn, userName: 'ci-deployer' })).toEqual([
        'Unmanaged access key found (iam-key-rotation/ci-deployer)',
      ]);
    });

    it('is rotated, which leaves Terraform nothing to do', async () => {
      const first = await readKey(aws, secretArn);

      await new SecretsManagerClient(aws.clientConfig()).send(
        new RotateSecretCommand({ SecretId: secretArn }),
      );
      await aws.rotationsSettled();

      const second = await readKey(aws, secretArn);
      expect(second.accessKeyId).not.toBe(first.accessKeyId);
      expect(await whoAmI(aws, second)).toBe('arn:aws:iam::111122223333:user/ci-deployer');
      aws.clockShiftMs += 31 * 60 * 60 * 1000;
      expect(await runRetirement(aws, 'iam-key-rotation-retire')).toMatchObject([
        { user: 'ci-deployer', decision: 'deactivate', keyId: first.accessKeyId },
      ]);
      expect(await tf.plan()).toMatchObject({ exitCode: 0 });
    });

    it('is served by the commands and the client of the package', async () => {
      const { stdout } = await app.run(
        'npx',
        ['--no-install', 'iam-key-rotation', 'credentials', '--secret-id', secretArn],
        aws.environment,
      );
      const { accessKeyId } = await readKey(aws, secretArn);
      expect(JSON.parse(stdout)).toMatchObject({ Version: 1, AccessKeyId: accessKeyId });

      const id = await app.node(
        `const { fromRotatedSecret } = require('iam-key-rotation/client');
         fromRotatedSecret({ secretId: '${secretArn}' })().then((key) => process.stdout.write(key.accessKeyId));`,
        aws.environment,
      );
      expect(id).toBe(accessKeyId);
    });
  });
});
