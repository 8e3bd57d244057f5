import { readEvent } from '../../../../handlers/core/notifications/read-event';

const PLACE = {
  ...{ accountId: '111122223333', stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation' },
  ...{ sharded: false, runbookUrl: 'docs/runbook.md' },
};
const EVENT = { id: 'one', account: '111122223333', time: '2026-11-29T12:00:00Z' };

const health = (entityValue: string, account = '111122223333') => ({
  ...{ ...EVENT, account, source: 'aws.health', 'detail-type': 'AWS Health Event' },
  detail: {
    ...{
      service: 'RISK',
      eventTypeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
      eventArn: 'arn:aws:health:::event/1',
    },
    affectedEntities: [{ entityValue }],
  },
});

it('with onLeak: notify people hear of the key that AWS names, by its last four characters', () => {
  const { reports } = readEvent(health('AKIAMMMMMMMM1EXAMPLE'), PLACE);
  expect(reports).toMatchObject([
    {
      phase: 'began',
      kind: 'leakReported',
      user: undefined,
      keyIdSuffix: 'MPLE',
      at: Date.parse(EVENT.time),
    },
  ]);
  expect(JSON.stringify(reports)).not.toContain('AKIAMMMM');
});

it('a user that AWS puts into quarantine is named; the same report twice is about one fault', () => {
  const detail = {
    ...{ eventName: 'AttachUserPolicy', eventTime: '2026-11-29T11:59:00Z', eventSource: 'iam.amazonaws.com' },
    requestParameters: { userName: 'ci', policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV4' },
  };
  const attached = { ...EVENT, source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail };
  const [report] = readEvent(attached, PLACE).reports;
  expect(report).toMatchObject({ kind: 'leakReported' });
  expect(report!.what).toContain('a key of IAM user ci');
  expect(readEvent({ ...attached, id: 'two' }, PLACE).reports[0]!.report).toBe(report!.report);
});

it('a report of another account is told to nobody', () => {
  expect(() => readEvent(health('AKIAMMMMMMMM1EXAMPLE', '444455556666'), PLACE)).toThrow(
    'of another account',
  );
});
