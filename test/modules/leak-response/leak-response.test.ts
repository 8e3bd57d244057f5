import { LEAK_CODES } from '../../../contract/leaks';
import { awsPlace } from '../../../modules/aws/aws-place';
import { RESERVED_STABLE_KEYS } from '../../../modules/aws/names';
import {
  drillPattern,
  healthPattern,
  leakPattern,
  quarantinePattern,
} from '../../../modules/leak-response/event-patterns';
import { otherFunctions, responderStatements } from '../../../modules/leak-response/policies';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import { aStack, aUser } from '../support/configurations';
import { simulateCall } from '../support/simulate-call';
import { synthesize } from '../support/synthesize';

const users = [aUser('a'), aUser('b')];
const notifies = synthesize(aStack(users));
const replaces = synthesize(aStack(users, { onLeak: 'replace' }));

it('a stack that only tells has rules for it, in the regions where AWS reports, and no right more', () => {
  expect(notifies.addresses.filter((address) => /leak|respond/.test(address)).toSorted()).toEqual([
    'aws_cloudwatch_event_rule.leak-events',
    'aws_cloudwatch_event_rule.leak-events-backup',
    'aws_cloudwatch_event_rule.leak-health',
    'aws_cloudwatch_event_rule.leak-quarantine',
    'aws_cloudwatch_event_target.leak-events',
    'aws_cloudwatch_event_target.leak-events-backup',
    'aws_cloudwatch_event_target.leak-health',
    'aws_cloudwatch_event_target.leak-quarantine',
    'aws_iam_role.leak-events',
    'aws_iam_role_policy.leak-events',
    'aws_lambda_permission.leak-health',
    'aws_lambda_permission.leak-quarantine',
  ]);
  expect(notifies.text).not.toMatch(/ListAttachedUserPolicies|QUARANTINE/);
});

it('a stack that replaces has a responder besides, and every address that it had', () => {
  expect(replaces.addresses.filter((address) => !notifies.addresses.includes(address)).toSorted()).toEqual([
    'aws_cloudwatch_log_group.respond',
    'aws_iam_role.respond',
    'aws_iam_role_policy.respond',
    'aws_lambda_function.respond',
    'aws_lambda_function_event_invoke_config.respond',
    'terraform_data.respond_role',
  ]);
  expect(notifies.addresses.filter((address) => !replaces.addresses.includes(address))).toEqual([]);
});

it('no user has the address of a role of every stack: such a stable key is reserved', () => {
  const roles = notifies.addresses.flatMap((address) => /^aws_iam_role\.(.*)$/.exec(address)?.[1] ?? []);
  const ofStack = roles.filter((name) => !['a', 'b'].includes(name));
  expect(ofStack).toContain('leak-events');
  expect(RESERVED_STABLE_KEYS).toEqual(expect.arrayContaining(ofStack));
});

it('where IAM’s events arrive anyway, only Health’s second region is brought', () => {
  const { addresses } = synthesize(aStack(users, { region: 'us-east-1' }));
  expect(addresses.filter((address) => address.startsWith('aws_cloudwatch_event_rule.leak-events'))).toEqual([
    'aws_cloudwatch_event_rule.leak-events-backup',
  ]);
});

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-notify-failed';
const fn = (name: string): string =>
  `arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-${name}`;

it.each<[action: string, what: string, isAllowed: boolean, resource: string]>([
  ['lambda:InvokeFunction', 'the function of a user', true, fn('ci')],
  ['lambda:InvokeFunction', 'another function', false, fn('retire')],
  ['lambda:UpdateFunctionCode', 'the function of a user', false, fn('ci')],
  ['dynamodb:Scan', 'the table', true, tableArn],
  ['dynamodb:UpdateItem', 'the table', false, tableArn],
  ['iam:UpdateAccessKey', 'the user', false, 'arn:aws:iam::111122223333:user/ci'],
  ['iam:DetachUserPolicy', 'the user', false, 'arn:aws:iam::111122223333:user/ci'],
  [
    'secretsmanager:GetSecretValue',
    'the secret',
    false,
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x',
  ],
  ['cloudtrail:LookupEvents', 'the event history', true, '*'],
  ['sqs:SendMessage', 'the queue of what failed', true, queueArn],
  ['sqs:ReceiveMessage', 'the queue of what failed', false, queueArn],
])('the responder: %s on %s is allowed: %s', async (action, _what, isAllowed, resource) => {
  const statements = responderStatements({
    ...{ place, prefix: 'iam-key-rotation', tableArn, queueArn },
    rotating: ['iam-key-rotation-ci', 'iam-key-rotation-mailer'],
  });
  expect(await simulateCall(statements, action, resource)).toBe(isAllowed);
});

