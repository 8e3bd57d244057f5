import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  InvalidRequestException,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { type LocalAws, startLocalAws } from '../../../../sandbox/local-aws';
import { Account, type StoredKey } from '../../stack/support/account';
import { DeployedFunction, type RotatedTestUser } from '../../support/deployed-function';
import type { Mishap } from './mishaps';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Longer than a lease, a listing's lag and two clocks' difference together (handlers/core/timing.ts). */
const UNTIL_THE_NEXT_TRY_MS = 3 * MINUTE_MS;

/** How often a person, or the next window, would ask again. */
const MOST_REQUESTS = 3;

/** What can be seen from the outside, in plain AWS calls, once everything is over. */
export interface Ending {
  /** How many calls the mishap befell. */
  readonly struck: number;
  /** Whose key the secret serves, as STS knows it: after each failure, and at the end. */
  readonly served: readonly string[];
  /** All keys of the user, oldest first: `current`, `former` (current before), or the id of one that should not be. */
  readonly keys: readonly string[];
  readonly labels: readonly string[];
}

interface Injected {
  readonly hits: () => number;
  /** Whether it has struck for the last time, and the call is done with: performed or not, answered or cut. */
  readonly isOver: () => boolean;
  readonly remove: () => void;
}

export interface LaneOptions {
  /** Of the lane's users. @default 0, so that finishSecret has the most to do */
  readonly overlapSeconds?: number;
}

/**
 * A local AWS with a user who goes through one mishap after the other. A lane has a local AWS of its own because its
 * clock is put forward between the tries of a rotation, where AWS lets time pass.
 */
export class Lane {
  readonly #account: Account;
  readonly #secrets: SecretsManagerClient;
  readonly #lambda: LambdaClient;
  #user: RotatedTestUser | undefined;

  private constructor(
    readonly aws: LocalAws,
    private readonly fn: DeployedFunction,
    private readonly overlapSeconds: number,
  ) {
    this.#account = new Account(aws);
    this.#secrets = new SecretsManagerClient(aws.clientConfig());
    this.#lambda = new LambdaClient(aws.clientConfig());
  }

  static async open({ overlapSeconds = 0 }: LaneOptions = {}): Promise<Lane> {
    const aws = await startLocalAws({
      // New keys that come and go are others' tests; here they would only cost time.
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { attempts: 5, retryDelayMs: 200 },
    });
    return new Lane(aws, await DeployedFunction.on(aws), overlapSeconds);
  }

  close(): Promise<void> {
    return this.aws.stop();
  }

  /** A rotation that meets a mishap, until Secrets Manager's retries, or later requests, have brought it to its end. */
  async rotateThrough(mishaps: readonly Mishap[], timeLimitSeconds?: number): Promise<Ending> {
    const user = await this.#userWithRetiredKey();
    this.#user = undefined; // Only a user whose rotation ended well is used again.
    const former = await this.#account.storedKey(user.secretArn);
    const faults = mishaps.map((mishap) => this.#inject(mishap));
    if (timeLimitSeconds !== undefined) await this.#setTimeLimit(timeLimitSeconds);

    const served = await this.#passingTimeBetweenTries(user, faults, async () => {
      for (let request = 1; request <= MOST_REQUESTS; request += 1) {
        if (await this.#rotate(user)) return;
      }
    });
    for (const fault of faults) fault.remove();
    const ending = await this.#endingOf(user, faults, served, former);
    if (ending.keys.join() === 'former Inactive,current Active') this.#user = user;
    return ending;
  }

  /** A first key that meets a mishap, until a later `terraform apply` has one made. */
  async makeFirstKeyThrough(mishaps: readonly Mishap[]): Promise<Ending> {
    const user = await this.#addUser();
    const faults = mishaps.map((mishap) => this.#inject(mishap));
    const served = await this.#passingTimeBetweenTries(user, faults, async (failed) => {
      for (let apply = 1; apply <= MOST_REQUESTS; apply += 1) {
        if (await this.#invokeForFirstKey(user)) return;
        failed();
      }
    });
    for (const fault of faults) fault.remove();
    return this.#endingOf(user, faults, served, undefined);
  }

  /** The calls that a rotation without any mishap makes, each as `service:Action`, with the step it belongs to. */
  async recordRotation(): Promise<readonly string[]> {
    const user = await this.#userWithRetiredKey();
    const seen = this.aws.calls().length;
    await this.#rotate(user);
    return this.#callsSince(seen);
  }

  async recordFirstKey(): Promise<readonly string[]> {
    const user = await this.#addUser();
    const seen = this.aws.calls().length;
    await this.#invokeForFirstKey(user);
    return this.#callsSince(seen);
  }

