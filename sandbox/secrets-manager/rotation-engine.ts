import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxClock } from '../clock';
import { History } from '../history';
import { type RotationEventName, serviceEvent, type ServiceEvent } from './rotation-events';
import { addVersion, CURRENT, moveLabel, PENDING, removeLabel, type Secret, versionLabelled } from './secret';
import { ROTATION_STEPS, type RotationSteps } from './rotation-steps';

export interface RotationTiming {
  /** How often a rotation is tried before Secrets Manager leaves it for later. AWS does not say. */
  readonly attempts: number;
  readonly retryDelayMs: number;
}

/** A rotation from its request until it succeeded, or was given up. */
class Rotation {
  private ended = false;

  constructor(readonly token: string) {}

  /** No further step begins. */
  end(): void {
    this.ended = true;
  }

  hasEnded(): boolean {
    return this.ended;
  }
}

/**
 * Runs rotations as Secrets Manager does: in the background, four synchronous invocations, everything from the
 * start with the same token when one of them fails.
 */
export class RotationEngine {
  private readonly runs = new Set<{ readonly secretArn: string; readonly done: Promise<void> }>();
  /** By secret: the rotation that is not complete, under way or stuck. */
  private readonly incomplete = new Map<string, Rotation>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly accountId: string,
    private readonly clock: SandboxClock,
    private readonly steps: RotationSteps,
    private readonly timing: RotationTiming,
    /** Who else gets to know what is reported. */
    private readonly onReport: (event: ServiceEvent) => void = () => undefined,
    private readonly recorded = new History<ServiceEvent>(),
  ) {}

  events(): readonly ServiceEvent[] {
    return this.recorded.all();
  }

  /** Resolves when no rotation is under way any more, of this secret or at all. */
  async settled(secretArn?: string): Promise<void> {
    for (;;) {
      const runs = this.runsOf(secretArn);
      if (runs.length === 0) return;
      await Promise.all(runs.map(({ done }) => done));
    }
  }

  async stop(): Promise<void> {
    for (const rotation of this.incomplete.values()) rotation.end();
    this.stopping.abort();
    await this.settled();
  }

  /** Announces an empty version and begins. */
  start(secret: Secret, token: string): void {
    const version = secret.versions.get(token) ?? addVersion(secret, token, undefined, this.clock.now());
    moveLabel(secret, PENDING, version);
    this.report('RotationStarted', secret, token);
    this.begin(secret, token);
  }

  /** "A previous rotation isn't complete. That rotation will be reattempted." */
  reattempt(secret: Secret, token: string): void {
    if (this.runsOf(secret.arn).length === 0) this.begin(secret, token);
  }

  /** Not a rotation, but a test of the configuration: testSecret alone, on the value that is there. */
  startTest(secret: Secret, token: string): void {
    const current = versionLabelled(secret, CURRENT);
    const version = addVersion(secret, token, current?.value, this.clock.now());
    moveLabel(secret, PENDING, version);
    this.report('TestRotationStarted', secret, token);
    this.track(secret, async () => {
      const failure = await this.steps.run(secret, lambdaOf(secret), 'testSecret', token);
      version.value = undefined;
      removeLabel(secret, PENDING, version);
      const name = failure === undefined ? 'TestRotationSucceeded' : 'TestRotationFailed';
      this.report(name, secret, token, failure);
    });
  }

  /** A version that is not the rotation's own was written: Secrets Manager gives the rotation up. */
  abandonUnlessFor(secret: Secret, versionId: string): void {
    const rotation = this.incomplete.get(secret.arn);
    if (!rotation || rotation.token === versionId) return;
    this.cancel(secret);
    const version = secret.versions.get(rotation.token);
    if (version?.labels.has(PENDING)) removeLabel(secret, PENDING, version);
    this.report('RotationAbandoned', secret, rotation.token);
  }

  /** Stops before the next step and leaves the labels as they are. */
  cancel(secret: Secret): void {
    this.incomplete.get(secret.arn)?.end();
    this.incomplete.delete(secret.arn);
  }

  private runsOf(secretArn?: string) {
    return [...this.runs].filter((run) => secretArn === undefined || run.secretArn === secretArn);
  }

  private begin(secret: Secret, token: string): void {
    // A failed rotation whose label was taken away may still be waiting for its next try.
    this.cancel(secret);
    const rotation = new Rotation(token);
    this.incomplete.set(secret.arn, rotation);
    this.track(secret, async () => {
      for (let attempt = 1; attempt <= this.timing.attempts && !rotation.hasEnded(); attempt += 1) {
        if (attempt > 1) await this.pause();
        const failure = await this.runSteps(secret, rotation);
        if (rotation.hasEnded()) return;
        if (failure === undefined) {
          this.incomplete.delete(secret.arn);
          secret.rotatedAt = this.clock.now();
          this.report('RotationSucceeded', secret, token);
          return;
        }
        this.report('RotationFailed', secret, token, failure);
      }
    });
  }

  /** Undefined: all four went well, or the rotation was ended. */
  private async runSteps(secret: Secret, rotation: Rotation): Promise<string | undefined> {
    const { token } = rotation;
    const lambdaArn = lambdaOf(secret);
    for (const step of ROTATION_STEPS) {
      if (rotation.hasEnded()) return undefined;
      const failure = await this.steps.run(secret, lambdaArn, step, token);
      if (failure !== undefined) return failure;
      if (step === 'createSecret' && !rotation.hasEnded() && !secret.versions.get(token)?.value) {
        return `Pending secret version ${token} for Secret ${secret.arn} was not created by Lambda ${lambdaArn}. Remove the AWSPENDING staging label and restart rotation.`;
      }
    }
    if (versionLabelled(secret, CURRENT)?.id === token) return undefined;
    return `Secret version ${token} for Secret ${secret.arn} was not made current by Lambda ${lambdaArn}.`;
  }

  private track(secret: Secret, run: () => Promise<void>): void {
    const tracked = {
      secretArn: secret.arn,
      done: run()
        .catch((error: unknown) => {
          console.error(`The local AWS could not rotate ${secret.name}:`, error);
        })
        .finally(() => this.runs.delete(tracked)),
    };
    this.runs.add(tracked);
  }

  private async pause(): Promise<void> {
    try {
      await sleep(this.timing.retryDelayMs, undefined, { signal: this.stopping.signal });
    } catch (error) {
      // The sandbox is being stopped; the rotation has been marked as ended.
      if (!this.stopping.signal.aborted) throw error;
    }
  }

  private report(name: RotationEventName, secret: Secret, token: string, errorMessage?: string): void {
    const about = { secret, token, accountId: this.accountId, now: this.clock.now() };
    const event = serviceEvent(name, about, errorMessage);
    this.recorded.add(event);
    this.onReport(event);
  }
}

const lambdaOf = (secret: Secret): string => secret.rotation?.lambdaArn ?? '';
