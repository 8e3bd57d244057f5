import { parseReport } from '../../../handlers/respond-to-leaks/parse-report';

const EVENT = {
  ...{ id: 'one', source: 'aws.health', account: '111122223333', 'detail-type': 'AWS Health Event' },
  detail: {
    service: 'RISK',
    eventTypeCode: 'AWS_RISK_IAM_QUARANTINE',
    affectedEntities: [{ entityValue: 'AKIAMMMMMMMM1EXAMPLE' }],
  },
};

it('a report of the account is read', () => {
  expect(parseReport(EVENT, '111122223333', 0)).toMatchObject({
    id: 'one',
    keyIds: ['AKIAMMMMMMMM1EXAMPLE'],
  });
});

it.each<[string, unknown]>([
  ['a report of another account', { ...EVENT, account: '444455556666' }],
  ['an event of our own', { ...EVENT, source: 'iam-key-rotation' }],
  ['an event about something else', { ...EVENT, detail: { service: 'EC2' } }],
  ['nothing', undefined],
])('%s starts nothing, and is not quoted', (_what, event) => {
  expect(() => parseReport(event, '111122223333', 0)).toThrow(
    /was invoked with something else\. Nothing was done\.$/,
  );
});
