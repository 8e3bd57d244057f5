import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

import { newCommand } from '../../../cli/commands/import-blocks';
import { STACK_FILE } from '../../../cli/import-blocks/synthesized-stack';

const item = (key: string): object => ({ pk: { S: key }, userId: { S: '${aws_iam_user.a.unique_id}' } });
const tableItem = (key: string): object => ({
  hash_key: 'pk',
  item: JSON.stringify(item(key)),
  table_name: '${aws_dynamodb_table.journal.name}',
});

const sts = mockClient(STSClient);
const secrets = mockClient(SecretsManagerClient);
const dynamodb = mockClient(DynamoDBClient);
let folder: string;
let [out, errors] = ['', ''];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-'));
  [out, errors] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true));
  sts.reset();
  secrets.reset();
  dynamodb.reset();
  sts.on(GetCallerIdentityCommand).resolves({
    Account: '111122223333',
    Arn: 'arn:aws-us-gov:sts::111122223333:assumed-role/admin/x',
  });
  secrets
    .on(DescribeSecretCommand)
    .rejects(new ResourceNotFoundException({ message: 'no such secret', $metadata: {} }));
  dynamodb.on(DeleteItemCommand).resolves({});
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (resource: object, ...args: string[]): Promise<unknown> => {
  const provider = { aws: [{ region: 'us-gov-west-1', allowed_account_ids: ['111122223333'] }] };
  writeFileSync(join(folder, STACK_FILE), JSON.stringify({ provider, resource }));
  return newCommand().parseAsync([folder, ...args], { from: 'user' });
};
const table = { aws_dynamodb_table: { journal: { name: 'keys' } } };

it('import-blocks writes imports.tf, in the partition of the caller, and names what is not there', async () => {
  await run({
    aws_sns_topic: { alerts: { name: 'alerts' } },
    aws_secretsmanager_secret: { a: { name: 'keys/a' } },
  });

  expect(readFileSync(join(folder, 'imports.tf'), 'utf8')).toContain(
    'to = aws_sns_topic.alerts\n  id = "arn:aws-us-gov:sns:us-gov-west-1:111122223333:alerts"',
  );
  expect(out).toContain('1 to import; 0 that Terraform makes again');
  expect(errors).toBe('aws_secretsmanager_secret.a is not in AWS: Terraform will make it.\n');
});

it('import-blocks does nothing with the credentials of another account', async () => {
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '444455556666', Arn: 'arn:aws:iam::444455556666:user/x' });

  await expect(run(table)).rejects.toThrow('belongs to account 111122223333');

  expect(existsSync(join(folder, 'imports.tf'))).toBe(false);
});

it('import-blocks fails on an answer that does not say whether something is there', async () => {
  secrets.on(DescribeSecretCommand).rejects(new Error('AccessDenied'));

  await expect(run({ aws_secretsmanager_secret: { a: { name: 'keys/a' } } })).rejects.toThrow('AccessDenied');

  expect(existsSync(join(folder, 'imports.tf'))).toBe(false);
});

it('import-blocks removes the settings of the users, and nothing else, where the table is named', async () => {
  const items = { aws_dynamodb_table_item: { a: tableItem('settings#a'), b: tableItem('settings#b') } };

  await run({ ...table, ...items }, '--remove-settings', 'keys');

  expect(dynamodb.commandCalls(DeleteItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { TableName: 'keys', Key: { pk: { S: 'settings#a' } } },
    { TableName: 'keys', Key: { pk: { S: 'settings#b' } } },
  ]);
  expect(existsSync(join(folder, 'imports.tf'))).toBe(false);
});

it.each([
  ['another table is named', 'settings#a', 'other', 'in table keys, not in other'],
  ['an item is no settings', 'journal#a', 'keys', 'which holds no settings'],
])('import-blocks removes nothing where %s', async (_, key, named, said) => {
  const items = { aws_dynamodb_table_item: { ok: tableItem('settings#ok'), a: tableItem(key) } };

  await expect(run({ ...table, ...items }, '--remove-settings', named)).rejects.toThrow(said);

  expect(dynamodb.commandCalls(DeleteItemCommand)).toEqual([]);
});
