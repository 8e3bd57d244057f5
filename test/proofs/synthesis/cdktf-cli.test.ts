import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { terraformCliConfig } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const PROJECT = join(__dirname, '../../..');
const PARTS = [
  'bin',
  'cdktf.json',
  'contract',
  'handlers',
  'main.ts',
  'modules',
  'node_modules',
  'package.json',
  'rotation.yaml',
];

describeWithTools('the project with the CDKTF CLI', () => {
  let aws: LocalAws;
  /** Has what a checkout has, and keeps this one's `cdktf.out` and state as they are. */
  let checkout: string;

  beforeAll(async () => {
    aws = await startLocalAws();
    checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
    for (const part of PARTS) symlinkSync(join(PROJECT, part), join(checkout, part));
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(checkout, { recursive: true, force: true });
  });

  const npx = async (...args: string[]): Promise<string> => {
    const env = {
      ...process.env,
      ...aws.environment,
      TF_CLI_CONFIG_FILE: terraformCliConfig(),
      CHECKPOINT_DISABLE: '1',
      AWS_MAX_ATTEMPTS: '3',
    };
    const { stdout } = await promisify(execFile)('npx', args, { cwd: checkout, env, maxBuffer: 2 ** 26 });
    return stripVTControlCharacters(stdout);
  };

  it('synthesizes with `npx cdktf synth`', async () => {
    expect(await npx('cdktf', 'synth')).toContain('Generated Terraform code for the stacks: production');
    expect(existsSync(join(checkout, 'cdktf.out/stacks/production/cdk.tf.json'))).toBe(true);
  });

  it('shows with `npx cdktf diff --skip-provider-lock` what would be made', async () => {
    const diff = await npx('cdktf', 'diff', '--skip-provider-lock');

    expect(diff).toMatch(/aws_lambda_invocation\.ci-deployer_first_key .*will be created/);
    expect(diff).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
  });
});
