import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { code } from '../../../../cli/doctor/checks/code';
import { functions } from '../../../../cli/doctor/checks/functions';
import { Expected } from '../../../../cli/doctor/expected';
import { contextOf } from '../support/context';

const lambda = mockClient(LambdaClient);
const NAME = 'iam-key-rotation-retire';
/** Of the text `zip`, as Lambda gives it. */
const HASH = 'SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=';

describe('the checks of functions and their code', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-'));
    writeFileSync(join(folder, 'code.zip'), 'zip');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const context = () => {
    const retire = { function_name: NAME, filename: 'code.zip' };
    return contextOf({ folder, resources: { aws_lambda_function: { retire } } });
  };
  const found = async (...running: readonly { FunctionName: string; CodeSha256: string }[]) => {
    lambda.reset();
    lambda.on(ListFunctionsCommand).resolves({ Functions: [...running] });
    const findings = [...(await functions.run(context())), ...(await code.run(context()))];
    return findings.map((finding) => `${finding.subject}: ${finding.found} ${finding.remedy}`);
  };

  it('find nothing where the function runs the zip of the stack', async () => {
    expect(await found({ FunctionName: NAME, CodeSha256: HASH })).toEqual([]);
  });

  it('find other code, and name the command that brings it back', async () => {
    const [only, ...others] = await found({ FunctionName: NAME, CodeSha256: 'other' });

    expect(others).toEqual([]);
    expect(only).toContain('It runs other code than this stack has');
    expect(only).toContain('terraform apply -replace=aws_lambda_function.retire');
  });

  it('could not look at the code where the state does not say which it is, and find a function that is not there', async () => {
    const { stack } = context().expected;
    const expected = new Expected({ states: ['state.json'] }, stack);
    lambda.reset();
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: NAME, CodeSha256: HASH }] });
    await expect(code.run({ ...context(), expected })).rejects.toThrow(
      `The state does not say which code these functions should run: ${NAME}.`,
    );

    lambda.on(ListFunctionsCommand).resolves({});
    const [finding] = await functions.run({ ...context(), expected });
    expect(finding?.remedy).toBe(
      'Run terraform apply in the folder of the configuration whose state this is.',
    );
  });

  it('name a function of a module so that a shell takes it for one word', async () => {
    const address = 'module.user["ci"].aws_lambda_function.user';
    const arguments_ = { function_name: NAME, source_code_hash: Buffer.from(HASH, 'base64').toString('hex') };
    const { stack } = context().expected;
    const resources = [
      ...stack.resources.filter(({ type }) => type === 'aws_dynamodb_table'),
      {
        ...{ type: 'aws_lambda_function', name: 'user', region: 'eu-west-1' },
        address,
        arguments: arguments_,
      },
    ];
    const expected = new Expected({ states: ['-'] }, { ...stack, resources });
    lambda.reset();
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: NAME, CodeSha256: HASH }] });
    expect(await code.run({ ...context(), expected })).toEqual([]);

    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: NAME, CodeSha256: 'other' }] });
    const [finding] = await code.run({ ...context(), expected });
    expect(finding?.remedy).toContain(`terraform apply -replace='${address}'`);
  });

  it('find a function that is not there, once', async () => {
    expect(await found()).toEqual([
      `${NAME}: There is no such function in eu-west-1. Run terraform apply in ${folder}.`,
    ]);
  });
});
