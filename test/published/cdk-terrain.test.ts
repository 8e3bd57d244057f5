import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Consumer, pack, PROJECT } from './support/packed';

jest.setTimeout(240_000);

/** CDK Terrain under CDKTF's name: no line of the sources, nor of the provider's bindings, changes. */
const CDK_TERRAIN = ['cdktf@npm:cdktn@0.24.0', 'constructs@10.6.0'];

const PROGRAM = `
const { App } = require('cdktf');
const { loadConfiguration, RotationStack } = require('iam-key-rotation');
const app = new App();
for (const configuration of loadConfiguration('rotation.yaml').stacks) new RotationStack(app, { configuration });
app.synth();
`;

describe('CDK Terrain', () => {
  let folder: string;
  const consumers: Consumer[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    const { tarball } = await pack(folder);
    for (const install of [() => Promise.resolve(), installCdkTerrain]) {
      const consumer = new Consumer({
        'main.js': PROGRAM,
        'rotation.yaml': readFileSync(join(PROJECT, 'rotation.yaml'), 'utf8'),
      });
      consumers.push(consumer);
      await consumer.install(tarball);
      await install(consumer);
    }
    consumers[0]!.link('cdktf', 'constructs', '@cdktf/provider-aws');
  });
  afterAll(() => {
    consumers.forEach((consumer) => consumer.remove());
    rmSync(folder, { recursive: true });
  });

  async function installCdkTerrain(consumer: Consumer): Promise<void> {
    await consumer.run('npm', [
      ...['install', '--prefer-offline', '--no-audit', '--no-fund', '--legacy-peer-deps'],
      ...CDK_TERRAIN,
    ]);
    consumer.link('@cdktf/provider-aws');
  }

  /** What was synthesized, without what the framework says of itself. */
  async function synthesize(consumer: Consumer): Promise<Record<string, unknown>> {
    // The linked bindings are to find the consumer's framework, not the one of this project.
    await consumer.run(process.execPath, ['--no-warnings', '--preserve-symlinks', 'main.js']);
    const out = join(consumer.folder, 'cdktf.out');
    const files = readdirSync(join(out, 'stacks'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(
      files.map((file) => [
        file.slice(out.length),
        file.endsWith('.json')
          ? (JSON.parse(readFileSync(file, 'utf8'), (name, value: unknown) =>
              name === '//' ? undefined : value,
            ) as unknown)
          : readFileSync(file, 'base64'),
      ]),
    );
  }

  it('makes of the same sources the same Terraform and the same zips', async () => {
    const [cdktf, cdkTerrain] = consumers as [Consumer, Consumer];
    const manifest = join(cdkTerrain.folder, 'node_modules/cdktf/package.json');
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ name: 'cdktn', version: '0.24.0' });

    const expected = await synthesize(cdktf);

    expect(Object.keys(expected)).toContain('/stacks/production/cdk.tf.json');
    expect(await synthesize(cdkTerrain)).toEqual(expected);
  });
});
