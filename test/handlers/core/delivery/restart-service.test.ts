import { targetName, type DeliveryTarget } from '../../../../contract/delivery';
import { HOUR, MINUTE, SECOND, type Instant } from '../../../../contract/instant';
import { deliverUser, type DeliveryOutcome } from '../../../../handlers/core/delivery/deliver-user';
import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { LEASE_WAIT } from '../../../../handlers/core/model/timing';
import type { AllPorts } from '../../../support/in-memory-aws/in-memory-ports';
import { processIn, RetirementWorld, type ProcessOptions } from '../../../support/retirement-world';

const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

const PARAMETER = { kind: 'parameter', name: '/payments/aws-key' } as const satisfies DeliveryTarget;
const SERVICE = {
  kind: 'restart',
  ecsService: 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api',
} as const satisfies DeliveryTarget;
const PARAMETER_NAME = targetName(PARAMETER);
const SERVICE_NAME = targetName(SERVICE);

/** A user whose key a service reads when its tasks start, and the function that delivers. */
class RestartWorld {
  /** When a restart was asked for. */
  readonly restarts: Instant[] = [];

  constructor(readonly user: RetirementWorld) {
    // Its tasks have run for a day.
    user.aws.services.deploy(SERVICE_NAME, user.now - 24 * HOUR);
  }

  static async afterRotation(deliver: readonly DeliveryTarget[] = [SERVICE]): Promise<RestartWorld> {
    return new RestartWorld(await RetirementWorld.afterRotation({ deliver: [...deliver] }));
  }

  deliver(options: ProcessOptions = {}): Promise<DeliveryOutcome> {
    const process = processIn(this.user, {
      ...options,
      before: async (site, number) => {
        if (site.name.action === 'UpdateService') this.restarts.push(this.user.now);
        await options.before?.(site, number);
      },
    });
    return Promise.race([deliverUser(process.ports as AllPorts, this.user.retirement), process.death]);
  }

  /** A run that begins to restart the service, and the next one, which looks again. */
  async deliverInTime(): Promise<void> {
    await this.deliver();
    this.user.pass(HOUR);
    await this.deliver();
  }

  /** A person has ECS deploy the service. */
  deploy(takes?: number): void {
    this.user.aws.services.deploy(SERVICE_NAME, this.user.now, takes);
  }

  get record() {
    return this.user.aws.table
      .deliveries(this.user.settings.stableKey)
      ?.targets.find(({ target }) => target === SERVICE_NAME);
  }

  get currentSince(): Instant {
    return this.user.journal.current!.since;
  }
}

const unanswered: ProcessOptions = {
  instead: (ports) => ({
    ['restartTargets' as string]: {
      restart: async (target: typeof SERVICE) => {
        await (ports as AllPorts).restartTargets.restart(target);
        throw new CallUnansweredError({ service: 'ECS', action: 'UpdateService' }, 'TimeoutError', 'x');
      },
    },
  }),
};

test('a service is restarted once for a promotion, when AWS shows the new key everywhere (R12)', async () => {
  const world = await RestartWorld.afterRotation();
  await expect(world.deliver()).resolves.toEqual({ delivered: [SERVICE_NAME], pending: [], failed: [] });
  expect(world.restarts).toHaveLength(1);
  expect(world.restarts[0]! - world.currentSince).toBeGreaterThanOrEqual(22 * SECOND);
  expect(world.record).toMatchObject({ delivered: { keyId: SECOND_KEY }, announced: [] });
  expect(world.user.listener.detailsOf('Key Delivered')).toMatchObject([{ target: SERVICE_NAME }]);

  world.user.pass(HOUR);
  await expect(world.deliver()).resolves.toEqual({ delivered: [], pending: [], failed: [] });
  expect(world.restarts).toHaveLength(1);
});

test('a restart waits until the other targets have the key, whatever their order in the file', async () => {
  const world = await RestartWorld.afterRotation([SERVICE, PARAMETER]);
  world.user.aws.targets.refuse(PARAMETER_NAME, 'accessDenied');
  await expect(world.deliver()).resolves.toEqual({
    delivered: [],
    pending: [SERVICE_NAME],
    failed: [PARAMETER_NAME],
  });
  expect(world.restarts).toEqual([]);
  expect(world.record).toBeUndefined();

  world.user.aws.targets.refuse(PARAMETER_NAME, undefined);
  const delivers = world.deliver();
  await expect(delivers).resolves.toEqual({
    delivered: [PARAMETER_NAME, SERVICE_NAME],
    pending: [],
    failed: [],
  });
  const { delivered } = world.user.aws.table
    .deliveries(world.user.settings.stableKey)!
    .targets.find(({ target }) => target === PARAMETER_NAME)!;
  expect(world.restarts[0]! - delivered!.at).toBeGreaterThanOrEqual(22 * SECOND);
});

test('a rollout that somebody began after the promotion does as well: there is no second one', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.pass(30 * SECOND);
  world.deploy();
  await expect(world.deliver()).resolves.toMatchObject({ delivered: [SERVICE_NAME] });
  expect(world.restarts).toEqual([]);
});

test('a rollout that somebody began seconds after the promotion may have read the key before, and does not', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.pass(5 * SECOND);
  world.deploy();
  await world.deliver();
  expect(world.restarts).toHaveLength(1);
});

