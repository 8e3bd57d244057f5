import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { lookupEvents } from '../../../sandbox/cloudtrail/lookup-events';
import type { AuthenticatedCall } from '../../../sandbox/front/api-call';
import { serviceEvent, type ServiceEvent } from '../../../sandbox/secrets-manager/rotation-events';
import type { Secret } from '../../../sandbox/secrets-manager/secret';
import { ACCOUNT, ADMIN, type FrontAlone, startFrontAlone } from '../support/front-alone';

const USER = { userId: 'AIDAEXAMPLE', userName: 'ci', arn: `arn:aws:iam::${ACCOUNT}:user/service/ci` };

interface Found {
  readonly Events: readonly {
    readonly EventName: string;
    readonly Username: string;
    readonly CloudTrailEvent: string;
  }[];
  readonly NextToken?: string;
}

let front: FrontAlone;
let reports: readonly ServiceEvent[] = [];
beforeEach(async () => (front = await startFrontAlone()));
afterEach(async () => {
  reports = [];
  await front.stop();
});

const callAs = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
  new STSClient(front.client(credentials)).send(new GetCallerIdentityCommand({}));

async function lookup(parameters: object): Promise<Found> {
  const operation = lookupEvents(ACCOUNT, front.recorder, () => reports)['cloudtrail:LookupEvents'];
  const answer = await operation?.({ parameters, region: 'eu-west-1' } as unknown as AuthenticatedCall);
  return JSON.parse(answer?.body.toString('utf8') ?? '') as Found;
}
const byKey = (AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue }],
});

test('LookupEvents tells who used an access key, and nothing of other keys', async () => {
  const key = front.keys.create(USER);
  await callAs({ accessKeyId: key.id, secretAccessKey: key.secretAccessKey });
  await callAs(ADMIN);
  const { Events } = await lookup(byKey(key.id));
  expect(Events).toMatchObject([{ EventName: 'GetCallerIdentity', Username: 'ci' }]);
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({
    ...{ eventSource: 'sts.amazonaws.com', sourceIPAddress: '127.0.0.1' },
    userIdentity: { type: 'IAMUser', arn: USER.arn, accessKeyId: key.id },
    userAgent: expect.stringContaining('aws-sdk-js') as string,
  });
});

test('LookupEvents gives pages, newest first', async () => {
  for (let i = 0; i < 3; i += 1) await callAs(ADMIN);
  const first = await lookup({ ...byKey(ADMIN.accessKeyId), MaxResults: 2 });
  expect(first.Events).toHaveLength(2);
  const second = await lookup({ ...byKey(ADMIN.accessKeyId), MaxResults: 2, NextToken: first.NextToken });
  expect(second.Events).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
});

test('LookupEvents keeps to the time asked for', async () => {
  await callAs(ADMIN);
  const inAnHour = Date.now() / 1000 + 3600;
  expect((await lookup({ StartTime: inAnHour })).Events).toEqual([]);
  expect((await lookup({ EndTime: inAnHour })).Events).toHaveLength(1);
});

test('LookupEvents has what Secrets Manager reports of itself, in the region of the secret, among the calls', async () => {
  await callAs(ADMIN);
  const secretArn = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:ci-AbCdEf`;
  const secret = { region: 'eu-west-1', arn: secretArn } as Secret;
  const later = new Date(Date.now() + 5000);
  const about = { secret, token: 'token', accountId: ACCOUNT, now: later };
  reports = [
    serviceEvent('RotationStarted', about),
    serviceEvent('RotationStarted', { ...about, secret: { ...secret, region: 'us-east-1' } }),
  ];
  const { Events } = await lookup({});
  expect(Events.map(({ EventName }) => EventName)).toEqual(['RotationStarted', 'GetCallerIdentity']);
  expect(JSON.parse(Events[0]!.CloudTrailEvent)).toMatchObject({
    additionalEventData: { SecretId: secretArn },
  });
});
