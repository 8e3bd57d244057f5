import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { RunningCli } from '../../cli/sync/support/run-cli';
import { DAY_SECONDS, Stage } from '../../e2e/client/support/stage';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const STS = require.resolve('@aws-sdk/client-sts');

/** Signs a call ten times a second with what its environment has, and writes down what came of it. */
const APPLICATION = `
const { GetCallerIdentityCommand, STSClient } = require(process.argv[1]);
const { appendFileSync } = require('fs');
const sts = new STSClient({});
let isToEnd = false;
process.on('SIGTERM', () => { isToEnd = true; });
(async () => {
  while (!isToEnd) {
    const came = await sts.send(new GetCallerIdentityCommand({})).then(() => 'ok', ({ name }) => name);
    appendFileSync(process.argv[2], process.env.AWS_ACCESS_KEY_ID + ' ' + came + '\\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
})();`;

describeWithTools('a program under exec', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ propagationSeconds: 0, farPropagationSeconds: 0 });
  });
  afterAll(() => stage.close());

  it('makes no call that fails while its key is rotated and the old one deleted, with --restart', async () => {
    const user = await stage.addUser(DAY_SECONDS);
    const notes = stage.pathOf('calls');
    const calls = (): string[] =>
      existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : [];
    const untilCalls = async (keyId: string, least: number): Promise<void> => {
      while (calls().filter((call) => call === `${keyId} ok`).length < least) await sleep(50);
    };
    const application = [process.execPath, '-e', APPLICATION, STS, notes];
    const cli = new RunningCli(
      ['exec', '--secret-id', user.secretArn, '--restart', '--every', '1s', '--', ...application],
      stage.aws.environment,
      { detached: true },
    );
    try {
      const first = await stage.currentKeyId(user);
      await untilCalls(first, 10);
      await stage.rotate(user);
      const second = await stage.currentKeyId(user);
      await untilCalls(second, 10);
      await stage.retirePreviousKeys();
      const before = calls().length;
      while (calls().length < before + 10) await sleep(50);

      expect(calls().filter((call) => !call.endsWith(' ok'))).toEqual([]);
      // Nothing went back to the first key.
      expect(calls().lastIndexOf(`${first} ok`)).toBeLessThan(calls().indexOf(`${second} ok`));
      expect(cli.stderr).toContain(`has another key now, ${second}. The program is started again.`);
    } finally {
      cli.stop();
    }
    expect(await cli.finished()).toMatchObject({ exitCode: 0, stdout: '' });
  });
});
