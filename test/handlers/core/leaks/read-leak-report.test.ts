import { LEAK_CODES } from '../../../../contract/leaks';
import { readLeakReport, type Heard } from '../../../../handlers/core/leaks/read-leak-report';

const KEY = 'AKIAMMMMMMMM1EXAMPLE';
const NOW = Date.parse('2026-11-29T12:00:00Z');

const health = (detail: object): Heard => ({
  ...{ id: 'event-1', source: 'aws.health', 'detail-type': 'AWS Health Event' },
  detail: {
    service: 'RISK',
    eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
    eventArn: 'arn:aws:health:global::event/RISK/one',
    communicationId: 'two',
    startTime: 'Sun, 29 Nov 2026 11:59:00 GMT',
    affectedEntities: [{ entityValue: KEY }],
    ...detail,
  },
});
const attached = (detail: object): Heard => ({
  ...{ id: 'event-2', source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail' },
  detail: {
    ...{ eventName: 'AttachUserPolicy', eventTime: '2026-11-29T11:58:00Z', eventID: 'call-1' },
    requestParameters: {
      userName: 'ci',
      policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV4',
    },
    ...detail,
  },
});

it.each(LEAK_CODES)('%s names the key, since when, and the report', (code) => {
  expect(readLeakReport(health({ eventTypeCode: code }), NOW)).toEqual({
    id: 'arn:aws:health:global::event/RISK/one',
    code,
    isKnown: true,
    at: Date.parse('2026-11-29T11:59:00Z'),
    keyIds: [KEY],
    userNames: [],
  });
});

it('a code that is not known is a report, and not known', () => {
  expect(readLeakReport(health({ eventTypeCode: 'AWS_RISK_OF_TOMORROW' }), NOW)).toMatchObject({
    isKnown: false,
  });
});

it.each([
  ['arn:aws:iam::111122223333:user/service/ci', 'ci'],
  ['ci', 'ci'],
])('an entity that is no key is the user: %s', (entityValue, userName) => {
  expect(readLeakReport(health({ affectedEntities: [{ entityValue }] }), NOW)).toMatchObject({
    keyIds: [],
    userNames: [userName],
  });
});

it('the same entity twice is one; no entity, no time and no ARN are a report all the same', () => {
  const twice = [{ entityValue: KEY }, { entityValue: KEY }];
  expect(readLeakReport(health({ affectedEntities: twice }), NOW)!.keyIds).toEqual([KEY]);
  const bare = { affectedEntities: undefined, startTime: 'soon', eventArn: undefined };
  expect(readLeakReport(health(bare), NOW)).toMatchObject({ id: 'two', at: NOW, keyIds: [], userNames: [] });
});

it('a quarantine policy of any version names the user', () => {
  expect(readLeakReport(attached({}), NOW)).toEqual({
    id: 'call-1',
    code: 'AWSCompromisedKeyQuarantineV4',
    isKnown: true,
    at: Date.parse('2026-11-29T11:58:00Z'),
    keyIds: [],
    userNames: ['ci'],
  });
});

it.each<[string, Heard]>([
  ['another service of Health', health({ service: 'EC2' })],
  ['a call that was refused', attached({ errorCode: 'AccessDenied' })],
  ['another call', attached({ eventName: 'DetachUserPolicy' })],
  [
    'a policy of the account that is called alike',
    attached({
      requestParameters: {
        userName: 'ci',
        policyArn: 'arn:aws:iam::111122223333:policy/AWSCompromisedKeyQuarantineV4',
      },
    }),
  ],
  ['an event of our own', { ...health({}), source: 'iam-key-rotation' }],
])('%s is no report', (_what, heard) => {
  expect(readLeakReport(heard, NOW)).toBeUndefined();
});
