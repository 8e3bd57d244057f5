import { GetPolicyCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { permissions } from '../../../../cli/doctor/checks/permissions';
import { contextOf, refusal } from '../support/context';

const lambda = mockClient(LambdaClient);
const NAME = 'iam-key-rotation-ci';
const permission = {
  function_name: NAME,
  statement_id: 'SecretsManager',
  principal: 'secretsmanager.amazonaws.com',
};

const found = async (): Promise<readonly string[]> => {
  const context = contextOf({ resources: { aws_lambda_permission: { ci: permission } } });
  return (await permissions.run(context)).map((finding) => `${finding.subject}: ${finding.found}`);
};
const policy = (Sid: string, Service: string) => ({
  Policy: JSON.stringify({ Statement: [{ Sid, Principal: { Service } }] }),
});
const MISSING = [`${NAME}: Its policy does not let secretsmanager.amazonaws.com invoke it.`];

describe('the check of permissions', () => {
  beforeEach(() => {
    lambda.reset();
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: NAME }] });
  });

  it('finds nothing where the service may invoke the function', async () => {
    lambda.on(GetPolicyCommand).resolves(policy('SecretsManager', 'secretsmanager.amazonaws.com'));
    expect(await found()).toEqual([]);
  });

  it('finds a function without any policy', async () => {
    lambda.on(GetPolicyCommand).rejects(refusal('ResourceNotFoundException'));
    expect(await found()).toEqual(MISSING);
  });

  it('finds a policy that admits another service, or under another name', async () => {
    lambda.on(GetPolicyCommand).resolves(policy('SecretsManager', 'events.amazonaws.com'));
    expect(await found()).toEqual(MISSING);
    lambda.on(GetPolicyCommand).resolves(policy('other', 'secretsmanager.amazonaws.com'));
    expect(await found()).toEqual(MISSING);
  });

  it('leaves a function that is not there to the check of functions', async () => {
    lambda.on(ListFunctionsCommand).resolves({ Functions: [] });
    expect(await found()).toEqual([]);
    expect(lambda.commandCalls(GetPolicyCommand)).toEqual([]);
  });
});
