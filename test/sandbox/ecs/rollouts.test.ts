import { SandboxClock } from '../../../sandbox/clock';
import { Rollouts } from '../../../sandbox/ecs/rollouts';
import { jsonAnswer } from '../../../sandbox/front/answers';
import type { AuthenticatedCall } from '../../../sandbox/front/api-call';
import type { Moto } from '../../../sandbox/moto/moto';

const ARN = 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api';
const SERVICE = {
  ...{ serviceArn: ARN, status: 'ACTIVE', desiredCount: 2, deploymentController: { type: 'ECS' } },
  deployments: [{ id: 'ecs-svc/moto', status: 'PRIMARY', createdAt: 1, taskDefinition: 'api:1' }],
};

/** A service of ECS, with what moto would answer of it, and its clock. */
class ServiceWorld {
  readonly clock = new SandboxClock();
  readonly #moto = {
    forward: ({ action }: AuthenticatedCall) =>
      Promise.resolve(
        jsonAnswer(action === 'DescribeServices' ? { services: [SERVICE] } : { service: SERVICE }),
      ),
  } as unknown as Moto;
  readonly rollouts = new Rollouts(this.#moto, this.clock, { takesSeconds: 60 });

  async call(action: string, parameters: object = {}): Promise<void> {
    await this.rollouts.operations()[`ecs:${action}`]!({ action, parameters } as AuthenticatedCall);
  }

  pass(seconds: number): void {
    this.clock.shiftMs += seconds * 1000;
  }

  /** `PRIMARY IN_PROGRESS 0 running`, newest first. */
  async shown(): Promise<readonly string[]> {
    const call = { action: 'DescribeServices', parameters: {} } as AuthenticatedCall;
    const { body } = await this.rollouts.operations()['ecs:DescribeServices']!(call);
    const { services } = JSON.parse(body.toString()) as {
      services: [{ deployments: Record<string, string>[] }];
    };
    return services[0].deployments.map(
      (one) => `${one['status']} ${one['rolloutState']} ${one['runningCount']} running`,
    );
  }
}

test('a forced deployment takes its time by the clock of the sandbox, and the one before it runs meanwhile', async () => {
  const world = new ServiceWorld();
  await world.call('CreateService');
  world.pass(61);
  expect(await world.shown()).toEqual(['PRIMARY COMPLETED 2 running']);

  await world.call('UpdateService', { forceNewDeployment: true });
  expect(await world.shown()).toEqual(['PRIMARY IN_PROGRESS 0 running', 'ACTIVE COMPLETED 2 running']);
  world.pass(31);
  expect(await world.shown()).toEqual(['PRIMARY IN_PROGRESS 2 running', 'ACTIVE COMPLETED 2 running']);
  world.pass(31);
  expect(await world.shown()).toEqual(['PRIMARY COMPLETED 2 running']);
});

test('a deployment whose tasks do not come up fails, and the tasks of before go on until one comes up', async () => {
  const world = new ServiceWorld();
  await world.call('CreateService');
  world.pass(61);
  world.rollouts.hinder(ARN, 'tasks failed to start.');
  await world.call('UpdateService', { forceNewDeployment: true });
  world.pass(61);
  expect(await world.shown()).toEqual(['PRIMARY FAILED 0 running', 'ACTIVE COMPLETED 2 running']);

  world.rollouts.hinder(ARN, undefined);
  await world.call('UpdateService', { forceNewDeployment: true });
  world.pass(61);
  expect(await world.shown()).toEqual(['PRIMARY COMPLETED 2 running']);
});

test('a change that deploys nothing begins nothing', async () => {
  const world = new ServiceWorld();
  await world.call('CreateService');
  world.pass(61);
  await world.call('UpdateService', { desiredCount: 2 });
  expect(await world.shown()).toEqual(['PRIMARY COMPLETED 2 running']);
});
