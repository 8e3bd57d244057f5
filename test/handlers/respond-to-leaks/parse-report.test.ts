import { parseReport } from '../../../handlers/respond-to-leaks/parse-report';

const EVENT = {
  ...{ id: 'one', source: 'aws.health', account: '111122223333', 'detail-type': 'AWS Health Event' },
  detail: {
    service: 'RISK',
    eventTypeCode: 'AWS_RISK_IAM_QUARANTINE',
    affectedEntities: [{ entityValue: 'AKIAMMMMMMMM1EXAMPLE' }],
  },
};

const PLACE = { accountId: '111122223333', stack: 'iam-key-rotation' };

const DRILL = {
  ...{ id: 'one', source: 'iam-key-rotation.drill', account: '111122223333', 'detail-type': 'Leak Drill' },
  detail: { stack: 'iam-key-rotation', keyId: 'AKIAMMMMMMMM1EXAMPLE', at: '2026-11-29T12:00:00Z' },
};

it('a report of the account is read', () => {
  expect(parseReport(EVENT, PLACE, 0)).toMatchObject({
    id: 'one',
    keyIds: ['AKIAMMMMMMMM1EXAMPLE'],
  });
});

it('a drill of the stack is read as one', () => {
  expect(parseReport(DRILL, PLACE, 0)).toEqual({
    ...{ id: 'one', code: 'DRILL', isKnown: true, drill: true, at: Date.parse('2026-11-29T12:00:00Z') },
    ...{ keyIds: ['AKIAMMMMMMMM1EXAMPLE'], userNames: [] },
  });
});

it.each<[string, unknown]>([
  ['a drill of another account', { ...DRILL, account: '444455556666' }],
  ['a drill of another stack', { ...DRILL, detail: { ...DRILL.detail, stack: 'other' } }],
  ['a drill without a key', { ...DRILL, detail: { ...DRILL.detail, keyId: undefined } }],
  ['a drill that calls itself a report of AWS', { ...DRILL, detail: EVENT.detail }],
  ['a report of another account', { ...EVENT, account: '444455556666' }],
  ['an event of our own', { ...EVENT, source: 'iam-key-rotation' }],
  ['an event about something else', { ...EVENT, detail: { service: 'EC2' } }],
  ['nothing', undefined],
])('%s starts nothing, and is not quoted', (_what, event) => {
  expect(() => parseReport(event, PLACE, 0)).toThrow(/was invoked with something else\. Nothing was done\.$/);
});