test('a restart without an answer is not repeated: the next run sees what became of it', async () => {
  const world = await RestartWorld.afterRotation();
  await expect(world.deliver(unanswered)).resolves.toMatchObject({ failed: [SERVICE_NAME] });
  expect(world.record).toMatchObject({ announced: [{ keyId: SECOND_KEY }], failing: { attempts: 1 } });

  world.user.pass(HOUR);
  await expect(world.deliver()).resolves.toMatchObject({ delivered: [SERVICE_NAME] });
  expect(world.restarts).toHaveLength(1);
  expect(world.record?.failing).toBeUndefined();
});

test('new tasks that do not come up are a refusal with its reason, and are restarted by the next run', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.aws.services.break(SERVICE_NAME, 'noTasks');
  await expect(world.deliver()).resolves.toMatchObject({ failed: [SERVICE_NAME] });
  expect(world.record).toMatchObject({
    announced: [],
    failing: { attempts: 1, error: expect.stringContaining('did not come up: tasks failed to start.') },
  });

  world.user.aws.services.break(SERVICE_NAME, undefined);
  world.user.pass(HOUR);
  await world.deliver();
  expect(world.restarts).toHaveLength(2);
  world.user.pass(HOUR);
  await world.deliver();
  expect(world.restarts).toHaveLength(2);
  expect(world.record).toMatchObject({ delivered: { keyId: SECOND_KEY }, announced: [] });
});

test('a failure that shows only after the run is told of by the next one, also while it tries again', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.pass(MINUTE);
  world.user.aws.services.break(SERVICE_NAME, 'noTasks');
  world.deploy(8 * MINUTE);
  await expect(world.deliver()).resolves.toMatchObject({ pending: [SERVICE_NAME] });

  world.user.pass(HOUR);
  await expect(world.deliver()).resolves.toMatchObject({ failed: [SERVICE_NAME] });
  expect(world.restarts).toHaveLength(1);
  expect(world.record).toMatchObject({
    failing: { attempts: 1, error: expect.stringContaining('did not come up: tasks failed to start.') },
  });
});

test('a rollout that takes long is no failure, blocks no other run, and is delivered by the next one', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.pass(MINUTE);
  world.deploy(8 * MINUTE);
  const began = world.user.now;
  await expect(world.deliver()).resolves.toEqual({ delivered: [], pending: [SERVICE_NAME], failed: [] });
  expect(world.user.now - began).toBeLessThan(LEASE_WAIT);
  expect(world.record).toMatchObject({ announced: [{ keyId: SECOND_KEY }] });
  expect(world.record?.failing).toBeUndefined();
  expect(world.user.listener.measured).not.toContain('DeliveriesFailed 1');

  world.user.pass(HOUR);
  await expect(world.deliver()).resolves.toMatchObject({ delivered: [SERVICE_NAME] });
  expect(world.restarts).toEqual([]);
});

test('several services are waited for together, not one after the other', async () => {
  const services = ['api', 'worker', 'mailer', 'reports'].map((name) => ({
    ...SERVICE,
    ecsService: SERVICE.ecsService.replace('api', name),
  }));
  const world = await RestartWorld.afterRotation(services);
  world.user.pass(MINUTE);
  for (const service of services)
    world.user.aws.services.deploy(targetName(service), world.user.now, 8 * MINUTE);
  const began = world.user.now;
  await expect(world.deliver()).resolves.toMatchObject({ pending: services.map(targetName) });
  expect(world.user.now - began).toBeLessThan(LEASE_WAIT);
});

test('the old key stays Active until an overlap after the last task that read it has stopped (R12)', async () => {
  const world = await RestartWorld.afterRotation();
  world.user.pass(3 * 24 * HOUR);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });

  await world.deliver();
  world.user.pass(24 * HOUR - MINUTE);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });
  world.user.pass(2 * MINUTE);
  await world.user.sweepUntilQuiet();
  expect(world.user.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
});

test('a service is restarted again after a rollback (R13)', async () => {
  const world = await RestartWorld.afterRotation();
  await world.deliver();
  await world.user.rollBack();
  await world.deliverInTime();
  expect(world.restarts).toHaveLength(2);
  expect(world.record).toMatchObject({ delivered: { keyId: FIRST } });
});

test('a key that is current again for the second time is restarted for again: tasks may have read the other one', async () => {
  const world = await RestartWorld.afterRotation();
  await world.deliver();
  await world.user.rollBack();
  world.user.pass(MINUTE);
  await world.user.rollBack();
  await world.deliverInTime();
  expect(world.restarts).toHaveLength(2);
  expect(world.record).toMatchObject({ delivered: { keyId: SECOND_KEY } });
});

test('where AWSCURRENT went back and forth during a rollout, the service is restarted by the next run', async () => {
  const world = await RestartWorld.afterRotation();
  let isMoved = false;
  const outcome = await world.deliver({
    before: async ({ name }) => {
      if (isMoved || world.restarts.length === 0 || name.action !== 'DescribeServices') return;
      isMoved = true;
      await world.user.rollBack();
      await world.user.rollBack();
    },
  });
  expect(isMoved).toBe(true);
  expect(outcome).toMatchObject({ delivered: [], pending: [SERVICE_NAME] });

  world.user.pass(HOUR);
  await world.deliverInTime();
  expect(world.restarts).toHaveLength(2);
  expect(world.record).toMatchObject({ delivered: { keyId: SECOND_KEY } });
});
