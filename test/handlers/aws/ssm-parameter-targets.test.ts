import { PutParameterCommand, SSMClient, SSMServiceException } from '@aws-sdk/client-ssm';

import { SecretMaterial } from '../../../contract/secret-material';
import { SsmParameterTargets } from '../../../handlers/aws/ssm-parameter-targets';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { secretText } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

const onceOnly = new SSMClient({ region: 'eu-west-1', maxAttempts: 1 });
const ssm = mockAws(onceOnly);
const targets = new SsmParameterTargets(onceOnly);

const TARGET = { kind: 'parameter', name: '/payments/aws-key' } as const;
const failure = (name: string, httpStatusCode: number, message: string) =>
  new SSMServiceException({
    ...{ name, $fault: httpStatusCode < 500 ? 'client' : 'server', message },
    $metadata: { httpStatusCode, attempts: 1 },
  });

afterEach(() => ssm.reset());

test('a parameter is a SecureString that is written over, under the key that the target names', async () => {
  ssm.on(PutParameterCommand).resolves({ Version: 2 });
  const text = new SecretMaterial(secretText());
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/a';
  await targets.put(TARGET, text);
  await targets.put({ ...TARGET, kmsKeyArn }, text);
  const usual = { Name: '/payments/aws-key', Value: text.reveal(), Type: 'SecureString', Overwrite: true };
  expect(ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input)).toEqual([
    { ...usual, KeyId: undefined },
    { ...usual, KeyId: kmsKeyArn },
  ]);
});

test('an answer without a version counts as none', async () => {
  ssm.on(PutParameterCommand).resolves({});
  await expect(targets.put(TARGET, new SecretMaterial('{}'))).rejects.toThrow(CallUnansweredError);
});

test('a refusal says which call it was, and never the value (R7)', async () => {
  const text = secretText();
  ssm.on(PutParameterCommand).rejects(failure('AccessDeniedException', 400, `no: ${text}`));
  const put = targets.put(TARGET, new SecretMaterial(text));
  await expect(put).rejects.toThrow(CallRefusedError);
  await expect(put).rejects.toThrow(/^Systems Manager PutParameter was refused with AccessDeniedException/);
  await expect(put).rejects.not.toThrow(text.slice(0, 16));
});

test('a failure of the server may have been performed, and is not tried again', async () => {
  ssm.on(PutParameterCommand).rejects(failure('InternalServerError', 500, 'oops'));
  await expect(targets.put(TARGET, new SecretMaterial('{}'))).rejects.toThrow(CallUnansweredError);
  expect(ssm.commandCalls(PutParameterCommand)).toHaveLength(1);
});
