import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { requireDrillUser } from '../../../cli/drill/require-drill-user';
import type { Stack } from '../../../cli/stack';

const lambda = mockClient(LambdaClient);
beforeEach(() => lambda.reset());

const STACK = {
  ...{ prefix: 'keys', region: 'eu-west-1' },
  connection: { region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } },
} as unknown as Stack;

const given = (Variables: Record<string, string> | undefined): void => {
  lambda
    .on(GetFunctionConfigurationCommand, { FunctionName: 'keys-respond' })
    .resolves(Variables === undefined ? {} : { Environment: { Variables } });
};

it('the user whom the responder knows may have a drill', async () => {
  given({ STACK: 'keys', DRILL_USER: 'drills' });
  await expect(requireDrillUser(STACK, 'drills')).resolves.toBeUndefined();
});

it.each<[string, Record<string, string> | undefined, string]>([
  ['another user is for drills', { DRILL_USER: 'drills' }, 'The user for drills is drills.'],
  ['its name is only like it', { DRILL_USER: 'Payments' }, 'The user for drills is Payments.'],
  ['nobody is', { STACK: 'keys' }, 'The stack names no user for drills.'],
  ['there is no environment', undefined, 'The stack names no user for drills.'],
])('where %s, no other user may, and it is said what to set', async (_what, variables, says) => {
  given(variables);
  const asked = requireDrillUser(STACK, 'payments');
  await expect(asked).rejects.toThrow('payments is not the user for drills of stack keys.');
  await expect(asked).rejects.toThrow(says);
  await expect(asked).rejects.toThrow(
    /set onLeak: replace and leakDrill: payments .+ Nothing was changed\.$/,
  );
});

it('without a responder nothing answers a leak, and it is said what a person does', async () => {
  lambda.rejects(new ResourceNotFoundException({ message: 'Function not found', $metadata: {} }));
  await expect(requireDrillUser(STACK, 'drills')).rejects.toThrow(
    /no function keys-respond in eu-west-1: it says onLeak: notify.+`emergency`.+Nothing was changed\.$/,
  );
});

it('what AWS refuses is not taken for a stack without a responder', async () => {
  lambda.rejects(new Error('not authorized'));
  await expect(requireDrillUser(STACK, 'drills')).rejects.toThrow('not authorized');
});