  #callsSince(seen: number): readonly string[] {
    return this.aws
      .calls()
      .slice(seen)
      .filter(({ principal, service }) => principal?.invocationId !== undefined || service === 'sts')
      .map(({ service, action }) => `${service}:${action}`);
  }

  #inject({ call, fault, times }: Mishap): Injected {
    const { service, action, nth } = call;
    const seen = this.aws.calls().length;
    // The probe of a new key is signed by that key, everything else by the function's role.
    const match = { service, action, ...(service === 'sts' ? {} : { byFunction: true }) };
    const injected = this.aws.inject({ match, fault, nth, times });
    const answered = (): number =>
      this.#callsSince(seen).filter((name) => name === `${service}:${action}`).length;
    return {
      remove: () => {
        injected.remove();
      },
      hits: () => injected.hits,
      isOver: () => injected.hits === times && answered() >= nth + times - 1,
    };
  }

  /** A user as a rotation finds it: one key current, the one before it deactivated, its grace period over. */
  async #userWithRetiredKey(): Promise<RotatedTestUser> {
    if (this.#user === undefined) {
      this.#user = await this.#addUser();
      await this.#invokeForFirstKey(this.#user);
      await this.#rotate(this.#user);
    }
    this.aws.clockShiftMs += 8 * DAY_MS;
    return this.#user;
  }

  #addUser(): Promise<RotatedTestUser> {
    return this.fn.addUser({ overlapSeconds: this.overlapSeconds, gracePeriodSeconds: (7 * DAY_MS) / 1000 });
  }

  /** @returns whether Secrets Manager reports that a rotation succeeded. */
  async #rotate({ secretArn }: RotatedTestUser): Promise<boolean> {
    const seen = this.aws.events().length;
    try {
      await this.#secrets.send(
        new RotateSecretCommand({
          SecretId: secretArn,
          RotationLambdaARN: this.fn.functionArn,
          RotationRules: { AutomaticallyAfterDays: 30 },
        }),
      );
    } catch (error) {
      // "A previous rotation isn't complete. That rotation will be reattempted."
      if (!(error instanceof InvalidRequestException)) throw error;
    }
    await this.aws.rotationsSettled(secretArn);
    return this.aws
      .events()
      .slice(seen)
      .some(({ eventName }) => eventName === 'RotationSucceeded');
  }

  async #invokeForFirstKey({ secretArn, userId }: RotatedTestUser): Promise<boolean> {
    const Payload = JSON.stringify({ Step: 'firstKey', SecretId: secretArn, UserId: userId });
    const { FunctionError } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: this.fn.functionName, Payload: Buffer.from(Payload) }),
    );
    return FunctionError === undefined;
  }

  /**
   * Lets minutes pass whenever a mishap is over, and whenever a try has failed. Time passes for
   * functions that start from then on.
   *
   * @returns whose key the secret served after each failure.
   */
  async #passingTimeBetweenTries(
    user: RotatedTestUser,
    faults: readonly Injected[],
    run: (failed: () => void) => Promise<void>,
  ): Promise<readonly string[]> {
    const served: Promise<string>[] = [];
    let over = 0;
    let failures = this.#failures();
    const failed = (): void => {
      this.aws.clockShiftMs += UNTIL_THE_NEXT_TRY_MS;
      served.push(this.#whoIsServed(user));
    };
    // The pause before Secrets Manager's next try is timed by this process too, so this always comes first.
    const watch = setInterval(() => {
      const nowOver = faults.filter((fault) => fault.isOver()).length;
      if (nowOver > over) {
        over = nowOver;
        this.aws.clockShiftMs += UNTIL_THE_NEXT_TRY_MS;
        void this.#setTimeLimit(600);
      }
      if (this.#failures() > failures) {
        failures = this.#failures();
        failed();
      }
    }, 5);
    try {
      await run(failed);
    } finally {
      clearInterval(watch);
    }
    return Promise.all(served);
  }

  #failures(): number {
    return this.aws.events().filter(({ eventName }) => eventName === 'RotationFailed').length;
  }

  async #setTimeLimit(seconds: number): Promise<void> {
    const change = { FunctionName: this.fn.functionName, Timeout: seconds };
    await this.#lambda.send(new UpdateFunctionConfigurationCommand(change));
  }

  async #whoIsServed({ secretArn }: RotatedTestUser): Promise<string> {
    const key = await this.#account.storedKey(secretArn).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    });
    return key === undefined ? 'nobody yet' : ((await this.#account.whoIs(key)) ?? 'unknown');
  }

  async #endingOf(
    user: RotatedTestUser,
    faults: readonly Injected[],
    servedBefore: readonly string[],
    former: StoredKey | undefined,
  ): Promise<Ending> {
    const served = [...servedBefore, await this.#whoIsServed(user)];
    const current = await this.#account.storedKey(user.secretArn);
    const names = new Map([
      [former?.AccessKeyId, 'former'],
      [current.AccessKeyId, former?.AccessKeyId === current.AccessKeyId ? 'former and current' : 'current'],
    ]);
    const keys = (await this.#account.keysOf(user.userName)).map((key) => {
      const [id, status] = key.split(' ');
      return `${names.get(id) ?? id!} ${status!}`;
    });
    const { VersionIdsToStages = {} } = await this.#secrets.send(
      new DescribeSecretCommand({ SecretId: user.secretArn }),
    );
    return {
      struck: faults.reduce((sum, { hits }) => sum + hits(), 0),
      served: served.map((arn) => (arn === user.userArn ? 'the user' : arn)),
      keys,
      labels: Object.values(VersionIdsToStages).flat().sort(),
    };
  }
}
