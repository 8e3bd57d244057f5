import {
  DescribeServicesCommand,
  UpdateServiceCommand,
  type Deployment,
  type ECSClient,
} from '@aws-sdk/client-ecs';

import type { RestartTarget } from '../../contract/delivery';
import type { RestartTargets, Rollout } from '../core/delivery/delivery-ports';
import { TargetRefusedError } from '../core/delivery/target-refused-error';
import type { CallName } from '../core/model/call-errors';
import { callAws, incomplete } from './call-aws';
import { changeOnce } from './change-once';

const DESCRIBE: CallName = { service: 'ECS', action: 'DescribeServices' };
const UPDATE: CallName = { service: 'ECS', action: 'UpdateService' };

/** Services of ECS whose tasks ECS itself replaces, which it calls a rolling update. */
export class EcsRestartTargets implements RestartTargets {
  /** @param onceOnly a client with maxAttempts 1: each try of a restart is a restart */
  constructor(
    private readonly client: ECSClient,
    private readonly onceOnly: ECSClient,
  ) {}

  async lastRollout({ ecsService }: RestartTarget): Promise<Rollout> {
    const { services = [], failures = [] } = await callAws(DESCRIBE, 'reads', (options) =>
      this.client.send(
        new DescribeServicesCommand({ cluster: clusterOf(ecsService), services: [ecsService] }),
        options,
      ),
    );
    const service = services.find(({ serviceArn }) => serviceArn === ecsService);
    if (service?.status !== 'ACTIVE') {
      const [failure] = failures;
      if (service === undefined && failure === undefined)
        throw incomplete(DESCRIBE, 'the answer does not name the service');
      throw new TargetRefusedError(
        `The service ${ecsService} is ${service?.status ?? failure?.reason ?? 'not there'}.`,
        'Name one that is ACTIVE, or take the target out of the configuration.',
      );
    }
    const controller = service.deploymentController?.type ?? 'ECS';
    if (controller !== 'ECS') {
      throw new TargetRefusedError(
        `The service ${ecsService} is deployed by ${controller}, and only a service that ECS deploys can be restarted so.`,
        'Take the target out of the configuration, and have what deploys the service do that on the event `Key Promoted`.',
      );
    }
    const { deployments = [] } = service;
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    if (primary?.createdAt === undefined)
      throw incomplete(DESCRIBE, 'the answer does not show the deployment that is in force');
    const last = wentBackFrom(primary.createdAt, deployments) ?? primary;
    return {
      startedAt: (last.createdAt ?? primary.createdAt).getTime(),
      state: stateOf(last, deployments),
      reason: last.rolloutStateReason,
    };
  }

  async restart({ ecsService }: RestartTarget): Promise<void> {
    await changeOnce(
      UPDATE,
      async (options) => {
        const answer = await this.onceOnly.send(
          new UpdateServiceCommand({
            cluster: clusterOf(ecsService),
            service: ecsService,
            forceNewDeployment: true,
          }),
          options,
        );
        if (answer.service?.serviceArn !== ecsService)
          throw incomplete(UPDATE, 'the answer does not name the service');
        return answer;
      },
      { whenThrottled: 'tryAgain' },
    );
  }
}

/** `arn:…:service/<cluster>/<service>`. */
const clusterOf = (ecsService: string): string => ecsService.split('/')[1] ?? '';

/** With `rollback`, the circuit breaker makes the deployment before the one that failed the one in force again (F 13.2). */
const wentBackFrom = (inForceSince: Date, deployments: readonly Deployment[]): Deployment | undefined =>
  deployments.find(
    ({ rolloutState, createdAt }) =>
      rolloutState === 'FAILED' && createdAt !== undefined && createdAt > inForceSince,
  );

/** Services behind a Classic Load Balancer have no state of their rollout (F 13.2). */
function stateOf(last: Deployment, deployments: readonly Deployment[]): Rollout['state'] {
  if (last.rolloutState === 'FAILED') return 'failed';
  const before = deployments.filter((deployment) => deployment !== last);
  const isAlone = before.every(({ runningCount = 0, pendingCount = 0 }) => runningCount + pendingCount === 0);
  const { runningCount = 0, desiredCount = 0 } = last;
  const isUp =
    last.rolloutState === undefined ? runningCount >= desiredCount : last.rolloutState === 'COMPLETED';
  return isUp && isAlone ? 'complete' : 'underWay';
}
