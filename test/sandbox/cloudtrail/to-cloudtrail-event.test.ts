import { toCloudTrailEvent } from '../../../sandbox/cloudtrail/to-cloudtrail-event';
import type { RecordedCall } from '../../../sandbox/front/recorder';

const ROLE = 'arn:aws:iam::111122223333:role/some/path/ci';

const call = (parameters: RecordedCall['parameters']): RecordedCall => ({
  ...{ id: '1', time: new Date(0), service: 'iam', region: 'eu-west-1', action: 'CreateAccessKey' },
  ...{ status: 200, errorCode: undefined, userAgent: 'aws-cli', accessKeyId: undefined },
  principal: { type: 'role', arn: ROLE, callerArn: `${ROLE}/session`, userId: 'AROAEXAMPLE:session' },
  parameters,
});

test('parameters are written as CloudTrail writes them', () => {
  const parameters = { Action: 'CreateAccessKey', Version: '2010-05-08', UserName: 'ci' };
  expect(toCloudTrailEvent('111122223333', call(parameters)).requestParameters).toEqual({ userName: 'ci' });
});

test('the session of a role says whose it is', () => {
  expect(toCloudTrailEvent('111122223333', call({})).userIdentity).toMatchObject({
    type: 'AssumedRole',
    sessionContext: { sessionIssuer: { arn: ROLE, userName: 'ci' } },
  });
});
