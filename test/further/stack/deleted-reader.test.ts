import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Terraform, terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { deploySh } from '../../support/deploy-sh';
import { CLI_COMMAND, furnishProject } from '../../support/product';

const READER = 'arn:aws:iam::111122223333:role/ci';
const POLICY = 'aws_secretsmanager_secret_policy.backup';

const CONFIGURATION = `stacks:
  production:
    accountId: '111122223333'
    region: eu-west-1
    protection: off
    secretRecoveryDays: 0
    users:
      backup: { readers: ['${READER}'], selfRenewal: true }
`;

/** As versions wrote it that named readers as principals. */
const POLICY_OF_AN_OLDER_VERSION = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Readers',
      Effect: 'Allow',
      Principal: { AWS: [READER] },
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: '*',
    },
  ],
});

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a reader', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let checkout: string;
  let tf: Terraform;

  beforeAll(async () => {
    aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
    iam = new IAMClient(aws.clientConfig());
    checkout = mkdtempSync(join(tmpdir(), 'deleted-reader-'));
    furnishProject(checkout);
    writeFileSync(join(checkout, 'rotation.yaml'), CONFIGURATION);
    tf = terraform(stackFolder(), { env: aws.environment });
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(checkout, { recursive: true, force: true });
  });

  const stackFolder = (): string => join(checkout, 'cdktf.out', 'stacks', 'production');

  const deployed = async (step: string): Promise<string> => {
    const { exitCode, output } = await deploySh(checkout, aws, [step, 'production'], {
      IAM_KEY_ROTATION: CLI_COMMAND.join(' '),
    });
    if (exitCode !== 0) throw new Error(output);
    return output;
  };

  const createReader = () =>
    iam.send(new CreateRoleCommand({ RoleName: 'ci', AssumeRolePolicyDocument: '{}' }));
  const deleteReader = () => iam.send(new DeleteRoleCommand({ RoleName: 'ci' }));
  const policy = async (): Promise<string> => {
    const secrets = new SecretsManagerClient(aws.clientConfig());
    const command = new GetResourcePolicyCommand({ SecretId: 'iam-key-rotation/backup' });
    return (await secrets.send(command)).ResourcePolicy!;
  };
  const nothingIsLeftToDo = async (): Promise<boolean> => (await tf.plan()).exitCode === 0;

  it('does not have to be there for the first apply, and nothing is left to do after it', async () => {
    await deployed('plan');
    await deployed('apply');

    expect(await policy()).toContain(READER);
    expect(await nothingIsLeftToDo()).toBe(true);
  });

  it('may come, go and come again, and stays admitted without an apply', async () => {
    const before = await policy();
    await createReader();
    expect(await nothingIsLeftToDo()).toBe(true);
    await deleteReader();
    expect(await nothingIsLeftToDo()).toBe(true);
    await createReader();
    expect(await nothingIsLeftToDo()).toBe(true);

    expect(await policy()).toBe(before);
  });

  it('that is a principal, as in the policy of an older version, is shown by its id once it is deleted', async () => {
    const file = join(stackFolder(), 'cdk.tf.json');
    const stack = JSON.parse(readFileSync(file, 'utf8')) as {
      resource: { aws_secretsmanager_secret_policy: { backup: { policy: string } } };
    };
    stack.resource.aws_secretsmanager_secret_policy.backup.policy = POLICY_OF_AN_OLDER_VERSION;
    writeFileSync(file, JSON.stringify(stack));
    await tf.apply();
    expect(JSON.parse(await policy())).toEqual(JSON.parse(POLICY_OF_AN_OLDER_VERSION));

    await deleteReader();

    expect(await policy()).toMatch(/"AWS":"AROA/);
  });

  it('that is such an id lets no plan succeed, and deploy.sh then plans the new policy alone', async () => {
    const output = await deployed('plan');

    expect(output).toContain('contains invalid principals');
    expect(output).toContain('The policy of a secret names a role or user that was deleted');
    expect(output).toContain(`${POLICY} will be updated in-place`);
    expect(output).toContain('Plan: 0 to add, 1 to change, 0 to destroy.');
  });

  it('that is such an id is gone once that plan is applied, and nothing is left to do', async () => {
    await deployed('apply');

    expect(JSON.parse(await policy())).toMatchObject({
      Statement: [{ Principal: { AWS: '*' } }, { Sid: 'SelfRenewal' }],
    });
    expect(await nothingIsLeftToDo()).toBe(true);
  });
});
