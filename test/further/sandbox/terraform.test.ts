import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { strToU8, zipSync } from 'fflate';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { terraform, type Terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

jest.setTimeout(300_000);

/** Answers with what it was asked, and remembers nothing. */
const FUNCTION = `
let count = 0;
export const handler = async (event) => {
  console.log('asked for', event.Step, event.tf?.action);
  return { asked: event.Step, table: process.env.TABLE_NAME };
};`;

describeWithTools('Terraform with the unmodified AWS provider', () => {
  let aws: LocalAws;
  let tf: Terraform;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'local-aws-terraform-'));
    copyFileSync(join(__dirname, 'fixtures', 'main.tf'), join(directory, 'main.tf'));
    writeFileSync(join(directory, 'function.zip'), zipSync({ 'index.mjs': strToU8(FUNCTION) }));
    aws = await startLocalAws();
    tf = terraform(directory, { env: aws.environment });
    await tf.init();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  test('applies, although the answer to an Invoke is lost, and has nothing left to plan', async () => {
    const fault = aws.inject({
      match: { service: 'lambda', action: 'Invoke' },
      fault: { kind: 'loseAnswer', atOnce: true },
    });
    await tf.apply();
    expect(fault.hits).toBe(1);
    await expect(tf.output()).resolves.toEqual({ first: '{"asked":"first","table":"keys"}' });
    await aws.rotationsSettled();
    expect(aws.events().map(({ eventName }) => eventName)).toEqual([
      'TestRotationStarted',
      'TestRotationSucceeded',
    ]);
    const plan = await tf.plan();
    expect(plan.output).toContain('No changes.');
    expect(plan.exitCode).toBe(0);
  });

  test('leaves nothing behind, not even a user with a key that Terraform does not know', async () => {
    const iam = new IAMClient(aws.clientConfig());
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ci.deployer@example' }));
    const dynamo = new DynamoDBClient(aws.clientConfig());
    await expect(dynamo.send(new DeleteTableCommand({ TableName: 'keys' }))).rejects.toThrow(/protect/i);
    await tf.apply('-var=protected=false');
    await tf.destroy('-var=protected=false');
    await expect(iam.send(new ListUsersCommand({}))).resolves.toMatchObject({ Users: [] });
    expect(aws.functionLogs('rotate-ci')).toContain('asked for guard delete');
    await expect(tf.show()).resolves.not.toHaveProperty('values');
  });
});
