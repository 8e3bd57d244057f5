import {
  AccessDeniedException,
  DescribeServicesCommand,
  ECSClient,
  ECSServiceException,
  UpdateServiceCommand,
  type Deployment,
  type Service,
} from '@aws-sdk/client-ecs';

import { EcsRestartTargets } from '../../../handlers/aws/ecs-restart-targets';
import { TargetRefusedError } from '../../../handlers/core/delivery/target-refused-error';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { mockAws } from '../support/mock-aws';

const client = new ECSClient({ region: 'eu-west-1' });
const onceOnly = new ECSClient({ region: 'eu-west-1', maxAttempts: 1 });
const ecs = mockAws(client);
const ecsOnce = mockAws(onceOnly);
const targets = new EcsRestartTargets(client, onceOnly);

const ecsService = 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api';
const TARGET = { kind: 'restart', ecsService } as const;
const CREATED = new Date('2026-01-15T12:00:00.250Z');
const BEFORE = new Date('2026-01-14T12:00:00Z');

const primary = (more: Partial<Deployment> = {}): Deployment => ({
  ...{ status: 'PRIMARY', createdAt: CREATED, rolloutState: 'COMPLETED' },
  ...{ desiredCount: 2, runningCount: 2, pendingCount: 0 },
  ...more,
});
const older = (more: Partial<Deployment> = {}): Deployment => ({
  ...{ status: 'ACTIVE', createdAt: BEFORE, rolloutState: 'COMPLETED' },
  ...{ desiredCount: 0, runningCount: 0, pendingCount: 0 },
  ...more,
});
const answers = (deployments: Deployment[] | undefined, more: Partial<Service> = {}): void => {
  const service = { serviceArn: ecsService, status: 'ACTIVE', deployments, ...more };
  ecs.on(DescribeServicesCommand).resolves({ services: [service] });
};

afterEach(() => {
  ecs.reset();
  ecsOnce.reset();
});

test('a service is described in its own cluster', async () => {
  answers([primary()]);
  await targets.lastRollout(TARGET);
  expect(ecs.commandCalls(DescribeServicesCommand)[0]?.args[0].input).toEqual({
    cluster: 'payments',
    services: [ecsService],
  });
});

test.each<[what: string, deployments: Deployment[], state: string]>([
  ['is over and alone', [primary()], 'complete'],
  ['is over, with one before it that has no tasks any more', [primary(), older()], 'complete'],
  ['is over while a task of before runs', [primary(), older({ runningCount: 1 })], 'underWay'],
  ['is over while a task of before is pending', [older({ pendingCount: 1 }), primary()], 'underWay'],
  ['goes on', [primary({ rolloutState: 'IN_PROGRESS' })], 'underWay'],
  ['is of a service that wants no tasks', [primary({ desiredCount: 0, runningCount: 0 })], 'complete'],
  ['has no state, and all its tasks', [primary({ rolloutState: undefined })], 'complete'],
  [
    'has no state, and not all its tasks',
    [primary({ rolloutState: undefined, runningCount: 1 })],
    'underWay',
  ],
  ['has a state that nobody knows', [primary({ rolloutState: 'PAUSED' as 'COMPLETED' })], 'underWay'],
])('a rollout that %s: %#', async (_what, deployments, state) => {
  answers(deployments);
  await expect(targets.lastRollout(TARGET)).resolves.toEqual({
    startedAt: CREATED.getTime(),
    state,
    reason: undefined,
  });
});

test('a rollout that AWS gave up is failed, with its reason', async () => {
  const rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  const failed = { rolloutState: 'FAILED', rolloutStateReason, runningCount: 0 } as const;
  answers([primary(failed), older({ runningCount: 2 })]);
  await expect(targets.lastRollout(TARGET)).resolves.toMatchObject({
    state: 'failed',
    reason: rolloutStateReason,
  });
});

