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

describe('R9: the role of the retirement function', () => {
  it.each(['Delete', 'List', 'Update'])('may %s access keys of the stack’s users alone', async (verb) => {
    const action = `iam:${verb}AccessKey${verb === 'List' ? 's' : ''}`;

    expect(await may(action, userArn)).toBe(true);
    expect(await may(action, iamUserArn(place, '/service/', 'other'))).toBe(false);
  });

  it('may look up when a key of the stack’s users was used', async () => {
    expect(await may('iam:GetAccessKeyLastUsed', userArn)).toBe(true);
  });

  it.each(['iam:CreateAccessKey', 'iam:DeleteUser', 'iam:AttachUserPolicy'])('may not %s', async (action) => {
    expect(await may(action, userArn)).toBe(false);
  });

  it.each([
    ['DescribeSecret', true],
    ['RotateSecret', true],
    ['GetSecretValue', false],
    ['PutSecretValue', false],
    ['UpdateSecretVersionStage', false],
    ['CancelRotateSecret', false],
    ['DeleteSecret', false],
  ])('R7: %s of the stack’s secrets: %s', async (call, allowed) => {
    expect(await may(`secretsmanager:${call}`, secretArn)).toBe(allowed);
    expect(await may(`secretsmanager:${call}`, secretArn.replace('rotation/', 'rotations/'))).toBe(false);
  });

  it('may invoke the functions that rotate, which RotateSecret asks for, and no others', async () => {
    expect(await may('lambda:InvokeFunction', functionArn('iam-key-rotation-ci'))).toBe(true);
    expect(await may('lambda:InvokeFunction', functionArn('iam-key-rotation-retire'))).toBe(false);
    expect(await may('lambda:UpdateFunctionCode', functionArn('iam-key-rotation-ci'))).toBe(false);
  });

  const key = (value: string): Record<string, string[]> => ({ 'dynamodb:LeadingKeys': [value] });

  it.each([
    ['journal#ci', true],
    ['sweep', true],
    ['settings#ci', false],
    ['sweeps', false],
  ])('may read and write the record %s by itself: %s', async (record, allowed) => {
    expect(await may('dynamodb:GetItem', tableArn, key(record))).toBe(allowed);
    expect(await may('dynamodb:UpdateItem', tableArn, key(record))).toBe(allowed);
  });

  it('may write down what it found of users, and not read it but with the table', async () => {
    expect(await may('dynamodb:UpdateItem', tableArn, key('findings#ci'))).toBe(true);
    expect(await may('dynamodb:GetItem', tableArn, key('findings#ci'))).toBe(false);
    expect(await may('dynamodb:UpdateItem', tableArn, key('notified#ci#keyHeld'))).toBe(false);
  });

  it('may tell events of its own source on the default bus alone', async () => {
    const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
    const of = (source: string): Record<string, string[]> => ({ 'events:source': [source] });

    expect(await may('events:PutEvents', bus, of('iam-key-rotation'))).toBe(true);
    expect(await may('events:PutEvents', bus, of('aws.iam'))).toBe(false);
    expect(await may('events:PutEvents', bus.replace('default', 'orders'), of('iam-key-rotation'))).toBe(
      false,
    );
  });

  it('may read the whole table, and delete nothing in it', async () => {
    expect(await may('dynamodb:Scan', tableArn)).toBe(true);
    expect(await may('dynamodb:DeleteItem', tableArn, key('journal#ci'))).toBe(false);
    expect(await may('dynamodb:PutItem', tableArn, key('journal#ci'))).toBe(false);
  });

  it('may ask CloudTrail who used a key, and nothing else of CloudTrail', async () => {
    expect(await may('cloudtrail:LookupEvents', '*')).toBe(true);
    expect(await may('cloudtrail:StopLogging', '*')).toBe(false);
  });

  it('may send to its queue of failures, and not read it', async () => {
    expect(await may('sqs:SendMessage', queueArn)).toBe(true);
    expect(await may('sqs:ReceiveMessage', queueArn)).toBe(false);
  });
});

describe('the policy of the retirement function', () => {
  const many = (count: number, prefix = 'iam-key-rotation'): Partial<RetirementScope> => ({
    users: Array.from({ length: count }, (_, index) => ({
      userArn: iamUserArn(place, '/service/', `user-${String(index)}`),
      userPath: '/service/',
      functionName: `${prefix}-user-${String(index)}`,
    })),
  });

  it('tells functions by what their names begin with when they are too many', () => {
    const resourceOf = (scope: Partial<RetirementScope>): unknown =>
      statementsOf(scope).find(({ Sid }) => Sid === 'RequestRotation')?.Resource;

    expect(resourceOf(many(30))).toHaveLength(30);
    expect(resourceOf(many(60))).toEqual([functionArn('iam-key-rotation-*')]);
  });

  it('tells users and functions that are made elsewhere by the tag of their stack and the prefix of their names', () => {
    const found = statementsOf({ users: 'tagged' });

    expect(found.find(({ Sid }) => Sid === 'TaggedAccessKeys')).toMatchObject({
      Resource: [iamUserArn(place, '/', '*')],
      Condition: { StringEquals: { 'aws:ResourceTag/iam-key-rotation:stack': 'production' } },
    });
    expect(found.find(({ Sid }) => Sid === 'RequestRotation')?.Resource).toEqual([
      functionArn('iam-key-rotation-*'),
    ]);
  });

  it('is a valid one before the first user is there', () => {
    const sids = statementsOf({ users: [] }).map(({ Sid }) => Sid);

    expect(sids).not.toContain('AccessKeys');
    expect(sids).not.toContain('RequestRotation');
  });

  it.each([1, 30, 40, 41, 60, 100, 120, 150, 300, 5000])(
    'fits into what IAM allows for %i users, with the longest names',
    (count) => {
      const prefix = 'p'.repeat(48);
      const document = policyDocument([
        ...statementsOf({
          ...many(count, prefix),
          prefix,
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
});
