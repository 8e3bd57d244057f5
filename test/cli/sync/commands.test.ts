import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type LocalServices, startLocalServices } from '../../client/support/local-services';
import { ADMIN } from '../../sandbox/support/front-alone';
import { CLI_COMMAND } from '../../support/product';
import { until } from '../../support/until';
import { runCli, RunningCli } from './support/run-cli';

const SECRET = 'iam-key-rotation/app';

let services: LocalServices;
let home: string;
let file: string;
let env: Record<string, string>;
beforeEach(async () => {
  services = await startLocalServices();
  home = mkdtempSync(join(tmpdir(), 'cli-home-'));
  file = join(home, '.aws', 'credentials');
  env = {
    HOME: home,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
  };
});
afterEach(async () => {
  await services.stop();
  rmSync(home, { recursive: true });
});

const profile = (name: string, key: { id: string; secretAccessKey: string }): string =>
  `[${name}]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secretAccessKey}\n`;

it('the command credentials prints the current key as a document for credential_process, and nothing else', async () => {
  const { id, secretAccessKey } = services.rotate();
  const before = Date.now();
  const { exitCode, stdout } = await runCli(['credentials', '--secret-id', SECRET], env);

  const document = JSON.parse(stdout) as Record<string, string>;
  expect(exitCode).toBe(0);
  expect(document).toEqual({
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secretAccessKey,
    Expiration: expect.stringMatching(/^20.*Z$/),
  });
  const ahead = Date.parse(document['Expiration']!) - before;
  expect(ahead).toBeGreaterThan(20 * 60_000 - 1);
  expect(ahead).toBeLessThan(21 * 60_000);
});

it('R7: the command credentials fails with the reason on stderr alone, and without a secret', async () => {
  const { exitCode, stdout, stderr } = await runCli(['credentials', '--secret-id', SECRET], env);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`Secret ${SECRET}: it could not be read in eu-west-1: ResourceNotFoundException`);
});

