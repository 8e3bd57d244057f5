import { stableKeyOf } from '../../../handlers/rotate-access-key/stable-key';

const arn = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const PREFIX = 'iam-key-rotation';

describe('the stable key is read from the secret’s name', () => {
  test.each([
    ['ci-deployer', 'ci-deployer'],
    ['legacy_mailer', 'legacy_mailer'],
    ['ends-in-AbCdEf', 'ends-in-AbCdEf'],
  ])('%s', (key, expected) => {
    expect(stableKeyOf(arn(`${PREFIX}/${key}`), PREFIX, undefined)).toBe(expected);
    expect(stableKeyOf(arn(`${PREFIX}/${key}`), PREFIX, key)).toBe(expected);
  });

  test('also in a prefix with slashes, and in other partitions', () => {
    const chinese = arn('team/keys/mailer').replace('arn:aws:', 'arn:aws-cn:');
    expect(stableKeyOf(chinese, 'team/keys', undefined)).toBe('mailer');
  });
});

describe('R9: a function refuses every secret that is none of its own', () => {
  test.each([
    ['another user’s, in a per-user function', arn(`${PREFIX}/other`), 'ci-deployer'],
    ['one whose user begins with the same name', arn(`${PREFIX}/ci-deployer-2`), 'ci-deployer'],
    ['one of another prefix', arn('payroll/ci-deployer'), undefined],
    ['one of a prefix that begins with the same name', arn(`${PREFIX}-2/ci-deployer`), undefined],
    ['one without a prefix', arn('ci-deployer'), undefined],
    [
      'an ARN without Secrets Manager’s six characters',
      arn(`${PREFIX}/ci-deployer`).slice(0, -7),
      'ci-deployer',
    ],
    ['an ARN of something else', `arn:aws:s3:::${PREFIX}/ci-deployer-AbCdEf`, 'ci-deployer'],
  ])('%s', (_name, secretArn, own) => {
    expect(() => stableKeyOf(secretArn, PREFIX, own)).toThrow(/does not rotate secret.*Nothing was changed/);
    expect(() => stableKeyOf(secretArn, PREFIX, own)).toThrow(secretArn);
  });
});
