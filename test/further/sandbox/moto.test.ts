import { Moto } from '../../../sandbox/moto/moto';
import { type RunningMoto, startMoto } from '../../../sandbox/moto/start-moto';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('moto in the local AWS', () => {
  let running: RunningMoto;
  beforeAll(async () => {
    running = await startMoto({ accountId: '111122223333' });
  });
  afterAll(() => running.stop());

  it('keeps no list of all that it has made: what is deleted is gone', async () => {
    const moto = new Moto(running.port, 'eu-west-1');
    const { status } = await moto.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'group' });
    expect(status).toBe(200);
    const page = await fetch(`http://127.0.0.1:${running.port}/moto-api/data.json`);
    const { logs } = (await page.json()) as { logs: Readonly<Record<string, readonly object[]>> };
    expect(logs['LogGroup']).toEqual([]);
  });
});
