import { stableKeyOf } from '../../../handlers/rotate-access-key/stable-key';

const arn = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const PREFIX = 'iam-key-rotation';

test.each([
  ['ci-deployer', 'ci-deployer'],
  ['legacy_mailer', 'legacy_mailer'],
  ['ends-in-AbCdEf', 'ends-in-AbCdEf/key'],
])('the stable key %s is read from the name of its secret', (key, name) => {
  expect(stableKeyOf(arn(`${PREFIX}/${name}`), PREFIX, undefined)).toBe(key);
  expect(stableKeyOf(arn(`${PREFIX}/${name}`), PREFIX, key)).toBe(key);
});

test('the stable key is read also after a prefix with slashes, and in other partitions', () => {
  const chinese = arn('team/keys/mailer').replace('arn:aws:', 'arn:aws-cn:');
  expect(stableKeyOf(chinese, 'team/keys', undefined)).toBe('mailer');
});

test.each([
  ['another user’s secret, in a per-user function', arn(`${PREFIX}/other`), 'ci-deployer'],
  ['a secret whose user begins with the same name', arn(`${PREFIX}/ci-deployer-2`), 'ci-deployer'],
  ['a secret of another prefix', arn('payroll/ci-deployer'), undefined],
  ['a secret of a prefix that begins with the same name', arn(`${PREFIX}-2/ci-deployer`), undefined],
  ['a secret without a prefix', arn('ci-deployer'), undefined],
  ['a secret whose name would end like an ARN', arn(`${PREFIX}/ends-in-AbCdEf`), undefined],
  [
    'an ARN without Secrets Manager’s six characters',
    arn(`${PREFIX}/ci-deployer`).slice(0, -7),
    'ci-deployer',
  ],
  ['an ARN of something else', `arn:aws:s3:::${PREFIX}/ci-deployer-AbCdEf`, 'ci-deployer'],
])('R9: a function refuses %s, which is none of its own', (_name, secretArn, own) => {
  expect(() => stableKeyOf(secretArn, PREFIX, own)).toThrow(/does not rotate secret.*Nothing was changed/);
  expect(() => stableKeyOf(secretArn, PREFIX, own)).toThrow(secretArn);
});
