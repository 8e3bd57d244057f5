import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runMain } from '../../modules/support/run-main';

const GOOD = `
stacks:
  production:
    accountId: "111122223333"
    region: eu-west-1
    alerts: { emails: [oncall@example.com] }
    users:
      ci-deployer: {}
`;

describe('main', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'main-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  it('makes a stack of rotation.yaml, and says where', () => {
    write('rotation.yaml', GOOD);

    const stdout = 'Synthesized into cdktf.out/stacks: production\n';
    expect(runMain(folder)).toEqual({ exitCode: 0, stdout, stderr: '' });
    expect(existsSync(join(folder, 'cdktf.out/stacks/production/cdk.tf.json'))).toBe(true);
  });

  it('takes another file as its argument, else from the environment', () => {
    write('a.yaml', GOOD.replace('production', 'from-argument'));
    write('b.yaml', GOOD.replace('production', 'from-environment'));
    const env = { ROTATION_CONFIG: 'b.yaml' };

    expect(runMain(folder, { env }).exitCode).toBe(0);
    expect(readdirSync(join(folder, 'cdktf.out/stacks'))).toEqual(['from-environment']);
    expect(runMain(folder, { args: ['a.yaml'], env }).exitCode).toBe(0);
    expect(readdirSync(join(folder, 'cdktf.out/stacks'))).toContain('from-argument');
  });

  it('says what is wrong with a configuration, ends with 1 and writes nothing', () => {
    write('rotation.yaml', GOOD.replace('"111122223333"', '111122223333'));

    const { exitCode, stderr } = runMain(folder);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('rotation.yaml:4:5 stacks.production.accountId');
    expect(stderr).not.toContain('at '); // no stack trace: it is the person's file, not our bug
    expect(readdirSync(folder)).toEqual(['rotation.yaml']);
  });

  it('says that there is no configuration, and writes nothing', () => {
    const { exitCode, stderr } = runMain(folder);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('no such file');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('prints what is worth a look, and goes on', () => {
    const users = Array.from({ length: 301 }, (_, index) => `      user${String(index)}: {}\n`).join('');
    write('rotation.yaml', GOOD.replace('      ci-deployer: {}\n', users));

    const { exitCode, stderr } = runMain(folder);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Warning: stacks.production.functions: .*301 functions/);
    expect(existsSync(join(folder, 'cdktf.out/stacks/production/cdk.tf.json'))).toBe(true);
  });
});