test('where the circuit breaker has gone back, the deployment that failed is the last one', async () => {
  const failed = older({ createdAt: CREATED, rolloutState: 'FAILED', rolloutStateReason: 'no' });
  answers([primary({ createdAt: BEFORE }), failed]);
  await expect(targets.lastRollout(TARGET)).resolves.toEqual({
    startedAt: CREATED.getTime(),
    state: 'failed',
    reason: 'no',
  });
  answers([primary(), older({ rolloutState: 'FAILED' })]);
  await expect(targets.lastRollout(TARGET)).resolves.toMatchObject({ state: 'complete' });
});

test.each(['DRAINING', 'INACTIVE'])('a service that is %s is refused', async (status) => {
  answers([primary()], { status });
  const looked = targets.lastRollout(TARGET);
  await expect(looked).rejects.toThrow(TargetRefusedError);
  await expect(looked).rejects.toThrow(`service/payments/api is ${status}.`);
});

test('a service that is not there is refused, with the word of ECS', async () => {
  ecs.on(DescribeServicesCommand).resolves({
    services: [],
    failures: [{ arn: ecsService, reason: 'MISSING' }],
  });
  await expect(targets.lastRollout(TARGET)).rejects.toThrow(/api is MISSING\. Name one that is ACTIVE/);
});

test.each(['CODE_DEPLOY', 'EXTERNAL'] as const)(
  'a service that %s deploys is refused, with what to do instead',
  async (type) => {
    answers([], { deploymentController: { type } });
    const looked = targets.lastRollout(TARGET);
    await expect(looked).rejects.toThrow(TargetRefusedError);
    await expect(looked).rejects.toThrow(`is deployed by ${type}`);
    await expect(looked).rejects.toThrow('on the event `Key Promoted`');
  },
);

test.each<[what: string, answer: object]>([
  ['names nothing', {}],
  ['names another service', { services: [{ serviceArn: `${ecsService}-2`, status: 'ACTIVE' }] }],
  ['has no deployments', { services: [{ serviceArn: ecsService, status: 'ACTIVE' }] }],
  [
    'does not say when a deployment began',
    {
      services: [
        { serviceArn: ecsService, status: 'ACTIVE', deployments: [primary({ createdAt: undefined })] },
      ],
    },
  ],
])('an answer that %s counts as none', async (_what, answer) => {
  ecs.on(DescribeServicesCommand).resolves(answer);
  await expect(targets.lastRollout(TARGET)).rejects.toThrow(CallUnansweredError);
});

test('a restart forces a deployment and changes nothing else of the service', async () => {
  ecsOnce.on(UpdateServiceCommand).resolves({ service: { serviceArn: ecsService } });
  await targets.restart(TARGET);
  expect(ecsOnce.commandCalls(UpdateServiceCommand).map(({ args }) => args[0].input)).toEqual([
    { cluster: 'payments', service: ecsService, forceNewDeployment: true },
  ]);
});

test('a restart whose answer names no service counts as unanswered', async () => {
  ecsOnce.on(UpdateServiceCommand).resolves({});
  await expect(targets.restart(TARGET)).rejects.toThrow(CallUnansweredError);
});

test('a failure of the server may have been performed, and the restart is not tried again', async () => {
  ecsOnce.on(UpdateServiceCommand).rejects(
    new ECSServiceException({
      ...{ name: 'ServerException', $fault: 'server', message: 'oops' },
      $metadata: { httpStatusCode: 500, attempts: 1 },
    }),
  );
  await expect(targets.restart(TARGET)).rejects.toThrow(CallUnansweredError);
  expect(ecsOnce.commandCalls(UpdateServiceCommand)).toHaveLength(1);
});

test('a refusal says which call it was', async () => {
  const refused = { $metadata: { httpStatusCode: 400, attempts: 1 }, message: 'not authorized' };
  ecsOnce.on(UpdateServiceCommand).rejects(new AccessDeniedException(refused));
  const restart = targets.restart(TARGET);
  await expect(restart).rejects.toThrow(CallRefusedError);
  await expect(restart).rejects.toThrow(/^ECS UpdateService was refused with AccessDeniedException/);
});
