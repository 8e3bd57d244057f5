import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCli } from '../../cli/sync/support/run-cli';
import { runMain } from '../../modules/support/run-main';

const ANSWERS = [
  ...['--account', '111122223333', '--region', 'eu-west-1'],
  ...['--emails', 'oncall@example.com', '--users', 'ci-deployer,legacy.mailer@example,retire'],
];

describe('iam-key-rotation init', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'init-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As on a machine without credentials. */
  const init = (...args: readonly string[]) =>
    runCli(['init', '--file', join(folder, 'rotation.yaml'), ...args], {
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
    });

  it('writes a file that synthesizes without a warning, also where there are no credentials', async () => {
    const { exitCode, stderr } = await init('--yes', ...ANSWERS);

    expect(stderr).toContain('The account is not known: There are no AWS credentials');
    expect(exitCode).toBe(0);
    expect(runMain(folder)).toEqual({
      exitCode: 0,
      stdout: 'Synthesized into cdktf.out/stacks: production\n',
      stderr: '',
    });
  });

  it('does not wait for answers where nobody can give them, and writes nothing', async () => {
    const { exitCode, stdout, stderr } = await init();

    expect(stderr).toContain('Nobody can be asked here. Give --account, --region, --emails, --users.');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(existsSync(join(folder, 'rotation.yaml'))).toBe(false);
  });
});
