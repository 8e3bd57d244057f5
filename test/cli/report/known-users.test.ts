import { knownUsers } from '../../../cli/report/known-users';
import { someFacts } from './support/facts';

const { status } = someFacts(3);
const known = knownUsers(status);
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf';

describe('whose a record is', () => {
  it.each([ARN, ARN.slice(0, -7), 'iam-key-rotation/ci-deployer'])('is known from the secret %s', (id) => {
    expect(known.ofSecret(id)).toBe('ci-deployer');
  });

  it('is known of a user that the configuration has no more', () => {
    expect(known.ofSecret('iam-key-rotation/gone')).toBe('gone');
    expect(known.ofSecret(ARN.replace('ci-deployer', 'gone'))).toBe('gone');
  });

  it.each([undefined, 'other/ci-deployer', 'iam-key-rotation/a/b', 'ci-deployer'])(
    'is nobody of the stack with the secret %s',
    (id) => {
      expect(known.ofSecret(id)).toBeUndefined();
    },
  );

  it('is known from the IAM user, in small and large letters, and from the key', () => {
    expect(known.ofIamUser('SVC-ci-deployer')).toBe('ci-deployer');
    expect(known.ofKey(status.users[0]!.keys[0]!.id)).toBe('ci-deployer');
    expect(known.ofIamUser('ci-deployer')).toBeUndefined();
  });
});
