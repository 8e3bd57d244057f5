import { settingsSchema } from '../../../handlers/core/settings';
import type { Settings } from '../../../handlers/core/settings';
import { settingsItem } from '../../../modules/journal-table/settings-item';

const settings: Settings = {
  stableKey: 'ci-deployer',
  accountId: '111122223333',
  userName: 'deployer@example',
  userId: 'AIDAEXAMPLE',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf',
  overlapSeconds: 86_400,
  gracePeriodSeconds: 0,
  owner: 'the "platform" team',
};

const attributes = (item: string): Record<string, { S?: string; N?: string }> =>
  JSON.parse(item) as Record<string, { S?: string; N?: string }>;

describe('the settings item', () => {
  it('is what the functions can read', () => {
    const { pk, ...rest } = attributes(settingsItem(settings));

    const read = Object.fromEntries(
      Object.entries(rest).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]),
    );
    expect(settingsSchema.parse(read)).toEqual(settings);
    expect(pk).toEqual({ S: 'settings#ci-deployer' });
  });

  it('has numbers as DynamoDB takes them', () => {
    expect(attributes(settingsItem(settings))).toMatchObject({
      overlapSeconds: { N: '86400' },
      gracePeriodSeconds: { N: '0' },
    });
  });

  it('leaves out what is not known', () => {
    expect(attributes(settingsItem({ ...settings, owner: undefined }))).not.toHaveProperty('owner');
  });
});
