import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import manifest from '../../package.json';
import { readKey, whoAmI } from '../../sandbox/demo/application';
import { type LocalAws, startLocalAws } from '../../sandbox/local-aws';
import { type Terraform, terraform } from '../../sandbox/terraform';
import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { PROJECT } from './support/packed';

const ARCHIVE = join(PROJECT, 'dist', `iam-key-rotation-terraform-${manifest.version}.zip`);
const SECRET = 'iam-key-rotation/ci-deployer';
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const PROVIDER = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
`;

const base = (leaves: boolean): string => `
module "base" {
  source     = "./modules/base"
  name       = "production"
  protection = ${String(!leaves)}
}
`;

const deployer = (leaves: boolean): string => `
module "deployer" {
  source          = "./modules/rotated-user"
  for_each        = toset(["ci-deployer"])
  base            = module.base
  name            = each.key
  policy_arns     = ["${READ_ONLY}"]
  inline_policies = { list = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }] }) }
  readers         = ["arn:aws:iam::111122223333:role/ci"]
  decommission    = ${String(leaves)}
}
`;

/** The blocks of docs/leaving.md, without the list's indentation. */
function removedBlocks(): string {
  const page = readFileSync(join(PROJECT, 'docs/leaving.md'), 'utf8');
  const [, blocks] = /<!-- tested: forget-modules -->\n\n {3}```hcl\n([\s\S]*?) {3}```/.exec(page) ?? [];
  if (blocks === undefined) throw new Error('docs/leaving.md has no such blocks.');
  return blocks;
}

/** The tests are one story: each begins where the one before ended. */
describeWithTools('whoever leaves the Terraform modules by docs/leaving.md', () => {
  let aws: LocalAws;
  let folder: string;
  let tf: Terraform;
  let iam: IAMClient;
  let before: Awaited<ReturnType<typeof readKey>>;
  const write = (text: string): void => writeFileSync(join(folder, 'main.tf'), PROVIDER + text);

  beforeAll(async () => {
    aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
    iam = new IAMClient(aws.clientConfig());
    folder = mkdtempSync(join(tmpdir(), 'leaving-modules-'));
    mkdirSync(join(folder, 'modules'));
    copyFileSync(ARCHIVE, join(folder, 'modules.zip'));
    execFileSync('python3', ['-m', 'zipfile', '-e', 'modules.zip', 'modules'], { cwd: folder });
    tf = terraform(folder, { env: aws.environment });
    write(base(false) + deployer(false));
    await tf.init();
    await tf.apply();
    before = await readKey(aws, SECRET);
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  const expectAsBefore = async (): Promise<void> => {
    expect(await readKey(aws, SECRET)).toEqual(before);
    expect(await whoAmI(aws, { ...before })).toContain('user/ci-deployer');
    const UserName = 'ci-deployer';
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId: before.accessKeyId, Status: 'Active' }]);
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    expect(AttachedPolicies).toMatchObject([{ PolicyArn: READ_ONLY }]);
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    expect(PolicyNames).toHaveLength(1);
  };

  it('announces it first, and that destroys nothing', async () => {
    write(base(true) + deployer(true));

    const { output } = await tf.apply();

    expect(output).toContain('0 destroyed');
    await expectAsBefore();
  });

  it('puts the blocks of the page in the place of a call, and user, policies, key and secret stay as they are', async () => {
    write(base(true) + removedBlocks());

    await tf.apply();

    await expectAsBefore();
    const secret = await new SecretsManagerClient(aws.clientConfig()).send(
      new DescribeSecretCommand({ SecretId: SECRET }),
    );
    expect(secret.RotationEnabled).not.toBe(true);
    expect(secret.DeletedDate).toBeUndefined();
    const { stdout } = await tf.run('state', 'list', '-no-color');
    expect(stdout).not.toContain('module.deployer');
  });

  it('takes the base out then, which leaves no function and no role', async () => {
    write(removedBlocks());

    await tf.apply();

    expect((await tf.run('state', 'list', '-no-color')).stdout).toBe('');
    const { Functions } = await new LambdaClient(aws.clientConfig()).send(new ListFunctionsCommand({}));
    expect(Functions).toEqual([]);
    expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
    await expectAsBefore();
  });
});
