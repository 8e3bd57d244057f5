import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../examples/pipelines/github-actions/allowances.sh');

describe('what a change allows its plan to destroy', () => {
  let repository: string;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'allowances-'));
    git('init', '--quiet');
  });
  afterEach(() => rmSync(repository, { recursive: true }));

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: repository,
      encoding: 'utf8',
    }).trim();
  const commit = (text: string): string => {
    writeFileSync(join(repository, 'allow-destroy.txt'), text);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'change');
    return git('rev-parse', 'HEAD');
  };
  const allowedSince = (...base: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...base], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };

  it('is each line that it adds to allow-destroy.txt', () => {
    commit('# what may go\n');
    const attachment = 'aws_iam_user_policy_attachment.x["arn:aws:iam::aws:policy/ReadOnlyAccess"]';
    commit(
      `# what may go\naws_iam_user.backup\r\nmodule.a["b c/d"].aws_iam_user.c[0]   # left in 2026\n${attachment}\n`,
    );

    expect(allowedSince('HEAD^1')).toBe(
      `aws_iam_user.backup\nmodule.a["b c/d"].aws_iam_user.c[0]\n${attachment}\n`,
    );
  });

  it('is every line that the commits of one push add', () => {
    const before = commit('');
    commit('aws_iam_user.a\n');
    commit('aws_iam_user.a\naws_iam_user.b\n');

    expect(allowedSince(before)).toBe('aws_iam_user.a\naws_iam_user.b\n');
  });

  it.each([
    ['a line that was there before', 'aws_iam_user.backup\n', 'aws_iam_user.backup\n'],
    ['a line that the change takes out', 'aws_iam_user.backup\n', ''],
    ['a line that is a comment', '', '# aws_iam_user.backup\n'],
  ])('is not %s', (_, before, after) => {
    commit(before);
    commit(after);

    expect(allowedSince('HEAD^1')).toBe('');
  });

  it('is not a line that is no address, and says so', () => {
    commit('');
    commit('$(id) --allow x\n--help\naws_iam_user.a aws_iam_user.b\n');
    const { stdout, stderr } = spawnSync('bash', [SCRIPT, 'HEAD^1'], { cwd: repository, encoding: 'utf8' });

    expect(stdout).toBe('');
    expect(stderr.match(/not the address of a resource/g)).toHaveLength(3);
  });

  it('is nothing in the first push of a branch, which has no commit before it', () => {
    commit('aws_iam_user.backup\n');

    expect(allowedSince('0'.repeat(40))).toBe('');
  });

  it('is asked for with the commit before the change', () => {
    expect(spawnSync('bash', [SCRIPT], { cwd: repository, encoding: 'utf8' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('name the commit before the change') as string,
    });
  });
});
