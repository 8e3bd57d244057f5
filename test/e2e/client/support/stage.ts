import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { createSweepPorts } from '../../../../handlers/aws/clients';
import { MINUTE } from '../../../../contract/instant';
import { sweep, type UserResult } from '../../../../handlers/core/retirement/sweep';
import { ApiError } from '../../../../sandbox/front/api-call';
import type { InjectedFault } from '../../../../sandbox/front/faults';
import type { Authorize } from '../../../../sandbox/front/front';
import { type LocalAws, startLocalAws } from '../../../../sandbox/local-aws';
import { runCli } from '../../../cli/sync/support/run-cli';
import { Account } from '../../stack/support/account';
import { DeployedFunction, type RotatedTestUser } from '../../support/deployed-function';
import { NOBODY } from '../../../support/in-memory-aws/in-memory-ports';

export const DAY_SECONDS = 24 * 60 * 60;

/** The region that learns of new keys later than the one in which they are proved. */
export const FAR_REGION = 'eu-central-1';

export interface StageOptions {
  /** How long a new key comes and goes in the region of the rotation. */
  readonly propagationSeconds: number;
  /** How long after its creation a new key is unknown in `FAR_REGION`. */
  readonly farPropagationSeconds: number;
}

/** A local AWS with the product's rotation function, in which keys are rotated, retired, replaced and rolled back. */
export class Stage {
  readonly account: Account;
  readonly #far: { lagMs: number };
  readonly #folder = mkdtempSync(join(tmpdir(), 'applications-'));

  private constructor(
    readonly aws: LocalAws,
    private readonly fn: DeployedFunction,
    far: { lagMs: number },
  ) {
    this.account = new Account(aws);
    this.#far = far;
  }

  static async open({ propagationSeconds, farPropagationSeconds }: StageOptions): Promise<Stage> {
    const far = { lagMs: (farPropagationSeconds - propagationSeconds) * 1000 };
    const aws = await startLocalAws({
      accessKeys: { propagation: { delaySeconds: propagationSeconds, flapping: true } },
      rotation: { retryDelayMs: 10 },
      authorize: laterInTheFarRegion(far),
    });
    return new Stage(aws, await DeployedFunction.on(aws), far);
  }

  async close(): Promise<void> {
    await this.aws.stop();
    rmSync(this.#folder, { recursive: true });
  }

  /**
   * From now on both regions learn of a key at the same time. Where the old key ends in the moment in which the new one
   * is proved in one region, a region that does not know it yet can serve nobody, whatever an application does.
   */
  haveAllRegionsLearnAtOnce(): void {
    this.#far.lagMs = 0;
  }

  /** A user with a first key and a schedule, as `terraform apply` leaves it. */
  async addUser(overlapSeconds: number): Promise<RotatedTestUser> {
    const settings = { overlapSeconds, gracePeriodSeconds: 7 * DAY_SECONDS, whenStillInUse: 'retire' };
    const user = await this.fn.addUser(settings);
    await this.fn.makeFirstKey(user);
    await this.fn.rotateSecret(user, { RotateImmediately: false });
    await this.aws.rotationsSettled();
    return user;
  }

  async currentKeyId({ secretArn }: RotatedTestUser): Promise<string> {
    return (await this.account.storedKey(secretArn)).AccessKeyId;
  }

  async rotate({ secretArn }: RotatedTestUser): Promise<void> {
    const events = await this.account.rotate(secretArn);
    if (events.at(-1) !== 'RotationSucceeded') {
      throw new Error(
        `The rotation failed: ${events.join(', ')}\n${this.aws.functionLogs(this.fn.functionName)}`,
      );
    }
  }

  /** Lets the overlap and the grace period pass, and has the keys retired as the hourly sweep does. */
  async retirePreviousKeys(): Promise<void> {
    this.aws.clockShiftMs += (DAY_SECONDS + 60) * 1000;
    await this.#sweep();
    this.aws.clockShiftMs += (7 * DAY_SECONDS + 60) * 1000;
    await this.#sweep();
  }

  /** `iam-key-rotation <args>`, as a person runs it. */
  async command(...args: readonly string[]): Promise<void> {
    const { exitCode, stderr } = await runCli(args, this.aws.environment);
    if (exitCode !== 0) throw new Error(stderr);
  }

  /** `env` with the variables that point a program to this AWS, for the command line of a `credential_process`. */
  inEnvironment(): string {
    return ['env', ...Object.entries(this.aws.environment).map(([name, value]) => `${name}=${value}`)].join(
      ' ',
    );
  }

  /** Nobody but the rotation function can read a secret: half of the calls are cut, half get an error 500. */
  beginOutage(): { end(): void } {
    const match = { service: 'secretsmanager', action: 'GetSecretValue', byFunction: false };
    const faults: InjectedFault[] = [
      this.aws.inject({ match, fault: { kind: 'status500' }, times: Number.POSITIVE_INFINITY }),
      ...Array.from({ length: 500 }, (_, index) =>
        this.aws.inject({ match, fault: { kind: 'cut' }, nth: 2 * index + 1 }),
      ),
    ];
    return { end: () => faults.forEach((fault) => fault.remove()) };
  }

  /** An AWS configuration file in a folder of its own. */
  writeFile(name: string, text: string): string {
    const path = this.pathOf(name);
    writeFileSync(path, text);
    return path;
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  async #sweep(): Promise<void> {
    const before = { ...process.env };
    // As in Lambda, the clients of the sweep take what they need from the environment, when they are first used.
    Object.assign(process.env, this.aws.environment);
    try {
      await this.#sweepOnce();
    } finally {
      process.env = before;
    }
  }

  async #sweepOnce(): Promise<void> {
    const sleep = (duration: number): Promise<void> => setTimeout(duration);
    const now = (): number => this.aws.now().getTime();
    const visits: UserResult[] = [];
    await sweep(
      {
        ...createSweepPorts('iam-key-rotation'),
        clock: { now, sleep },
        newHolder: randomUUID,
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        ...NOBODY,
      },
      {
        stack: 'iam-key-rotation',
        mode: 'act',
        maximumDeletions: 25,
        concurrency: 1,
        stopAt: now() + MINUTE,
        overAt: now() + 5 * MINUTE,
        onVisited: (visit) => visits.push(visit),
      },
    );
    for (const visit of visits) if ('failure' in visit) throw visit.failure;
  }
}

/** The rotation proves a new key in its own region; another one may learn of it later (F 2.6). */
function laterInTheFarRegion(far: { readonly lagMs: number }): Authorize {
  const firstSeen = new Map<string, number>();
  return ({ service, region, principal, headers }) => {
    if (service !== 'sts' || principal.type !== 'user') return;
    const keyId = /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? '';
    if (!firstSeen.has(keyId)) firstSeen.set(keyId, Date.now());
    if (region === FAR_REGION && Date.now() < (firstSeen.get(keyId) ?? 0) + far.lagMs) {
      throw new ApiError(
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
        403,
      );
    }
  };
}
