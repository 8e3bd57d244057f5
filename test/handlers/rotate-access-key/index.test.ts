import { marshall } from '@aws-sdk/util-dynamodb';

import type { handler as Handler } from '../../../handlers/rotate-access-key/index';
import { entryUnderTest } from '../support/entry';
import { ARN, secretText, settingsOf } from '../support/fixtures';
import { jsonError, respondAsAws } from '../support/local-endpoint';

const { aws, handler, written } = entryUnderTest<typeof Handler>('rotate-access-key', {
  TABLE_NAME: 'iam-key-rotation',
  STACK: 'iam-key-rotation',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
  STABLE_KEY: 'ci-deployer',
});

const RotationToken = `${secretText()}-rotation`;
const event = { Step: 'createSecret', SecretId: ARN, ClientRequestToken: 't'.repeat(32), RotationToken };

const failureOf = (input: unknown): Promise<Error> =>
  handler(input).then(
    () => new Error('the call did not fail'),
    (error: unknown) => error as Error,
  );

test('a failure is logged with user, secret, step and token, and thrown without a stack trace', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: dynamodb:GetItem'));

  const error = await failureOf(event);

  expect(error).toMatchObject({ name: 'CallRefusedError', stack: 'CallRefusedError' });
  expect(error.message).toContain(`createSecret, secret ${ARN}: DynamoDB GetItem was refused`);
  const line: unknown = JSON.parse(written.find((text) => text.includes('the step failed'))!);
  expect(line).toMatchObject({
    level: 'ERROR',
    user: 'ci-deployer',
    secret: ARN,
    step: 'createSecret',
    token: event.ClientRequestToken,
  });
});

/** What Lambda answers: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js */
const answerOf = ({ name, message, stack }: Error) => ({
  errorType: name,
  errorMessage: message,
  trace: stack!.split('\n'),
});

test('Lambda answers with the text of a failure once, because `terraform apply` prints the whole answer', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: dynamodb:GetItem'));

  for (const input of [event, { ...event, Step: 'createSecrets' }]) {
    const error = await failureOf(input);
    const answer = JSON.stringify(answerOf(error));
    expect(error.message).not.toBe('');
    expect(answer.split(JSON.stringify(error.message).slice(1, -1))).toHaveLength(2);
    expect(answer).not.toMatch(/ at .*\.[jt]s:\d+/);
  }
});

test('a failure is counted, also where the event bus refuses its event', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: events:PutEvents'));

  const error = await failureOf(event);

  expect(error.message).toContain('DynamoDB GetItem was refused');
  const embedded: unknown = JSON.parse(written.find((text) => text.includes('CloudWatchMetrics'))!);
  expect(embedded).toMatchObject({ RotationFailed: 1, Step: 'createSecret', User: 'ci-deployer' });
  expect(written.join('')).toContain('the event bus did not accept');
});

test('R7: neither the log nor the error shows the RotationToken', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'no'));
  const refused = await failureOf(event);
  const mistyped = await failureOf({ ...event, Step: 'createSecrets' });
  const foreign = await failureOf({ ...event, SecretId: ARN.replace('ci-deployer', 'another') });
  expect([refused, mistyped, foreign].map(({ message }) => message).join() + written.join()).not.toContain(
    RotationToken,
  );
});

test('R9: a secret of another user reaches nothing', async () => {
  aws.answerWith(respondAsAws('{}'));
  const error = await failureOf({ ...event, SecretId: ARN.replace('ci-deployer', 'another') });
  expect(error.message).toContain('does not rotate secret');
  expect(aws.requests).toBe(0);
});

test('a step that has nothing to do returns nothing, so that Terraform’s state holds nothing', async () => {
  aws.answerWith(respondAsAws(JSON.stringify({ Item: marshall(settingsOf()) })));
  await expect(handler({ ...event, Step: 'setSecret' })).resolves.toBeUndefined();
});

test('a removal that was not announced is refused where the table has no settings of the user', async () => {
  aws.answerWith(respondAsAws('{}'));
  const error = await failureOf({
    Step: 'guardRemoval',
    SecretId: ARN,
    Announced: false,
    tf: { action: 'delete' },
  });
  expect(error.name).toBe('RemovalRefusedError');
  expect(error.message).toContain('`decommission: true`');
  expect(aws.requests).toBe(1);
});

test('a failure before the step begins is logged as well, because Secrets Manager shows the text of an error nowhere', async () => {
  const mistyped = await failureOf({ ...event, Step: 'createSecrets' });
  const foreign = await failureOf({ ...event, SecretId: ARN.replace('ci-deployer', 'another') });
  expect(written.join('')).toContain('This function does not know such an event');
  expect(written.join('')).toContain('does not rotate secret');
  for (const { name, stack } of [mistyped, foreign]) expect(stack).toBe(name);
});

test('an invocation after a freeze uses none of the connections that died meanwhile', async () => {
  aws.answerWith(respondAsAws(JSON.stringify({ Item: marshall(settingsOf()) })));
  await handler({ ...event, Step: 'setSecret' });
  aws.killKeptConnections();

  await handler({ ...event, Step: 'setSecret' });

  // A request over a dead connection is reset; the SDK would then make this question, but no change, a second time.
  expect(aws.requests).toBe(2);
});
