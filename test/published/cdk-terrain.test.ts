import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Consumer, pack, PROJECT } from './support/packed';

/** The packages as docs/cdk-terrain.md has them installed. */
const PACKAGES = /^npm install (?<packages>cdktf@npm:.*)$/m
  .exec(readFileSync(join(PROJECT, 'docs/cdk-terrain.md'), 'utf8'))!
  .groups!['packages']!.split(' ');

/** Every argument that the constructs can set is to be compared, so this has nearly all that a file can say. */
const EVERYTHING = `
stacks:
  everything:
    accountId: '111122223333'
    region: eu-west-1
    deployRoleArn: arn:aws:iam::111122223333:role/terraform
    deployRoleExternalId: platform-team
    backend: { s3: { bucket: tf-state, key: everything.tfstate, region: eu-west-1 } }
    kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555
    logKmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555
    permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary
    rolePath: /rotation/
    tags: { team: platform }
    auditTrail: create
    auditKmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555
    alerts: { emails: [oncall@example.com], topicArns: ['arn:aws:sns:eu-west-1:111122223333:oncall'] }
    users:
      one:
        path: /service/
        policyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
        permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary
        readers: [arn:aws:iam::111122223333:root]
        replicaRegions: { eu-central-1: {} }
        selfRenewal: true
        sesSmtp: { region: eu-west-1 }
      two: { existing: true, takeOver: all }
  shared:
    accountId: '111122223333'
    region: eu-west-1
    prefix: shared
    functions: shared
    users: { three: { import: true }, four: { rotateEvery: 30d } }
`;

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
    for (const packages of [[], PACKAGES]) {
      const consumer = new Consumer({
        'main.js': PROGRAM,
        'rotation.yaml': EVERYTHING,
      });
      consumers.push(consumer);
      await consumer.run('npm', [
        'install',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        ...packages,
        tarball,
      ]);
    }
    consumers[0]!.link('cdktf', 'constructs', '@cdktf/provider-aws');
  });
  afterAll(() => {
    consumers.forEach((consumer) => consumer.remove());
    rmSync(folder, { recursive: true });
  });

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
              name === '//' ? undefined : value === 'hashicorp/aws' ? 'aws' : value,
            ) as unknown)
          : readFileSync(file, 'base64'),
      ]),
    );
  }

  /**
   * The bindings write an argument only if their provider has it: one that a newer provider no longer has would be missing.
   * `aws` and `hashicorp/aws` are the same provider.
   */
  it('makes of the same sources the same Terraform and the same zips, with bindings of the newest provider', async () => {
    const [cdktf, cdkTerrain] = consumers as [Consumer, Consumer];
    const manifestOf = (name: string): unknown =>
      JSON.parse(readFileSync(join(cdkTerrain.folder, 'node_modules', name, 'package.json'), 'utf8'));
    expect(manifestOf('cdktf')).toMatchObject({ name: 'cdktn' });
    expect(manifestOf('@cdktf/provider-aws')).toMatchObject({ name: '@cdktn/provider-aws' });

    const expected = await synthesize(cdktf);

    expect(Object.keys(expected)).toContain('/stacks/everything/cdk.tf.json');
    expect(await synthesize(cdkTerrain)).toEqual(expected);
  });
});
