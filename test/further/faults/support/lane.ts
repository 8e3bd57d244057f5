import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { InvalidRequestException } from '@aws-sdk/client-secrets-manager';

import { type LocalAws, startLocalAws } from '../../../../sandbox/local-aws';
import { Account, type StoredKey } from '../../../e2e/stack/support/account';
import { DeployedFunction, type RotatedTestUser } from '../../../e2e/support/deployed-function';
import { type Ending, endingOf, whoIsServed } from './ending';
import { callsOfFunctions, InjectedMishap } from './injected-mishap';
import type { Mishap } from './mishaps';
import { withTimePassing } from './passing-time';

const DAY_SECONDS = 24 * 60 * 60;
const GRACE_PERIOD_SECONDS = 7 * DAY_SECONDS;

/** How often a person, the next window, or the next `terraform apply` would ask again. */
const MOST_REQUESTS = 3;

/** The function's own limit, as it is deployed. */
const TIME_LIMIT_SECONDS = 600;

/**
 * A local AWS with a user who goes through one mishap after the other. A lane has a local AWS of its own because its
 * clock is put forward between the tries of a rotation, where AWS lets time pass.
 */
export class Lane {
  /** A user without overlap whose last rotation ended well, ready for the next. */
  #user: RotatedTestUser | undefined;

  private constructor(
    private readonly aws: LocalAws,
    private readonly fn: DeployedFunction,
  ) {}

  static async open(): Promise<Lane> {
    const aws = await startLocalAws({
      // New keys that come and go are others' tests; here they would only cost time.
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { attempts: 5, retryDelayMs: 200 },
    });
    return new Lane(aws, await DeployedFunction.on(aws));
  }

  close(): Promise<void> {
    return this.aws.stop();
  }

  /**
   * A rotation that meets mishaps, until Secrets Manager's retries, or later requests, have brought it to its end. The
   * user has no overlap, and the key before last is due to be deleted: there is no rotation with more to do.
   */
  async rotateThrough(...mishaps: readonly Mishap[]): Promise<Ending> {
    const user = await this.#userWithRetiredKey();
    this.#user = undefined;
    const ending = await this.#rotateThrough(user, mishaps);
    if (ending.keys.join() === 'former Inactive,current Active') this.#user = user;
    return ending;
  }

  /** The first rotation of a user with an overlap of a day. */
  async rotateWithOverlapThrough(...mishaps: readonly Mishap[]): Promise<Ending> {
    const user = await this.#addUser(DAY_SECONDS);
    await this.fn.makeFirstKey(user);
    return this.#rotateThrough(user, mishaps);
  }

  /** A rotation whose function has so little time that it is cut off in the middle of a slow call. */
  async rotateWithin(timeLimitSeconds: number, mishap: Mishap): Promise<Ending> {
    await this.#userWithRetiredKey();
    await this.#setTimeLimit(timeLimitSeconds);
    return this.rotateThrough(mishap);
  }

  /** A first key that meets mishaps, until a later `terraform apply` has one made. */
  async makeFirstKeyThrough(...mishaps: readonly Mishap[]): Promise<Ending> {
    const user = await this.#addUser(0);
    return this.#goThrough(user, mishaps, undefined, async (failed) => {
      for (let apply = 1; apply <= MOST_REQUESTS; apply += 1) {
        if (await this.fn.makeFirstKey(user)) return;
        failed();
      }
    });
  }

  /** The calls that a rotation makes which meets no mishap, each as `service:Action`. */
  async recordRotation(): Promise<readonly string[]> {
    const user = await this.#userWithRetiredKey();
    const seen = this.aws.calls().length;
    await this.#rotate(user);
    return callsOfFunctions(this.aws, seen);
  }

  async recordFirstKey(): Promise<readonly string[]> {
    const user = await this.#addUser(0);
    const seen = this.aws.calls().length;
    await this.fn.makeFirstKey(user);
    return callsOfFunctions(this.aws, seen);
  }

  async #rotateThrough(user: RotatedTestUser, mishaps: readonly Mishap[]): Promise<Ending> {
    const former = await new Account(this.aws).storedKey(user.secretArn);
    return this.#goThrough(user, mishaps, former, async () => {
      for (let request = 1; request <= MOST_REQUESTS; request += 1) {
        if (await this.#rotate(user)) return;
      }
    });
  }

  async #goThrough(
    user: RotatedTestUser,
    mishaps: readonly Mishap[],
    former: StoredKey | undefined,
    run: (failed: () => void) => Promise<void>,
  ): Promise<Ending> {
    const injected = mishaps.map((mishap) => new InjectedMishap(this.aws, mishap));
    const served: Promise<string>[] = [];
    let limitLifted = Promise.resolve();
    await withTimePassing(this.aws, injected, {
      run,
      // A function that runs already keeps the limit that it began with.
      whenStruck: () => {
        limitLifted = this.#setTimeLimit(TIME_LIMIT_SECONDS);
      },
      whenFailed: () => served.push(whoIsServed(this.aws, user)),
    });
    await limitLifted;
    for (const mishap of injected) mishap.remove();
    served.push(whoIsServed(this.aws, user));
    return {
      struck: injected.reduce((sum, { hits }) => sum + hits, 0),
      served: await Promise.all(served),
      ...(await endingOf(this.aws, user, former)),
    };
  }

  async #userWithRetiredKey(): Promise<RotatedTestUser> {
    if (this.#user === undefined) {
      this.#user = await this.#addUser(0);
      await this.fn.makeFirstKey(this.#user);
      await this.#rotate(this.#user);
    }
    this.aws.clockShiftMs += (GRACE_PERIOD_SECONDS + DAY_SECONDS) * 1000;
    return this.#user;
  }

  #addUser(overlapSeconds: number): Promise<RotatedTestUser> {
    return this.fn.addUser({ overlapSeconds, gracePeriodSeconds: GRACE_PERIOD_SECONDS });
  }

  /** @returns whether Secrets Manager reports that a rotation succeeded. */
  async #rotate(user: RotatedTestUser): Promise<boolean> {
    const seen = this.aws.events().length;
    try {
      await this.fn.rotateSecret(user);
    } catch (error) {
      // "A previous rotation isn't complete. That rotation will be reattempted."
      if (!(error instanceof InvalidRequestException)) throw error;
    }
    await this.aws.rotationsSettled(user.secretArn);
    return this.aws
      .events()
      .slice(seen)
      .some(({ eventName }) => eventName === 'RotationSucceeded');
  }

  async #setTimeLimit(seconds: number): Promise<void> {
    await new LambdaClient(this.aws.clientConfig()).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: this.fn.functionName, Timeout: seconds }),
    );
  }
}
