import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../examples/pipelines/github-actions/allowances.sh');
const hasJq = spawnSync('jq', ['--version'], { stdio: 'ignore' }).status === 0;
/** GitHub's runners have `jq`; nothing else here needs it. */
const describeWithJq = hasJq ? describe : describe.skip;

describeWithJq('what a pull request allows a plan to destroy', () => {
  const allowed = (input: string): string => {
    const { status, stdout, stderr } = spawnSync('bash', [SCRIPT], { input, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  const pullRequest = (labels: readonly string[], body: string | null): string =>
    JSON.stringify({ labels: labels.map((name) => ({ name })), body });

  it('is what its description names, line by line, if it has the label', () => {
    const body = 'Removes backup.\r\n\r\nallow-destroy: aws_iam_user.backup\r\nallow-destroy: a.b["c"]\n';

    expect(allowed(pullRequest(['allow-destroy'], body))).toBe('aws_iam_user.backup\na.b["c"]\n');
  });

  it.each([
    ['without the label', pullRequest(['bug'], 'allow-destroy: aws_iam_user.backup')],
    ['without a description', pullRequest(['allow-destroy'], null)],
    ['in the middle of a line', pullRequest(['allow-destroy'], 'I would allow-destroy: aws_iam_user.backup')],
    ['with anything but an address', pullRequest(['allow-destroy'], 'allow-destroy: $(id) --allow x')],
    ['where there was no pull request', ''],
  ])('is nothing %s', (_, input) => {
    expect(allowed(input)).toBe('');
  });
});
