import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';

import { findLosses, type Loss } from '../../../cli/check-plan/find-losses';
import { readPlan } from '../../../cli/check-plan/read-plan';
import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Terraform, terraform } from '../../../sandbox/terraform';
import { aStack, aUser } from '../../modules/support/configurations';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const BEFORE = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
`;
const BLOCKS = `
resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "mailer" {
  user = aws_iam_user.mailer.name
}

resource "aws_iam_user_policy_attachment" "mailer" {
  user       = aws_iam_user.mailer.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
`;

/** What the docs say to write into the other configuration. */
function removedBlocks(): string {
  const page = readFileSync(join(__dirname, '../../../docs/existing-users.md'), 'utf8');
  const [, program] = /<!-- tested: forget -->\n\n```hcl\n([\s\S]*?)```/.exec(page) ?? [];
  if (program === undefined) throw new Error('docs/existing-users.md has no such program.');
  return program;
}

/** What `check-plan` would say of the plan that Terraform makes now. */
async function lossesIn(tf: Terraform, folder: string): Promise<readonly Loss[]> {
  await tf.plan('-out=planned');
  const { stdout } = await tf.run('show', '-json', 'planned');
  const file = join(folder, 'plan.json');
  writeFileSync(file, stdout);
  return findLosses(readPlan(file), []).refused;
}

describeWithTools('another Terraform configuration that has a user, its key and its policies', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let tf: Terraform;
  let folder: string;

  beforeAll(async () => {
    aws = await startLocalAws();
    iam = new IAMClient(aws.clientConfig());
    folder = mkdtempSync(join(tmpdir(), 'other-configuration-'));
    tf = terraform(folder, { env: aws.environment });
    writeFileSync(join(folder, 'main.tf'), BEFORE + BLOCKS);
    await tf.init();
    await tf.apply();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  it('would delete the key in use if its blocks were only taken out, and check-plan refuses that', async () => {
    writeFileSync(join(folder, 'main.tf'), BEFORE);

    expect((await lossesIn(tf, folder)).map(({ address }) => address)).toEqual(
      expect.arrayContaining(['aws_iam_access_key.mailer', 'aws_iam_user.mailer']),
    );
  });

  it('would take the policies off a user that stays, and check-plan refuses that, too', async () => {
    const [user] = removedBlocks().split('\n\n');
    writeFileSync(join(folder, 'main.tf'), `${BEFORE}${user ?? ''}`);

    expect((await lossesIn(tf, folder)).map(({ address }) => address).sort()).toEqual([
      'aws_iam_access_key.mailer',
      'aws_iam_user_policy_attachment.mailer',
    ]);
  });

  it('forgets all of them with the blocks of the docs, and everything stays in the account', async () => {
    writeFileSync(join(folder, 'main.tf'), BEFORE + removedBlocks());

    expect(await lossesIn(tf, folder)).toEqual([]);
    const { output } = await tf.apply('planned');

    expect(output).toContain('0 destroyed');
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'mailer' }));
    expect(AccessKeyMetadata).toMatchObject([{ Status: 'Active' }]);
    const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'mailer' }));
    expect(attached.AttachedPolicies).toMatchObject([{ PolicyName: 'ReadOnlyAccess' }]);
  });
});

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a live stack', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let stack: AppliedStack;
  const folder = mkdtempSync(join(tmpdir(), 'live-stack-'));

  const looked = aUser('looked', { userName: 'looked@example', existing: true });
  const made = aUser('made');
  const stackOf = (users: readonly UserConfiguration[], more: Partial<StackConfiguration> = {}) =>
    aStack([...users], { functions: 'shared', secretRecoveryDays: 0, ...more });

  beforeAll(async () => {
    aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
    iam = new IAMClient(aws.clientConfig());
    await iam.send(new CreateUserCommand({ UserName: 'looked@example' }));
    stack = new AppliedStack(aws.environment);
    await stack.apply(stackOf([made, looked]));
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, Partial<StackConfiguration>]>([
    ['region', { region: 'us-east-1' }],
    ['prefix', { prefix: 'another', stackPrefix: 'another', secretPrefix: 'another' }],
  ])('is not planned for another %s, and its state stays as it is', async (_, more) => {
    const before = stack.state();
    const refused = await stack.failToApply(stackOf([made, looked], more));

    expect(refused).toContain('This state is of iam-key-rotation in eu-west-1 of account 111122223333');
    expect(stack.state()).toBe(before);
  });

  it('is refused by check-plan after a user was renamed by hand', async () => {
    const rename = (UserName: string, NewUserName: string) =>
      iam.send(new UpdateUserCommand({ UserName, NewUserName }));
    const { User } = await iam.send(new GetUserCommand({ UserName: 'made' }));
    await rename('made', 'renamed');
    await stack.synthesize(stackOf([made, looked]));

    const losses = await lossesIn(stack.terraform, folder);

    expect(losses).toMatchObject([{ address: 'aws_iam_user.made', kind: 'renamed' }]);
    expect(losses[0]?.what).toContain(`UserId=='${User!.UserId!}'`);
    await rename('renamed', 'made');
  });

  it('lets go of an existing user that its owner deleted, without an announcement', async () => {
    const UserName = 'looked@example';
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    for (const { AccessKeyId } of AccessKeyMetadata) {
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKeyId! }));
    }
    await iam.send(new DeleteUserCommand({ UserName }));
    expect(await stack.failToApply(stackOf([made, looked]))).toContain('NoSuchEntity');

    await stack.apply(stackOf([made]));

    expect((await stack.addresses()).filter((address) => address.includes('looked'))).toEqual([]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('does not let go of a user that is there, without an announcement', async () => {
    expect(await stack.failToApply(stackOf([]))).toContain('this was not announced');
  });
});
