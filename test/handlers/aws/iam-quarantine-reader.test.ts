import { IAMClient, ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam';

import { IamQuarantineReader } from '../../../handlers/aws/iam-quarantine-reader';
import { mockAws } from '../support/mock-aws';

const client = new IAMClient({ region: 'us-east-1' });
const iam = mockAws(client);
const quarantine = new IamQuarantineReader(client);

afterEach(() => {
  iam.reset();
});

test('of the policies of a user those of AWS’s quarantine are told, of every page and version', async () => {
  iam
    .on(ListAttachedUserPoliciesCommand)
    .resolvesOnce({
      ...{ IsTruncated: true, Marker: 'next' },
      AttachedPolicies: [{ PolicyName: 'ReadOnlyAccess' }],
    })
    .resolvesOnce({
      IsTruncated: false,
      AttachedPolicies: [{ PolicyName: 'AWSCompromisedKeyQuarantineV9' }],
    });
  await expect(quarantine.policiesOf('ci')).resolves.toEqual(['AWSCompromisedKeyQuarantineV9']);
  expect(iam.commandCalls(ListAttachedUserPoliciesCommand)[1]?.args[0].input).toMatchObject({
    Marker: 'next',
  });
});

test('an answer without a list is none', async () => {
  iam.on(ListAttachedUserPoliciesCommand).resolves({ IsTruncated: false });
  await expect(quarantine.policiesOf('ci')).rejects.toThrow('holds no list');
});
