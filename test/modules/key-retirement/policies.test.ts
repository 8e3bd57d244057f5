import { awsPlace, iamUserArn } from '../../../modules/aws/aws-place';
import { retirementStatements } from '../../../modules/key-retirement/policies';
import type { RetirementScope } from '../../../modules/key-retirement/policies';
import { policyDocument } from '../../../modules/aws/policy-document';
import type { PolicyStatement } from '../../../modules/aws/policy-document';
import { simulateCall } from '../support/simulate-call';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-retire-failed';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-AbCdEf';
const userArn = iamUserArn(place, '/service/', 'ci');
const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;

const statementsOf = (own: Partial<RetirementScope> = {}): readonly PolicyStatement[] =>
  retirementStatements({
    place,
    stackName: 'production',
    prefix: 'iam-key-rotation',
    users: [{ userArn, userPath: '/service/', functionName: 'iam-key-rotation-ci' }],
    tableArn,
    queueArn,
    ...own,
  });

const may = (action: string, resource: string, context: Record<string, string | string[]> = {}) =>
  simulateCall(statementsOf(), action, resource, context);

it.each(['Delete', 'List', 'Update'])(
  'R9: the role of the retirement function may %s access keys of the stack’s users alone',
  async (verb) => {
    const action = `iam:${verb}AccessKey${verb === 'List' ? 's' : ''}`;

    expect(await may(action, userArn)).toBe(true);
    expect(await may(action, iamUserArn(place, '/service/', 'other'))).toBe(false);
  },
);

it.each([
  ['DescribeSecret', true],
  ['RotateSecret', true],
  ['GetSecretValue', false],
  ['PutSecretValue', false],
  ['UpdateSecretVersionStage', false],
  ['CancelRotateSecret', false],
  ['DeleteSecret', false],
])(
  'R7, R9: the role of the retirement function is allowed %s of the stack’s secrets: %s',
  async (call, allowed) => {
    expect(await may(`secretsmanager:${call}`, secretArn)).toBe(allowed);
    expect(await may(`secretsmanager:${call}`, secretArn.replace('rotation/', 'rotations/'))).toBe(false);
  },
);

const record = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });
const source = (name: string) => ({ 'events:source': [name] });
const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
const ci = functionArn('iam-key-rotation-ci');

const rules = (isChanged: boolean) => ({ 'secretsmanager:ModifyRotationRules': String(isChanged) });
const rotatedBy = (name: string) => ({ 'secretsmanager:RotationLambdaARN': functionArn(name) });

it.each<
  [
    action: string,
    what: string,
    isAllowed: boolean,
    resource: string,
    context?: Record<string, string | string[]>,
  ]
>([
  ['secretsmanager:RotateSecret', 'a secret with its own schedule', true, secretArn, rules(false)],
  ['secretsmanager:RotateSecret', 'a secret with another schedule', false, secretArn, rules(true)],
  [
    'secretsmanager:RotateSecret',
    'a secret with a function of ours',
    true,
    secretArn,
    rotatedBy('iam-key-rotation-ci'),
  ],
  [
    'secretsmanager:RotateSecret',
    'a secret with another function',
    false,
    secretArn,
    rotatedBy('somebody-elses'),
  ],
  ['dynamodb:UpdateItem', 'a record that the request does not name', false, tableArn],
  ['events:PutEvents', 'events that name no source', false, bus],
  ['iam:GetAccessKeyLastUsed', 'a user of the stack', true, userArn],
  ['iam:CreateAccessKey', 'a user of the stack', false, userArn],
  ['iam:DeleteUser', 'a user of the stack', false, userArn],
  ['iam:AttachUserPolicy', 'a user of the stack', false, userArn],
  ['lambda:InvokeFunction', 'a function that rotates, as RotateSecret asks for', true, ci],
  ['lambda:InvokeFunction', 'another function', false, functionArn('iam-key-rotation-retire')],
  ['lambda:UpdateFunctionCode', 'a function that rotates', false, ci],
  ['dynamodb:GetItem', 'journal#ci', true, tableArn, record('journal#ci')],
  ['dynamodb:GetItem', 'sweep', true, tableArn, record('sweep')],
  ['dynamodb:GetItem', 'settings#ci', false, tableArn, record('settings#ci')],
  ['dynamodb:GetItem', 'sweeps', false, tableArn, record('sweeps')],
  ['dynamodb:UpdateItem', 'journal#ci', true, tableArn, record('journal#ci')],
  ['dynamodb:UpdateItem', 'sweep', true, tableArn, record('sweep')],
  ['dynamodb:UpdateItem', 'settings#ci', false, tableArn, record('settings#ci')],
  ['dynamodb:UpdateItem', 'sweeps', false, tableArn, record('sweeps')],
  ['dynamodb:UpdateItem', 'findings#ci', true, tableArn, record('findings#ci')],
  ['dynamodb:GetItem', 'findings#ci', false, tableArn, record('findings#ci')],
  ['dynamodb:UpdateItem', 'notified#ci#keyHeld', false, tableArn, record('notified#ci#keyHeld')],
  ['dynamodb:Scan', 'the table', true, tableArn],
  ['dynamodb:DeleteItem', 'journal#ci', false, tableArn, record('journal#ci')],
  ['dynamodb:PutItem', 'journal#ci', false, tableArn, record('journal#ci')],
  ['events:PutEvents', 'events of its own', true, bus, source('iam-key-rotation')],
  ['events:PutEvents', 'events of somebody else', false, bus, source('aws.iam')],
  ['events:PutEvents', 'another bus', false, bus.replace('default', 'orders'), source('iam-key-rotation')],
  ['cloudtrail:LookupEvents', 'who used a key', true, '*'],
  ['cloudtrail:StopLogging', 'a trail', false, '*'],
  ['sqs:SendMessage', 'its queue of failures', true, queueArn],
  ['sqs:ReceiveMessage', 'its queue of failures', false, queueArn],
])(
  'R9: the role of the retirement function is allowed %s of %s: %s',
  // A parameter that a row does not fill would be Jest's callback.
  async (...[action, , isAllowed, resource, context]) => {
    expect(await may(action, resource, context)).toBe(isAllowed);
  },
);