it('the command credentials refuses an expiration so near that boto3 would start a process for every call', async () => {
  const { exitCode, stderr } = await runCli(
    ['credentials', '--secret-id', SECRET, '--valid-for', '15m'],
    env,
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('from 16m to 12h');
});

it('the command credentials does not start itself for ever where the environment names the profile that it serves', async () => {
  const { id } = services.rotate();
  const config = join(home, 'config');
  const command = [...CLI_COMMAND, 'credentials', '--secret-id', SECRET];
  writeFileSync(
    config,
    `[profile app]\ncredential_process = ${command.join(' ')}\n[profile reader]\naws_access_key_id = ${ADMIN.accessKeyId}\naws_secret_access_key = ${ADMIN.secretAccessKey}\n`,
  );
  const within = {
    ...{ HOME: home, AWS_ENDPOINT_URL: services.endpoint, AWS_REGION: 'eu-west-1' },
    ...{ AWS_CONFIG_FILE: config, AWS_PROFILE: 'app', AWS_EC2_METADATA_DISABLED: 'true' },
  };

  const lost = await runCli(command.slice(CLI_COMMAND.length), within);
  expect(lost.exitCode).toBe(1);
  expect(lost.stderr).toContain('there are no credentials to read it with');

  const found = await runCli([...command.slice(CLI_COMMAND.length), '--reader-profile', 'reader'], within);
  expect(JSON.parse(found.stdout)).toMatchObject({ AccessKeyId: id });
});

const args = ['sync', '--secret-id', SECRET, '--write-profile', 'my app'];
const touch = (name: string): string => `echo x >> '${join(home, name)}'`;
const timesRun = (name: string): number =>
  existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8').split('\n').length - 1 : 0;

it('the command sync writes the profile, runs the command after it, and does neither again while nothing changes', async () => {
  const first = services.rotate();
  const command = ['--on-change', touch('reloaded')];

  const one = await runCli([...args, ...command], env);
  expect(one).toMatchObject({ exitCode: 0, stdout: '' });
  expect(one.stderr).toContain(`Profile my app of ${file} has access key ${first.id} now.`);
  expect(one.stderr).not.toContain(first.secretAccessKey);
  expect(readFileSync(file, 'utf8')).toBe(profile('my app', first));

  const again = await runCli([...args, ...command], env);
  expect(again).toMatchObject({ exitCode: 0, stdout: '' });
  expect(again.stderr).toBe(`Profile my app of ${file} has the current access key ${first.id} already.\n`);
  expect(await runCli([...args, ...command, '--quiet'], env)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(timesRun('reloaded')).toBe(1);

  const second = services.rotate();
  await runCli([...args, ...command], env);
  expect(readFileSync(file, 'utf8')).toBe(profile('my app', second));
  expect(timesRun('reloaded')).toBe(2);
});

it('the command sync with --profile in its former meaning says how the profile to write is named now', async () => {
  const former = ['sync', '--secret-id', SECRET, '--profile', 'my app', '--reader-profile', 'reader'];
  for (const line of [former.slice(0, 5), former]) {
    const { exitCode, stderr } = await runCli(line, env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      line === former ? "cannot be used with option '--profile" : "--write-profile 'my app'",
    );
  }
});

it('the command sync with --every and without --watch is refused, as it would look only once', async () => {
  const { exitCode, stderr } = await runCli([...args, '--every', '1m'], env);
  expect([exitCode, stderr]).toEqual([1, '--every goes with --watch, which is missing.\n']);
});

it('the command sync names another file as the way out where it cannot write', async () => {
  services.rotate();
  writeFileSync(join(home, 'text'), '');
  const { exitCode, stderr } = await runCli([...args, '--file', join(home, 'text', 'credentials')], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Name another file with --file.');
});

it('the command sync writes the file that AWS_SHARED_CREDENTIALS_FILE names, or --file', async () => {
  const key = services.rotate();
  const [named, given] = [join(home, 'named'), join(home, 'given')];
  await runCli(args, { ...env, AWS_SHARED_CREDENTIALS_FILE: named });
  await runCli([...args, '--file', given], { ...env, AWS_SHARED_CREDENTIALS_FILE: named });
  expect([named, given].map((path) => readFileSync(path, 'utf8'))).toEqual([
    profile('my app', key),
    profile('my app', key),
  ]);
  expect(existsSync(file)).toBe(false);
});

it('the command sync fails if the command fails, after the file was written', async () => {
  const key = services.rotate();
  const { exitCode, stderr } = await runCli([...args, '--on-change', 'exit 3'], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The command after the change, `exit 3`, ended with status 3.');
  expect(readFileSync(file, 'utf8')).toBe(profile('my app', key));
});

it('the command sync does not write a key that would be more than one value of one profile', async () => {
  const evil = { id: 'AKIAEXAMPLE', secretAccessKey: 'x\n[default]\ncredential_process = evil' };
  Object.assign(services.rotate(), evil);
  const { exitCode, stderr } = await runCli(args, env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('its key pair holds characters that no access key of AWS has');
  expect(existsSync(file)).toBe(false);
});

it('the command sync with --watch goes on through rotations and failures, tries a failed command again, and ends when it is asked to', async () => {
  const first = services.rotate();
  const failsOnce = `test -e '${join(home, 'tried')}' || { ${touch('tried')}; exit 1; }; ${touch('reloaded')}`;
  const watch = new RunningCli([...args, '--watch', '--every', '1s', '--on-change', failsOnce], env);
  try {
    await until(
      () => timesRun('reloaded') === 1,
      () => watch.stderr,
    );
    expect(watch.stderr).toMatch(
      /^20\S+Z {2}Profile my app of \S+ follows secret iam-key-rotation\/app, every 1s\.$/m,
    );
    expect(watch.stderr).toContain('ended with status 1. It tries again every 1s.');
    await until(
      () => watch.stderr.includes('It works again.'),
      () => watch.stderr,
    );
    expect(readFileSync(file, 'utf8')).toBe(profile('my app', first));

    const outage = services.faults.inject({
      match: { service: 'secretsmanager' },
      fault: { kind: 'status500' },
      times: 1_000,
    });
    await until(
      () => watch.stderr.includes('could not be read in eu-west-1: InternalServiceError'),
      () => watch.stderr,
    );
    outage.remove();
    const second = services.rotate();
    await until(
      () => timesRun('reloaded') === 2,
      () => watch.stderr,
    );
    expect(readFileSync(file, 'utf8')).toBe(profile('my app', second));
  } finally {
    watch.stop();
  }
  expect(await watch.finished()).toMatchObject({ exitCode: 0, stdout: '' });
});

it('the command sync with --watch outlives the credentials that it started with, where the key may read its own secret', async () => {
  const first = services.rotate();
  const start = {
    HOME: home,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_PROFILE: 'app',
  };
  const own = ['sync', '--secret-id', SECRET, '--write-profile', 'app'];
  await runCli(own, env);
  const watch = new RunningCli([...own, '--watch', '--every', '1s'], start);
  const fileHolds = async (id: string): Promise<void> => {
    while (!readFileSync(file, 'utf8').includes(id)) await sleep(50);
  };
  try {
    const second = services.rotate();
    await fileHolds(second.id);
    services.keys.delete(first);
    const third = services.rotate();
    await fileHolds(third.id);
  } finally {
    watch.stop('SIGINT');
  }
  expect(await watch.finished()).toMatchObject({ exitCode: 0 });
});
