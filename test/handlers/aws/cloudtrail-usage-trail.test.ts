import {
  CloudTrailClient,
  CloudTrailServiceException,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { mockAws } from '../support/mock-aws';

import { CloudTrailUsageTrail } from '../../../handlers/aws/cloudtrail-usage-trail';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { NOON, keyId } from '../support/fixtures';

const client = new CloudTrailClient({ region: 'eu-west-1' });
const cloudTrail = mockAws(client);
const trail = new CloudTrailUsageTrail(client);
const id = keyId();

const record = {
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ci' },
  sourceIPAddress: '192.0.2.7',
  userAgent: 'aws-cli/2',
};
const event = {
  EventTime: new Date(NOON),
  EventSource: 's3.amazonaws.com',
  EventName: 'ListBuckets',
  Username: 'ci',
  CloudTrailEvent: JSON.stringify(record),
};

afterEach(() => {
  cloudTrail.reset();
});

test('CloudTrail is asked for the calls of that one key', async () => {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  await expect(trail.recentUses(id)).resolves.toEqual([]);
  expect(cloudTrail.commandCalls(LookupEventsCommand)[0]?.args[0].input).toEqual({
    LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: id }],
  });
});

test('a use has moment, call, principal, source address and user agent', async () => {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [event] });
  await expect(trail.recentUses(id)).resolves.toEqual([
    {
      at: NOON,
      call: 's3.amazonaws.com ListBuckets',
      principal: 'arn:aws:iam::111122223333:user/ci',
      sourceAddress: '192.0.2.7',
      userAgent: 'aws-cli/2',
      hasFailed: false,
    },
  ]);
});

test('a use that AWS answered with an error is one that failed', async () => {
  const refused = { ...event, CloudTrailEvent: JSON.stringify({ ...record, errorCode: 'AccessDenied' }) };
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [refused] });
  await expect(trail.recentUses(id)).resolves.toMatchObject([{ hasFailed: true }]);
});

test('a missing field of an event is unknown, and the user name replaces a missing principal', async () => {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [{ ...event, CloudTrailEvent: '{}' }, {}] });
  await expect(trail.recentUses(id)).resolves.toMatchObject([
    { principal: 'ci', sourceAddress: 'unknown', userAgent: 'unknown' },
    { principal: 'unknown', call: 'unknown unknown' },
  ]);
});

test('a record of another shape does not hide that the key is used', async () => {
  const odd = { ...event, CloudTrailEvent: JSON.stringify({ sourceIPAddress: 7 }) };
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [odd] });
  await expect(trail.recentUses(id)).resolves.toMatchObject([{ at: NOON, principal: 'ci' }]);
});

test('a record that is no JSON does not hide that the key is used', async () => {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [{ ...event, CloudTrailEvent: '{"cut' }] });
  await expect(trail.recentUses(id)).resolves.toMatchObject([{ at: NOON, principal: 'ci' }]);
});

test('an answer without a list of uses is no clear answer', async () => {
  cloudTrail.on(LookupEventsCommand).resolves({});
  await expect(trail.recentUses(id)).rejects.toThrow('got no clear answer');
});

test('a failure of CloudTrail is reported like that of every other call', async () => {
  cloudTrail.on(LookupEventsCommand).rejects(
    new CloudTrailServiceException({
      name: 'InternalFailure',
      $fault: 'server',
      $metadata: { httpStatusCode: 500, attempts: 3 },
      message: 'oops',
    }),
  );
  await expect(trail.recentUses(id)).rejects.toThrow(CallUnansweredError);
});