it.each([
  ['reads what was said of keys where somebody says it', true, 'GetItem', true],
  ['writes no word itself', true, 'UpdateItem', false],
  ['reads no words where nobody waits for one', false, 'GetItem', false],
])('R9: the role of the retirement function %s (R14)', async (_what, acknowledges, call, isAllowed) => {
  const context = record('acknowledgement#ci');
  const statements = statementsOf({ acknowledges });
  expect(await simulateCall(statements, `dynamodb:${call}`, tableArn, context)).toBe(isAllowed);
});

const many = (count: number, prefix = 'iam-key-rotation'): Partial<RetirementScope> => ({
  users: Array.from({ length: count }, (_, index) => ({
    userArn: iamUserArn(place, '/service/', `user-${String(index)}`),
    userPath: '/service/',
    functionName: `${prefix}-user-${String(index)}`,
  })),
});

it('the policy of the retirement function tells functions by what their names begin with when they are too many', () => {
  const resourceOf = (scope: Partial<RetirementScope>): unknown =>
    statementsOf(scope).find(({ Sid }) => Sid === 'RequestRotation')?.Resource;

  expect(resourceOf(many(30))).toHaveLength(30);
  expect(resourceOf(many(60))).toEqual([functionArn('iam-key-rotation-*')]);
});

it('the policy of the retirement function tells users and functions that are made elsewhere by the tag of their stack and the prefix of their names', () => {
  const found = statementsOf({ users: 'tagged' });

  expect(found.find(({ Sid }) => Sid === 'TaggedAccessKeys')).toMatchObject({
    Resource: [iamUserArn(place, '/', '*')],
    Condition: { StringEquals: { 'aws:ResourceTag/iam-key-rotation:stack': 'production' } },
  });
  expect(found.find(({ Sid }) => Sid === 'RequestRotation')?.Resource).toEqual([
    functionArn('iam-key-rotation-*'),
  ]);
});

it('the policy of the retirement function is a valid one before the first user is there', () => {
  const sids = statementsOf({ users: [] }).map(({ Sid }) => Sid);

  expect(sids).not.toContain('AccessKeys');
  expect(sids).not.toContain('RequestRotation');
});

it.each([1, 30, 40, 41, 60, 100, 120, 150, 300, 5000])(
  'the policy of the retirement function fits into what IAM allows for %i users, with the longest names',
  (count) => {
    const prefix = 'p'.repeat(48);
    const document = policyDocument([
      ...statementsOf({
        ...many(count, prefix),
        ...{ prefix, delivers: true, acknowledges: true },
        tableArn: `arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/${prefix}`,
        queueArn: `arn:aws-us-gov:sqs:us-gov-west-1:111122223333:${prefix}-retire-failed`,
      }),
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:/aws/lambda/${prefix}-retire:*`,
      },
    ]);

    expect(document.length).toBeLessThan(10_240);
  },
);