describe.each([
  ['with more users than a policy has room for', Array.from({ length: 500 }, (_, index) => `user_${index}`)],
  [
    'with as many, of whom one is called as a delivery function that is not there',
    [...Array(500)].map((_, index) => (index === 7 ? 'deliver' : `user_${index}`)),
  ],
])('%s, the functions are told by what their names begin with', (_what, keys) => {
  const statements = responderStatements({
    ...{ place, prefix: 'iam-key-rotation', tableArn, queueArn },
    rotating: keys.map((key) => `iam-key-rotation-${key}`),
  });

  it('and each of them may be invoked', async () => {
    for (const key of [keys[0]!, keys[7]!, keys.at(-1)!])
      expect(await simulateCall(statements, 'lambda:InvokeFunction', fn(key))).toBe(true);
  });

  it('but none of the stack that rotates no key', async () => {
    const others = otherFunctions('iam-key-rotation').map((name) => name.replace('iam-key-rotation-', ''));
    expect(others).toEqual(expect.arrayContaining(['retire', 'notify', 'respond']));
    for (const name of others.filter((other) => !keys.includes(other)))
      for (const which of ['', ':$LATEST', ':1', ':live'])
        expect(await simulateCall(statements, 'lambda:InvokeFunction', fn(`${name}${which}`))).toBe(false);
  });
});

const event = { account: '111122223333', region: 'us-east-1' };
const health = (code: string) => ({
  ...{ ...event, source: 'aws.health', 'detail-type': 'AWS Health Event' },
  detail: { service: 'RISK', eventTypeCode: code },
});
const attached = (policyArn: string) => ({
  ...{ ...event, source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail' },
  detail: { eventName: 'AttachUserPolicy', requestParameters: { userName: 'ci', policyArn } },
});

describe.each([
  ['in the region of the stack', [healthPattern(place), quarantinePattern(place)]],
  ['in the region that AWS reports to', [leakPattern(place)]],
  ['there, by a stack with drills', [leakPattern(place, 'iam-key-rotation')]],
])('what is heard %s', (_where, patterns) => {
  const isHeard = (one: object): boolean => patterns.some((pattern) => matchesPattern(pattern, one));

  it.each([...LEAK_CODES, 'AWS_RISK_OF_TOMORROW'])('%s', (code) => {
    expect(isHeard(health(code))).toBe(true);
    expect(isHeard({ ...health(code), account: '444455556666' })).toBe(false);
    expect(isHeard({ ...health(code), source: 'iam-key-rotation' })).toBe(false);
  });

  it.each(['', 'V1', 'V4', 'V9'])('the quarantine policy %s', (version) => {
    expect(isHeard(attached(`arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine${version}`))).toBe(true);
  });

  it('no attempt that was refused', () => {
    const { detail, ...rest } = attached('arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3');
    expect(isHeard({ ...rest, detail: { ...detail, errorCode: 'AccessDenied' } })).toBe(false);
  });

  it('no other policy, and none of the account’s own that is called alike', () => {
    expect(isHeard(attached('arn:aws:iam::aws:policy/ReadOnlyAccess'))).toBe(false);
    expect(isHeard(attached('arn:aws:iam::111122223333:policy/AWSCompromisedKeyQuarantineV3'))).toBe(false);
  });
});

describe('drills', () => {
  const ofDrills = synthesize(aStack(users, { onLeak: 'replace', leakDrill: 'a' }));

  it('a stack with a user for drills has one rule besides, and its responder knows the user', () => {
    expect(ofDrills.addresses.filter((address) => !replaces.addresses.includes(address)).toSorted()).toEqual([
      'aws_cloudwatch_event_rule.leak-drill',
      'aws_cloudwatch_event_target.leak-drill',
      'aws_lambda_permission.leak-drill',
    ]);
    expect(ofDrills.text).toContain('"DRILL_USER": "a"');
  });

  it('a stack without one hears of no drill, and its responder knows no user', () => {
    for (const stack of [notifies, replaces])
      expect(stack.text).not.toMatch(/DRILL_USER|leak-drill|Leak Drill/);
  });

  const drill = (detail: object) => ({
    ...{ ...event, source: 'iam-key-rotation.drill', 'detail-type': 'Leak Drill' },
    detail: { keyId: 'AKIAMMMMMMMM1EXAMPLE', at: '2026-11-29T12:00:00Z', ...detail },
  });

  it.each([
    ['in the region of the stack', drillPattern(place, 'iam-key-rotation')],
    ['in the region that AWS reports to', leakPattern(place, 'iam-key-rotation')],
  ])('%s those of the stack are heard', (_where, pattern) => {
    expect(matchesPattern(pattern, drill({ stack: 'iam-key-rotation' }))).toBe(true);
    expect(matchesPattern(pattern, drill({ stack: 'iam-key-rotation-2' }))).toBe(false);
    expect(
      matchesPattern(pattern, { ...drill({ stack: 'iam-key-rotation' }), account: '444455556666' }),
    ).toBe(false);
  });

  it('without a user for drills none is brought from there', () => {
    expect(matchesPattern(leakPattern(place), drill({ stack: 'iam-key-rotation' }))).toBe(false);
  });

  it.each([healthPattern(place), quarantinePattern(place)])(
    'no drill passes for a report of AWS',
    (pattern) => {
      expect(matchesPattern(pattern, drill({ stack: 'iam-key-rotation', service: 'RISK' }))).toBe(false);
    },
  );
});
