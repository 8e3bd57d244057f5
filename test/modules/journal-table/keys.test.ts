import {
  findingsItemKey,
  journalItemKey,
  notifiedItemKey,
  settingsItemKey,
  TABLE_PARTITION_KEY,
} from '../../../handlers/core/settings';
import {
  findingsKey,
  journalKey,
  notifiedKey,
  PARTITION_KEY,
  settingsKey,
} from '../../../modules/journal-table/keys';

describe('the keys that Terraform writes and permits', () => {
  it('are those that the functions ask for', () => {
    expect(PARTITION_KEY).toBe(TABLE_PARTITION_KEY);
    expect(settingsKey('ci-deployer')).toBe(settingsItemKey('ci-deployer'));
    expect(findingsKey('ci-deployer')).toBe(findingsItemKey('ci-deployer'));
    expect(journalKey('ci-deployer')).toBe(journalItemKey('ci-deployer'));
    expect(notifiedKey('*#sweepFailed')).toBe(notifiedItemKey(undefined, 'sweepFailed'));
    expect(notifiedKey('ci#unmanagedKey#MPLE')).toBe(notifiedItemKey('ci', 'unmanagedKey', 'MPLE'));
  });
});
