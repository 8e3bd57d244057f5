import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GetUserCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

import { newCommand } from '../../../cli/commands/init';
import { loadConfiguration } from '../../../modules/config/load-configuration';

const sts = mockClient(STSClient);
const iam = mockClient(IAMClient);

describe('iam-key-rotation init', () => {
  let folder: string;
  let file: string;
  let [out, errors] = ['', ''];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'init-'));
    file = join(folder, 'rotation.yaml');
    [out, errors] = ['', ''];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true));
    sts.reset();
    iam.reset();
    sts.on(GetCallerIdentityCommand).resolves({ Account: '444455556666' });
    iam.on(GetUserCommand).rejects(new NoSuchEntityException({ message: 'no such user', $metadata: {} }));
    iam.on(GetUserCommand, { UserName: 'old-ci' }).resolves({});
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<unknown> =>
    newCommand().parseAsync(['--yes', '--file', file, '--region', 'eu-west-1', ...args], { from: 'user' });
  const GIVEN = ['--emails', 'oncall@example.com', '--users', 'old-ci,new.ci'];

  it('takes the account from the credentials, and says of a user who exists that it does', async () => {
    await run(...GIVEN);

    const { stacks, warnings } = loadConfiguration(file);
    expect(warnings).toEqual([]);
    expect(stacks[0]).toMatchObject({ accountId: '444455556666', region: 'eu-west-1' });
    expect(stacks[0]!.users.map(({ key, userName, existing }) => [key, userName, existing])).toEqual([
      ['old-ci', 'old-ci', true],
      ['new_ci', 'new.ci', false],
    ]);
    expect(out).toContain('is written. Next: npm run synth');
    expect(errors).toBe('');
  });

  it('looks for no user in another account than that of the credentials, and says so', async () => {
    await run(...GIVEN, '--account', '111122223333');

    expect(loadConfiguration(file).stacks[0]!.users.map(({ existing }) => existing)).toEqual([false, false]);
    expect(errors).toContain('It was not looked whether the users exist');
  });

  it('never overwrites a file', async () => {
    writeFileSync(file, 'mine');

    await expect(run(...GIVEN)).rejects.toThrow('is there already, and is not overwritten');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.each([
    ['a file in a folder that is not there', 'missing/x.yaml', 'There is no folder'],
    ['a folder', '.', 'is a folder. Name a file in it.'],
  ])('refuses %s before anything is asked', async (_, name, message) => {
    await expect(run(...GIVEN, '--file', join(folder, name))).rejects.toThrow(message);
    expect(sts.calls()).toEqual([]);
  });

  it('names the options that are missing where nobody can be asked, and writes nothing', async () => {
    await expect(run()).rejects.toThrow('Give --emails, --users. Nothing was written.');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes nothing that the configuration refuses', async () => {
    await expect(run('--emails', 'nobody', '--users', 'ci')).rejects.toThrow('e-mail address');
    expect(existsSync(file)).toBe(false);
  });

  it('writes nothing where it may not look whether a user exists', async () => {
    iam.on(GetUserCommand).rejects(Object.assign(new Error('not authorized'), { name: 'AccessDenied' }));

    await expect(run(...GIVEN)).rejects.toThrow('(iam:GetUser): not authorized');
    expect(existsSync(file)).toBe(false);
  });
});
