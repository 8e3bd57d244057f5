import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import { LambdaRotationFunctions } from '../../../handlers/aws/lambda-rotation-functions';
import { ARN } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

const client = new LambdaClient({ region: 'eu-west-1' });
const lambda = mockAws(client);
const functions = new LambdaRotationFunctions(client, (user) => `iam-key-rotation-${user}`, 1000);
const INPUT = { Step: 'replaceLeakedKey', SecretId: ARN, LeakedKeyId: 'AKIAMMMMMMMM1EXAMPLE' } as const;

/** As the SDK gives a body, of which the adapter needs no more. */
const bodyOf = (text: string): object => ({ transformToString: () => text });

const answers = (payload: string, FunctionError?: string): void => {
  const answer: object = { StatusCode: 200, FunctionError, Payload: bodyOf(payload) };
  lambda.on(InvokeCommand).resolves(answer);
};

afterEach(() => {
  lambda.reset();
});

test('the function of the user is invoked, and its answer waited for', async () => {
  const leaked = [{ accessKeyId: 'AKIAMMMMMMMM1EXAMPLE', outcome: 'replaced' }];
  answers(JSON.stringify({ leaked, currentAccessKeyId: 'AKIAMMMMMMMM2EXAMPLE' }));
  await expect(functions.replaceLeakedKey('ci', INPUT)).resolves.toEqual({
    leaked,
    currentAccessKeyId: 'AKIAMMMMMMMM2EXAMPLE',
  });
  expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
    FunctionName: 'iam-key-rotation-ci',
    Payload: JSON.stringify(INPUT),
  });
});

test('a function that ends with an error says why', async () => {
  answers('{"errorType":"TryAgainError","errorMessage":"no slot"}', 'Unhandled');
  await expect(functions.replaceLeakedKey('ci', INPUT)).rejects.toThrow(
    'iam-key-rotation-ci ended with TryAgainError: no slot',
  );
});

test.each(['null', '{}', '{"leaked":[{"accessKeyId":"A","outcome":"gone"}]}', 'no JSON'])(
  'an answer that does not say what was done is uncertain: %s',
  async (payload) => {
    answers(payload);
    await expect(functions.replaceLeakedKey('ci', INPUT)).rejects.toThrow('got no clear answer');
  },
);
