import { SecretMaterial } from '../../../contract/secret-material';
import { environmentWith } from '../../../cli/exec/environment';

const key = {
  accessKeyId: 'AKIANEWEXAMPLE',
  secretAccessKey: new SecretMaterial('the new one'),
  accountId: '111122223333',
  createdAt: undefined,
};
const KEY = { AWS_ACCESS_KEY_ID: 'AKIANEWEXAMPLE', AWS_SECRET_ACCESS_KEY: 'the new one' };
const REGIONS = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' };

it('a program gets the key and nothing of the credentials of its caller', () => {
  const caller = {
    PATH: '/bin',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'AKIAOLDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'the old one',
    AWS_SESSION_TOKEN: 'token',
    AWS_PROFILE: 'admin',
    AWS_DEFAULT_PROFILE: 'admin',
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/x',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:2',
    aws_session_token: 'as Windows has it',
  };
  expect(environmentWith(key, caller, 'eu-west-1')).toEqual({
    PATH: '/bin',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    ...KEY,
    ...REGIONS,
  });
});

it('R7: a program alone gets the key: the environment of its caller stays as it is', () => {
  const caller = Object.freeze({ PATH: '/bin' });
  const before = { ...process.env };
  expect(environmentWith(key, caller, 'eu-west-1')).not.toBe(caller);
  expect(caller).toEqual({ PATH: '/bin' });
  expect(process.env).toEqual(before);
});

it.each([
  [{}, REGIONS],
  [{ AWS_REGION: '' }, REGIONS],
  [{ AWS_REGION: 'us-east-1' }, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' }],
  [{ AWS_DEFAULT_REGION: 'us-east-1' }, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' }],
  [
    { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-north-1' },
    { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-north-1' },
  ],
])('a program has the regions that its caller set, and else that of the secret: %j', (caller, regions) => {
  expect(environmentWith(key, caller, 'eu-west-1')).toEqual({ ...KEY, ...regions });
});

it('a program with an account id in its environment has that of the key', () => {
  const caller = { ...REGIONS, AWS_ACCOUNT_ID: '999999999999' };
  expect(environmentWith(key, caller, 'eu-west-1')['AWS_ACCOUNT_ID']).toBe('111122223333');
  const unknown = environmentWith({ ...key, accountId: undefined }, caller, 'eu-west-1');
  expect(unknown).not.toHaveProperty('AWS_ACCOUNT_ID');
});
