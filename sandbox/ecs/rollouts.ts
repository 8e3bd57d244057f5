import type { SandboxClock } from '../clock';
import type { ApiAnswer, AuthenticatedCall, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';

export interface RolloutTiming {
  /** From the beginning of a deployment until it is over; its tasks run from the half of it on. */
  readonly takesSeconds: number;
}

/** One deployment of a service. */
interface Deployment {
  readonly id: string;
  readonly startedAt: number;
  readonly overAt: number;
  /** Why its tasks do not come up; undefined: they do. */
  readonly obstacle: string | undefined;
}

/** A service as moto answers it. */
interface AnsweredService {
  readonly serviceArn: string;
  readonly status: string;
  readonly desiredCount: number;
  readonly deploymentController?: { readonly type: string };
  readonly deployments?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Deployments of services that ECS itself deploys. moto 5.2.1 has one deployment for each service, which never is over and begins
 * by the machine's clock. Here a deployment takes some time of the sandbox's clock; meanwhile the one before it is `ACTIVE` and its
 * tasks run. One whose tasks do not come up fails, as where the circuit breaker is on, and the tasks of before go on.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export class Rollouts {
  /** By ARN, oldest first. */
  readonly #services = new Map<string, Deployment[]>();
  readonly #obstacles = new Map<string, string>();
  #count = 0;

  constructor(
    private readonly moto: Moto,
    private readonly clock: SandboxClock,
    private readonly timing: RolloutTiming,
  ) {}

  /** Keeps the tasks of later deployments of a service from coming up; undefined: they come up again. */
  hinder(serviceArn: string, obstacle: string | undefined): void {
    if (obstacle === undefined) this.#obstacles.delete(serviceArn);
    else this.#obstacles.set(serviceArn, obstacle);
  }

  operations(): OperationTable {
    return {
      'ecs:CreateService': (call) => this.#deploy(call),
      'ecs:UpdateService': (call) =>
        call.parameters['forceNewDeployment'] === true || call.parameters['taskDefinition'] !== undefined
          ? this.#deploy(call)
          : this.#shown(call),
      'ecs:DescribeServices': (call) => this.#shown(call),
    };
  }

  async #deploy(call: AuthenticatedCall): Promise<ApiAnswer> {
    const answer = await this.moto.forward(call);
    if (answer.status !== 200) return answer;
    const { service } = bodyOf(answer) as { service: AnsweredService };
    const { serviceArn } = service;
    const startedAt = this.clock.now().getTime();
    const before = shownAt(startedAt, this.#services.get(serviceArn) ?? []);
    const overAt = startedAt + this.timing.takesSeconds * 1000;
    const obstacle = this.#obstacles.get(serviceArn);
    const id = `ecs-svc/${String((this.#count += 1)).padStart(19, '0')}`;
    this.#services.set(serviceArn, [...before, { id, startedAt, overAt, obstacle }]);
    return withBody(answer, { service: this.#show(service) });
  }

  async #shown(call: AuthenticatedCall): Promise<ApiAnswer> {
    const answer = await this.moto.forward(call);
    if (answer.status !== 200) return answer;
    const body = bodyOf(answer) as { service?: AnsweredService; services?: readonly AnsweredService[] };
    const { service, services } = body;
    return withBody(answer, {
      ...body,
      ...(service === undefined ? {} : { service: this.#show(service) }),
      ...(services === undefined ? {} : { services: services.map((one) => this.#show(one)) }),
    });
  }

  #show(service: AnsweredService): AnsweredService {
    const all = this.#services.get(service.serviceArn) ?? [];
    const [of] = service.deployments ?? [];
    if (of === undefined || all.length === 0) return service;
    const now = this.clock.now().getTime();
    const still = shownAt(now, all).filter((one) => one === all.at(-1) || isUp(one, now));
    const deployments = still.toReversed().map((one, index) => {
      const counts = isUp(one, now)
        ? { runningCount: service.desiredCount, pendingCount: 0 }
        : { runningCount: 0, pendingCount: service.desiredCount };
      const status = index === 0 ? 'PRIMARY' : 'ACTIVE';
      const createdAt = one.startedAt / 1000;
      return { ...of, ...counts, ...stateOf(one, now), id: one.id, status, createdAt, updatedAt: createdAt };
    });
    return { ...service, deployments };
  }
}

/** What runs from before the last one: the tasks of the last that came up, which may have been begun to be replaced. */
function shownAt(now: number, all: readonly Deployment[]): readonly Deployment[] {
  const lastUp = all.findLastIndex(({ overAt, obstacle }) => overAt <= now && obstacle === undefined);
  return all.slice(Math.max(0, lastUp));
}

/** Whether its tasks have started. */
const isUp = ({ startedAt, overAt, obstacle }: Deployment, now: number): boolean =>
  obstacle === undefined && now >= (startedAt + overAt) / 2;

function stateOf({ id, overAt, obstacle }: Deployment, now: number): Readonly<Record<string, string>> {
  if (now < overAt)
    return { rolloutState: 'IN_PROGRESS', rolloutStateReason: `ECS deployment ${id} in progress.` };
  return obstacle === undefined
    ? { rolloutState: 'COMPLETED', rolloutStateReason: `ECS deployment ${id} completed.` }
    : { rolloutState: 'FAILED', rolloutStateReason: `ECS deployment circuit breaker: ${obstacle}` };
}

const bodyOf = ({ body }: ApiAnswer): unknown => JSON.parse(body.toString('utf8'));

const withBody = (answer: ApiAnswer, body: unknown): ApiAnswer => ({
  ...answer,
  body: Buffer.from(JSON.stringify(body)),
});
