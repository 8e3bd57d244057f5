import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { leaks } from '../../../../cli/doctor/checks/leaks';
import { contextOf, type Situation } from '../support/context';

const lambda = mockClient(LambdaClient);

describe('the check of leaks', () => {
  const retire = (QUARANTINE?: string) => ({
    FunctionName: 'iam-key-rotation-retire',
    Environment: { Variables: QUARANTINE === undefined ? {} : { QUARANTINE } },
  });
  const responder = { FunctionName: 'iam-key-rotation-respond' };
  const found = (running: object[], situation: Situation = { states: ['base.tfstate'] }) => {
    lambda.reset();
    lambda.on(ListFunctionsCommand).resolves({ Functions: running });
    return leaks.run(contextOf(situation));
  };

  it('finds a base with on_leak = "replace" beside which there is no leak-response', async () => {
    const [only, ...others] = await found([retire('looked-at')]);

    expect(others).toEqual([]);
    expect(only).toMatchObject({ severity: 'problem', subject: 'iam-key-rotation-respond' });
    expect(only?.found).toContain('nobody replaces it');
    expect(only?.remedy).toContain('Add the module leak-response to the folder');
  });

  it('speaks of the construct where the stack is one of CDKTF', async () => {
    const [only] = await found([retire('looked-at')], { folder: 'cdktf.out/stacks/own' });

    expect(only?.remedy).toContain('Add a LeakResponse to the stack in cdktf.out/stacks/own');
  });

  it.each([
    ['the responder is there', [retire('looked-at'), responder]],
    ['the base has on_leak = "notify"', [retire('ignored')]],
    ['the stack answers no leaks', [retire()]],
    ['there is no function at all, which the check of functions says', []],
  ])('finds nothing where %s', async (_what, running) => {
    expect(await found(running)).toEqual([]);
  });

  it('leaves a responder that the stack has, and the account has not, to the check of functions', async () => {
    const respond = { function_name: 'iam-key-rotation-respond' };
    expect(await found([retire('looked-at')], { resources: { aws_lambda_function: { respond } } })).toEqual(
      [],
    );
  });
});
