import { stableKeyIn } from '../../../../handlers/core/model/stable-key';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';

it.each([
  ['iam-key-rotation', `${ARN}iam-key-rotation/ci-deployer-a1B2c3`, 'ci-deployer'],
  ['iam-key-rotation', `${ARN}iam-key-rotation/ci-deploy/key-a1B2c3`, 'ci-deploy'],
  ['prod/payments', `${ARN}prod/payments/ci-deployer-a1B2c3`, 'ci-deployer'],
  ['prod', `${ARN}prod/payments-a1B2c3`, 'payments'],
  ['iam-key-rotation', `${ARN}other/ci-deployer-a1B2c3`, undefined],
  ['iam-key-rotation', `${ARN}iam-key-rotation/ci-deployer`, undefined],
  ['iam-key-rotation', 'iam-key-rotation/ci-deployer-a1B2c3', undefined],
])('with the prefix %s the stable key in %s is %s', (prefix, arn, stableKey) => {
  expect(stableKeyIn(arn, prefix)).toBe(stableKey);
});

it('a stable key is looked for in a text of megabytes without a time-out', () => {
  const begin = performance.now();

  expect(stableKeyIn(':secret:'.repeat(500_000), 'iam-key-rotation')).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(30_000);
});
