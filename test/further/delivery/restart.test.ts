import { InvokeCommand } from '@aws-sdk/client-lambda';

import { HOUR, MINUTE, SECOND } from '../../../contract/instant';
import { deliveryFunctionName } from '../../../contract/names';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { EcsService } from './support/ecs-service';
import { whileTimePasses } from './support/time-passes';

const FUNCTION = deliveryFunctionName('iam-key-rotation');
const TARGET = 'ECS service payments/api';

/** Real bundles under the policies of their roles as synthesized; a service of ECS reads the secret when its tasks start. */
describeWithTools('a service of ECS is restarted for a new key', () => {
  let stage: Stage;
  let service: EcsService;

  beforeAll(async () => {
    stage = await Stage.open();
    service = await EcsService.create(stage.aws, 'payments', 'api');
    await stage.stack.apply(
      aStack([aUser('payments', { deliver: [{ kind: 'restart', ecsService: service.arn }] })], {
        secretRecoveryDays: 0,
      }),
    );
  });
  afterAll(() => stage.close());

  const restarts = (): number =>
    stage.aws.calls().filter(({ action, status, principal }) => {
      return action === 'UpdateService' && status === 200 && principal?.type === 'role';
    }).length;
  /** What EventBridge Scheduler does every hour. */
  const hourlyRun = async (): Promise<unknown> => {
    stage.goTo(stage.now() + HOUR);
    const { FunctionError, Payload } = await whileTimePasses(
      stage.aws,
      stage.account.lambda.send(new InvokeCommand({ FunctionName: FUNCTION, Payload: '{"deliver":"all"}' })),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload!).toString());
  };
  const statusOfTarget = async (): Promise<unknown> => {
    const { stdout } = await stage.command(
      ...['status', '--prefix', 'iam-key-rotation', 'payments', '--json'],
    );
    const { users } = JSON.parse(stdout) as { users: [{ targets: [unknown] }] };
    return users[0].targets[0];
  };

  it('once when the target is new, because its tasks may have started before the key was there', async () => {
    await hourlyRun();
    expect(restarts()).toBe(1);
    expect(await hourlyRun()).toMatchObject({ delivered: 0, pending: 0, failed: 0, usersFailed: 0 });
    expect(restarts()).toBe(1);
    const { AccessKeyId } = await stage.currentKey('payments');
    expect(await statusOfTarget()).toMatchObject({
      ...{ target: TARGET, isCurrent: true },
      delivered: { keyId: AccessKeyId },
    });
  });

  it('once after a rotation, although two events tell of it, and no run fails', async () => {
    const replaced = await stage.rotateAway('payments');
    await whileTimePasses(stage.aws, stage.aws.eventsDelivered());
    expect(restarts()).toBe(2);
    expect(stage.aws.functionErrors(FUNCTION)).toBe(0);
    const [deployment, ...others] = await service.deployments();
    expect(deployment).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED' });
    expect(others).toEqual([]);
    const { current } = await stage.journal('payments');
    expect(deployment!.createdAt!.getTime()).toBeGreaterThan(current!.since + 20 * SECOND);
    expect(await statusOfTarget()).toMatchObject({ isCurrent: true, delivered: { keyId: current!.keyId } });

    const { delivered } = (await statusOfTarget()) as { delivered: { at: string } };
    stage.goTo(Date.parse(delivered.at) + 24 * HOUR - 10 * MINUTE);
    await stage.sweep();
    expect(await stage.account.statusOf('payments', replaced)).toBe('Active');
    stage.goTo(Date.parse(delivered.at) + 24 * HOUR + MINUTE);
    await stage.sweep();
    expect(await stage.account.statusOf('payments', replaced)).toBe('Inactive');
  });

  it('tasks that do not come up keep the previous key Active, and are told of until they do (R12)', async () => {
    stage.goTo(stage.now() + 8 * 24 * HOUR);
    await stage.sweep();
    stage.aws.hinderRollouts(service.arn, 'tasks failed to start.');
    const replaced = await stage.rotateAway('payments');
    await whileTimePasses(stage.aws, stage.aws.eventsDelivered());
    expect(await statusOfTarget()).toMatchObject({
      isCurrent: false,
      failing: {
        error: expect.stringContaining('did not come up: ECS deployment circuit breaker') as string,
      },
    });
    stage.goTo(stage.now() + 48 * HOUR);
    await stage.sweep();
    expect(await stage.account.statusOf('payments', replaced)).toBe('Active');
    expect((await stage.journal('payments')).previous[0]).toMatchObject({ hold: { cause: 'notDelivered' } });

    stage.aws.hinderRollouts(service.arn, undefined);
    expect(await hourlyRun()).toMatchObject({ delivered: 1, failed: 0 });
    expect(await statusOfTarget()).toMatchObject({ isCurrent: true });
    stage.goTo(stage.now() + 25 * HOUR);
    await stage.sweep();
    expect(await stage.account.statusOf('payments', replaced)).toBe('Inactive');
  });

  it('once after a rollback (R13); and not, where somebody deployed it since', async () => {
    const before = restarts();
    stage.goTo(stage.now() + 8 * 24 * HOUR);
    await stage.sweep();
    await stage.rotateAway('payments');
    await whileTimePasses(stage.aws, stage.aws.eventsDelivered());
    expect(restarts()).toBe(before + 1);
    const { AccessKeyId } = await stage.currentKey('payments');
    const leaving = ['--user', 'payments', '--leave', AccessKeyId];
    const rollback = await stage.command('rollback', '--prefix', 'iam-key-rotation', ...leaving);
    expect(rollback.exitCode).toBe(0);
    // Before what sleeps in the function wakes.
    stage.goTo(stage.now() + 23 * SECOND);
    await service.deploy();
    await whileTimePasses(stage.aws, stage.aws.eventsDelivered());
    expect(restarts()).toBe(before + 1);
    expect(await statusOfTarget()).toMatchObject({ isCurrent: true });
  });
});
