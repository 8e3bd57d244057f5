import { SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import type { CallSite } from '../../test/support/in-memory-aws/gate';
import { unanswered } from '../../test/support/in-memory-aws/refusals';
import { draw } from '../../test/support/in-memory-aws/weather';
import { ThrottlingGate } from './throttling-gate';
import { TokenBucket, type RateLimit } from './token-bucket';
import type { VirtualTime } from './virtual-time';

/** What an account is allowed in a region (F 1.36), which rotations of many users share. */
export interface Quotas {
  readonly iam: RateLimit;
  readonly secretsManagerWrites: RateLimit;
}

const SECRETS_MANAGER_WRITES: ReadonlySet<string> = new Set(['PutSecretValue', 'UpdateSecretVersionStage']);

/** How a call is made again that AWS throttled. */
interface Repetition {
  readonly tries: number;
  /** Before the second try; twice as long before the third. `chance` is between 0 and 1. */
  readonly pause: (chance: number) => Milliseconds;
  /** Whether AWS's no is certain after several tries: the SDK hears the last answer alone. */
  readonly isCertain: boolean;
}

const BY_SDK: Repetition = { tries: 3, pause: (chance) => chance * SECOND, isCertain: false };
/** handlers/aws/change-once.ts */
const BY_CHANGE_ONCE: Repetition = { tries: 3, pause: () => SECOND / 2, isCertain: true };
const NEVER: Repetition = { tries: 1, pause: () => 0, isCertain: true };

const REPETITIONS: Readonly<Record<string, Repetition>> = {
  CreateAccessKey: NEVER,
  UpdateAccessKey: BY_CHANGE_ONCE,
  DeleteAccessKey: BY_CHANGE_ONCE,
  UpdateSecretVersionStage: BY_CHANGE_ONCE,
};

/** Calls are throttled beyond IAM's and Secrets Manager's rates, and made again as the adapters in handlers/aws/ do it. */
export class QuotaGate extends ThrottlingGate {
  /** When each write to Secrets Manager arrived there, with those that were throttled. */
  readonly writes: { readonly at: Instant; readonly isThrottled: boolean }[] = [];
  readonly #writes: TokenBucket;
  #pauses = 0;

  constructor(time: VirtualTime, { iam, secretsManagerWrites }: Quotas) {
    super(time, iam);
    this.#writes = new TokenBucket(secretsManagerWrites, time.now());
  }

  get throttledWrites(): number {
    return this.#writes.refused;
  }

  override async pass<Result>(site: CallSite, perform: (now: Instant) => Result): Promise<Result> {
    const { tries, pause, isCertain } = REPETITIONS[site.name.action] ?? BY_SDK;
    for (let number = 1; ; number += 1) {
      try {
        return await super.pass(site, perform);
      } catch (error) {
        if (!(error instanceof CallRefusedError && error.kind === 'throttled')) throw error;
        if (number === tries) throw site.mutates && !isCertain ? unanswered(site.name) : error;
        this.#pauses += 1;
        await this.sleep(pause(draw(2, this.#pauses)) * 2 ** (number - 1));
      }
    }
  }

  protected override isThrottled(site: CallSite): boolean {
    if (super.isThrottled(site)) return true;
    if (!SECRETS_MANAGER_WRITES.has(site.name.action)) return false;
    const at = this.now();
    const isThrottled = !this.#writes.take(at);
    this.writes.push({ at, isThrottled });
    return isThrottled;
  }
}
