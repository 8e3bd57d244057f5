import { unmarshall } from '@aws-sdk/util-dynamodb';

import { settingsSchema, type StoredSettings } from '../../../contract/settings';
import { settingsItem } from '../../../modules/journal-table/settings-item';

type Item = Parameters<typeof unmarshall>[0];

const settings: StoredSettings = {
  stableKey: 'ci-deployer',
  accountId: '111122223333',
  userName: 'deployer@example',
  userId: 'AIDAEXAMPLE',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf',
  overlapSeconds: 86_400,
  gracePeriodSeconds: 0,
  maximumKeyAgeSeconds: 7_776_000,
  whenStillInUse: 'hold',
  takeOver: ['AKIAIOSFODNN7EXAMPLE', 'AKIAI44QH8DHBEXAMPLE'],
  exemption: { reason: 'the "legacy" box, see #12', until: '2027-02-01T00:00:00.000Z' },
  owner: 'the "platform" team',
  sesSmtp: { region: 'eu-west-1' },
  deliver: [
    { kind: 'secret', id: 'payments/env', fields: { 'a "key"': 'AccessKeyId' } },
    { kind: 'parameter', name: '/payments/key' },
    {
      kind: 'githubActions',
      repository: 'acme/payments',
      secrets: { KEY: 'AccessKeyId' },
      tokenSecret: 'ci/token',
      allowPrivate: ['10.0.0.7'],
    },
    {
      kind: 'https',
      url: 'https://ci.example.com/1',
      method: 'PUT',
      headers: { Authorization: 'Bearer {token}' },
      body: { format: 'json', template: '{"value":"{AccessKeyId}","n":1,"none":null}' },
      tokenSecret: 'ci/token',
    },
  ],
};

const attributes = (item: string): Item => JSON.parse(item) as Item;

it('the settings item is what the functions can read', () => {
  const { pk, ...read } = unmarshall(attributes(settingsItem(settings)));

  expect(settingsSchema.parse(read)).toEqual({
    ...settings,
    exemption: { reason: settings.exemption?.reason, until: Date.UTC(2027, 1, 1) },
  });
  expect(pk).toBe('settings#ci-deployer');
});

it('the settings item can say that all keys are taken over', () => {
  expect(attributes(settingsItem({ ...settings, takeOver: 'all' }))).toMatchObject({
    takeOver: { S: 'all' },
  });
});

it('the settings item has numbers as DynamoDB takes them', () => {
  expect(attributes(settingsItem(settings))).toMatchObject({
    overlapSeconds: { N: '86400' },
    gracePeriodSeconds: { N: '0' },
  });
});

it.each(['owner', 'takeOver', 'exemption', 'sesSmtp'])(
  'the settings item leaves out what is not said: %s',
  (name) => {
    expect(attributes(settingsItem({ ...settings, [name]: undefined }))).not.toHaveProperty(name);
  },
);
