import { secretName, stableKeyOfSecretName } from '../../contract/names';

describe('the name of a secret', () => {
  it.each([
    ['ci-deployer', 'prod/ci-deployer'],
    ['ci_deploy', 'prod/ci_deploy'],
    ['s3-backup', 'prod/s3-backup/key'],
    ['ses-mailer', 'prod/ses-mailer/key'],
    ['x-a1B2c3', 'prod/x-a1B2c3/key'],
    ['github-runners', 'prod/github-runners'],
  ])('of the stable key %s is %s, and never ends like an ARN', (stableKey, name) => {
    expect(secretName('prod', stableKey)).toBe(name);
    expect(name).not.toMatch(/-[A-Za-z0-9]{6}$/);
    expect(stableKeyOfSecretName(name, 'prod')).toBe(stableKey);
  });

  it.each(['prod/s3-backup', 'prod/ci-deployer/key', 'production/ci', 'ci'])(
    'of a user of this prefix is never %s',
    (name) => {
      expect(stableKeyOfSecretName(name, 'prod')).toBeUndefined();
    },
  );
});
