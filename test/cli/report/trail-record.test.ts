import { knownUsers } from '../../../cli/report/known-users';
import { keyActOf } from '../../../cli/report/read-report';
import { principalOf, recordIn, type TrailRecord } from '../../../cli/report/trail-record';
import { someFacts } from './support/facts';

const EventTime = new Date('2026-11-01T00:00:00Z');

const record = (content: object): TrailRecord =>
  recordIn({ EventTime, CloudTrailEvent: JSON.stringify(content) })!;

describe('a record of CloudTrail', () => {
  it.each([undefined, 'no JSON', '[]', '{"userIdentity": 3}'])(
    'is not read where it is %s',
    (CloudTrailEvent) => {
      expect(recordIn({ EventTime, CloudTrailEvent })).toBeUndefined();
    },
  );

  it.each([
    [
      'the role of a session',
      {
        ...{ type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/app/i-1' },
        sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::1:role/app' } },
      },
      'arn:aws:iam::1:role/app',
    ],
    ['a user', { type: 'IAMUser', arn: 'arn:aws:iam::1:user/jdoe' }, 'arn:aws:iam::1:user/jdoe'],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'secretsmanager.amazonaws.com' },
      'secretsmanager.amazonaws.com',
    ],
    ['another account', { type: 'AWSAccount', accountId: '2', principalId: 'AROA' }, 'account 2 (AROA)'],
    ['nobody', {}, 'unknown'],
  ])('tells that %s made the call', (_, userIdentity, principal) => {
    expect(principalOf(record({ userIdentity }))).toBe(principal);
  });
});

describe('what was done to a key', () => {
  const known = knownUsers(someFacts(3).status);
  const userIdentity = { type: 'IAMUser', arn: 'arn:aws:iam::1:user/jdoe', userName: 'jdoe' };

  it('is told with the id that the answer of CreateAccessKey has', () => {
    const created = record({
      userIdentity,
      requestParameters: { userName: 'svc-backup' },
      responseElements: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: 'svc-backup' } },
    });
    expect(keyActOf('CreateAccessKey', created, known)).toBeUndefined();
    const ofOurs = { ...created, requestParameters: { userName: 'svc-ci-deployer' } };
    expect(keyActOf('CreateAccessKey', ofOurs, known)).toEqual({
      ...{ at: EventTime.getTime(), user: 'ci-deployer', act: 'created', keyId: 'AKIAIOSFODNN7EXAMPLE' },
      ...{ by: 'arn:aws:iam::1:user/jdoe', refused: undefined },
    });
  });

  it('is told of the caller where the call names nobody', () => {
    const own = record({
      userIdentity: { ...userIdentity, userName: 'svc-ci-deployer' },
      requestParameters: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', status: 'Active' },
      errorCode: 'AccessDenied',
    });
    expect(keyActOf('UpdateAccessKey', own, known)).toMatchObject({
      ...{ user: 'ci-deployer', act: 'activated', refused: 'AccessDenied' },
    });
  });
});
