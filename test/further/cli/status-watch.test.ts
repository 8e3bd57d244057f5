import { setTimeout as sleep } from 'node:timers/promises';

import { ApiError } from '../../../sandbox/front/api-call';
import { jsonAnswer } from '../../../sandbox/front/answers';
import { ADMIN, type FrontAlone, startFrontAlone } from '../../sandbox/support/front-alone';
import { runCli, RunningCli } from '../../cli/sync/support/run-cli';
import { until } from '../../support/until';

/** How the table answers, one scan after the other; the last answer stays. */
type Answer = 'empty' | 'needy' | 'denied' | 'missing' | 'silent';

let aws: FrontAlone;
let answers: Answer[];
let scans: number;
let env: Record<string, string>;
beforeEach(async () => {
  [answers, scans] = [['empty'], 0];
  aws = await startFrontAlone({
    operations: {
      'dynamodb:Scan': async () => {
        scans += 1;
        switch (answers.length > 1 ? answers.shift()! : answers[0]!) {
          case 'empty':
            return jsonAnswer({ Items: [] });
          case 'needy':
            // Settings that do not parse are reported, and nothing else is asked.
            return jsonAnswer({ Items: [{ pk: { S: 'settings#app' } }] });
          case 'denied':
            throw new ApiError('AccessDeniedException', 'not you');
          case 'missing':
            throw new ApiError('ResourceNotFoundException', 'no such table');
          case 'silent':
            await sleep(60_000, undefined, { ref: false });
            return jsonAnswer({ Items: [] });
        }
      },
    },
  });
  env = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ADMIN.secretAccessKey,
  };
});
afterEach(() => aws.stop());

const watching = (...args: string[]): RunningCli => new RunningCli(['status', '--watch', '5', ...args], env);

describe('status with --watch', () => {
  it('status with --watch ends with 1 where no user is called so: no later look would find one', async () => {
    const { exitCode, stderr } = await runCli(['status', 'typo', '--watch', '5'], env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('holds no user typo');
    expect(scans).toBe(1);
  });

  it('status with --watch ends with 1 where there is no table', async () => {
    answers = ['missing'];
    const { exitCode, stderr } = await runCli(['status', '--watch', '5'], env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('has no table iam-key-rotation');
  });

  it('status with --watch that is stopped ends with 1 where the last look failed, and says in sentences why', async () => {
    answers = ['empty', 'denied'];
    const command = watching();
    await until(
      () => command.stderr.includes('It tries again'),
      () => command.stderr,
    );
    expect(command.stderr).toMatch(/not you\. It tries again every 5s\.\n$/);
    command.stop('SIGINT');
    expect(await command.finished()).toMatchObject({ exitCode: 1 });
  });

  it('status with --watch that is stopped ends with 0 where the last look found all well, whatever was before', async () => {
    answers = ['needy', 'denied', 'empty'];
    const command = watching();
    await until(
      () => command.stderr.includes('It works again.'),
      () => command.stderr,
    );
    command.stop('SIGINT');
    expect(await command.finished()).toMatchObject({ exitCode: 0 });
  });

  it('status with --watch ends at once with Ctrl-C, also while it looks', async () => {
    answers = ['needy', 'silent'];
    const command = watching();
    await until(
      () => scans === 2,
      () => command.stderr,
    );
    const stoppedAt = Date.now();
    command.stop('SIGINT');
    expect(await command.finished()).toMatchObject({ exitCode: 1 });
    // A look that nobody answers ends by itself after its three tries, of 4 s each.
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
  });
});
