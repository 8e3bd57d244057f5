import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';

import { connect, type AwsConnection, withAwsOptions, withStackOptions } from '../../cli/aws-options';

let home: string;
const before = process.env;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'aws-home-'));
  const config = join(home, 'config');
  writeFileSync(
    config,
    '[profile one]\nregion = eu-north-1\naws_access_key_id = ONE\naws_secret_access_key = x\n' +
      '[profile bare]\naws_access_key_id = BARE\naws_secret_access_key = x\n',
  );
  const kept = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
});
afterEach(() => {
  process.env = before;
  rmSync(home, { recursive: true });
});

const ENVIRONMENT_KEY = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'x' };

const keyOf = async ({ credentials }: AwsConnection): Promise<string> =>
  (typeof credentials === 'function' ? await credentials() : credentials).accessKeyId;

it.each([
  ['the one of what is named', 'named', { region: 'option' }, { AWS_REGION: 'env' }],
  ['--region', 'option', { region: 'option', profile: 'one' }, { AWS_REGION: 'env' }],
  ['AWS_REGION', 'env', { profile: 'one' }, { AWS_REGION: 'env', AWS_DEFAULT_REGION: 'default' }],
  ['AWS_DEFAULT_REGION', 'default', { profile: 'one' }, { AWS_REGION: '', AWS_DEFAULT_REGION: 'default' }],
  ['that of --profile', 'eu-north-1', { profile: 'one' }, {}],
  ['that of AWS_PROFILE', 'eu-north-1', {}, { AWS_PROFILE: 'one' }],
])('the region of a command is %s, before all that comes later', async (_, region, options, env) => {
  Object.assign(process.env, env);
  const named = region === 'named' ? region : undefined;
  expect((await connect(options, named)).region).toBe(region);
});

it('a command without a region says where one is looked for', async () => {
  await expect(connect({ profile: 'bare' })).rejects.toThrow(
    'No region is set. Give --region, set AWS_REGION, or give the profile a region',
  );
});

it.each([
  ['--profile, also where the environment has a key', 'BARE', { profile: 'bare' }, ENVIRONMENT_KEY],
  ['the environment, before AWS_PROFILE', 'ENV', {}, { ...ENVIRONMENT_KEY, AWS_PROFILE: 'one' }],
  ['AWS_PROFILE', 'ONE', {}, { AWS_PROFILE: 'one' }],
])('the credentials of a command are those of %s', async (_, id, options, env) => {
  Object.assign(process.env, env);
  expect(await keyOf(await connect({ region: 'eu-west-1', ...options }))).toBe(id);
});

it.each([
  ['--profile', { profile: 'typo' }, ENVIRONMENT_KEY],
  ['AWS_PROFILE', {}, { AWS_PROFILE: 'typo' }],
])(
  'a command does not go on as the machine where %s names a profile that does not exist',
  async (_, options, env) => {
    Object.assign(process.env, env);
    await expect(connect({ region: 'eu-west-1', ...options })).rejects.toThrow("There is no profile 'typo'");
  },
);

it('the options are the same for every command that talks to AWS', () => {
  const named = (command: Command): readonly (string | undefined)[] =>
    command.options.map(({ long }) => long);
  expect(named(withAwsOptions(new Command()))).toEqual(['--region', '--profile']);
  expect(named(withStackOptions(new Command()))).toEqual(['--region', '--profile', '--prefix']);
});

const START_URL = 'https://example.awsapps.com/start';
const SSO_PROFILE = [
  '[profile person]',
  `sso_start_url = ${START_URL}`,
  'sso_region = eu-west-1',
  'sso_account_id = 111122223333',
  'sso_role_name = admin',
];
const ROLE_PROFILE = [
  '[profile person]',
  'role_arn = arn:aws:iam::111122223333:role/admin',
  'source_profile = bare',
  'region = eu-west-1',
];
const FROM_SSO = JSON.stringify({
  roleCredentials: {
    ...{ accessKeyId: 'SESSION', secretAccessKey: 'x', sessionToken: 'x' },
    expiration: Date.now() + 3_600_000,
  },
});
const FROM_STS =
  '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>SESSION</AccessKeyId>' +
  '<SecretAccessKey>x</SecretAccessKey><SessionToken>x</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>' +
  '</Credentials></AssumeRoleResult></AssumeRoleResponse>';

it.each([
  ['IAM Identity Center', 'SSO', SSO_PROFILE, FROM_SSO],
  ['AWS STS', 'STS', ROLE_PROFILE, FROM_STS],
])(
  'a profile that gets its credentials from %s does so through the proxy',
  async (_, service, lines, answer) => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(String(request.url));
      response.end(answer);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    try {
      const name = createHash('sha1').update(START_URL).digest('hex');
      mkdirSync(join(home, '.aws', 'sso', 'cache'), { recursive: true });
      writeFileSync(
        join(home, '.aws', 'sso', 'cache', `${name}.json`),
        JSON.stringify({ accessToken: 'x', expiresAt: '2099-01-01T00:00:00Z' }),
      );
      appendFileSync(join(home, 'config'), lines.join('\n'));
      Object.assign(process.env, {
        HOME: home,
        http_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        [`AWS_ENDPOINT_URL_${service}`]: 'http://nowhere.invalid',
      });
      expect(await keyOf(await connect({ region: 'eu-west-1', profile: 'person' }))).toBe('SESSION');
      expect(asked).toEqual([expect.stringMatching(/^http:\/\/nowhere\.invalid\//)]);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  },
);
