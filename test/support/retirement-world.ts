import { DAY, HOUR, SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import type { Journal } from '../../handlers/core/model/journal';
import {
  replaceLeakedKey,
  type LeakedKeyReplaced,
  type LeakedKeyRequest,
} from '../../handlers/core/operator/replace-leaked-key';
import { rollBack, type RolledBack } from '../../handlers/core/operator/roll-back';
import { DeletionCap } from '../../handlers/core/retirement/deletion-cap';
import type { SweepPorts } from '../../handlers/core/retirement/retirement-ports';
import type { Settings } from '../../contract/settings';
import {
  sweepUser,
  type SweepUserOptions,
  type UserOutcome,
} from '../../handlers/core/retirement/sweep-user';
import { LEASE } from '../../handlers/core/model/timing';
import { UserWorld, type LogLine } from '../handlers/support/user-world';
import type { CallSite, Gate } from './in-memory-aws/gate';
import type { InMemoryAws } from './in-memory-aws/in-memory-aws';
import { inMemoryPorts, type Listener } from './in-memory-aws/in-memory-ports';
import { CALM, type Weather } from './in-memory-aws/weather';

/** What happens to one call: the process dies before or after it, or AWS refuses it. */
export interface Mishap {
  /** Counted from 0, over every call of the process. */
  readonly atCall: number;
  readonly what: 'diesBefore' | 'diesAfter';
}

/** The process is gone: nothing of it runs on, neither a catch nor the giving back of its lease. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';
}

/** One process of the product: its ports, and the calls that it has made. */
export interface SweepProcess {
  readonly ports: SweepPorts;
  readonly calls: readonly CallSite[];
  /** Rejects when its mishap befalls it; what it was doing then never continues. */
  readonly death: Promise<never>;
}

export interface ProcessOptions {
  readonly mishap?: Mishap;
  /** A person, or another process, that comes in between; called before each call is performed. */
  readonly before?: (site: CallSite, number: number) => void | Promise<void>;
  readonly weather?: Weather;
  /** How far the process's clock is from the true time. */
  readonly skew?: Milliseconds;
  /**
   * Takes each call instead of `calls`, which grows with them.
   * @default they are kept
   */
  readonly noted?: { push(site: CallSite): unknown };
  /** Methods of its ports that do something else; gets the ports as they are, to go on from there. */
  readonly instead?: (ports: SweepPorts) => {
    readonly [Port in keyof SweepPorts]?: Partial<SweepPorts[Port]>;
  };
}

/** What a process of the product runs in. */
export interface ProcessWorld {
  readonly aws: InMemoryAws;
  readonly gate: Gate;
  /** Takes the ARN of each secret that a rotation was requested for. */
  readonly requests: { push(secretArn: string): unknown };
  readonly log: { push(line: LogLine): unknown };
  /** @default none */
  readonly listener?: Listener;
}

/** Counted in each AWS by itself, so that what happens in one is the same whatever ran before it. */
const processesIn = new WeakMap<InMemoryAws, number>();

/** Other processes of an AWS have smaller numbers. */
const BEFORE_THE_FIRST = 1_000;

/** A new process. No two of an AWS have the same number, so none of their leases have the same holder. */
export function processIn(world: ProcessWorld, options: ProcessOptions = {}): SweepProcess {
  const number = (processesIn.get(world.aws) ?? BEFORE_THE_FIRST) + 1;
  processesIn.set(world.aws, number);
  const calls: CallSite[] = [];
  const { gate } = world;
  const { mishap, noted = calls } = options;
  let made = 0;
  let dead = false;
  const never = new Promise<never>(() => undefined);
  let tellOfDeath: (error: ProcessDiedError) => void = () => undefined;
  const death = new Promise<never>((_resolve, reject) => (tellOfDeath = reject));
  death.catch(() => undefined); // Whoever does not wait for it does not mind.
  const die = (site: CallSite, call: number): Promise<never> => {
    dead = true;
    tellOfDeath(new ProcessDiedError(`${mishap!.what} call ${call}, ${site.name.action}`));
    return never;
  };
  const watched: Gate = {
    now: () => gate.now(),
    sleep: (duration) => (dead ? never : gate.sleep(duration)),
    async pass(site, perform) {
      if (dead) return never;
      const call = made++;
      noted.push(site);
      const isStruck = mishap?.atCall === call;
      if (isStruck && mishap.what === 'diesBefore') return die(site, call);
      await options.before?.(site, call);
      const answer = gate.pass(site, perform);
      if (!isStruck) return answer;
      // Whatever the answer is, also a refusal, nobody hears it.
      await answer.catch(() => undefined);
      return die(site, call);
    },
  };
  const ports = inMemoryPorts(world.aws, watched, {
    number,
    weather: options.weather ?? CALM,
    skew: options.skew ?? 0,
    requestRotation: (secretArn) => {
      world.requests.push(secretArn);
      return undefined;
    },
    log: (level, message, fields) => {
      world.log.push({ level, message, fields });
    },
    listener: world.listener,
  });
  const objects: Record<string, object> = { ...ports };
  for (const [port, methods] of Object.entries(options.instead?.({ ...ports }) ?? {})) {
    Object.assign(ports, { [port]: { ...objects[port], ...methods } });
  }
  return { ports, calls, death };
}

/** A user in the second half of a key's life, and everybody who may do something to it. */
export class RetirementWorld extends UserWorld {
  readonly retirement: Settings;
  readonly requests: string[] = [];

  constructor(change: Partial<Settings> = {}) {
    super(change);
    this.retirement = {
      ...this.settings,
      maximumKeyAgeSeconds: (90 * DAY) / SECOND,
      whenStillInUse: 'hold',
      ...change,
    };
    this.aws.table.setSettings(this.retirement.stableKey, this.retirement);
  }

  /** A user with a current key, made by `apply`. */
  static async withCurrentKey(change: Partial<Settings> = {}): Promise<RetirementWorld> {
    const world = new RetirementWorld(change);
    await world.firstKey();
    return world;
  }

  /** A user whose key was replaced just now: `previous` is in its overlap. */
  static async afterRotation(change: Partial<Settings> = {}): Promise<RetirementWorld> {
    const world = await RetirementWorld.withCurrentKey(change);
    world.pass(1 * DAY);
    await world.rotate(`rotation-${'1'.repeat(32)}`);
    return world;
  }

  /** A user whose previous key was deactivated just now. */
  static async afterDeactivation(change: Partial<Settings> = {}): Promise<RetirementWorld> {
    const world = await RetirementWorld.afterRotation(change);
    world.pass((world.retirement.overlapSeconds + 1) * SECOND);
    await world.sweepUser();
    return world;
  }

  get now(): Instant {
    return this.gate.now();
  }

  pass(duration: Milliseconds): void {
    this.gate.advance(duration);
  }

  get currentKeyId(): string {
    return this.journal.current!.keyId;
  }

  get previous(): Journal['previous'][number] {
    return this.journal.previous[0]!;
  }

  /** Somebody signs a request with the key, now. */
  use(keyId: string, service = 's3'): void {
    this.aws.iam.use(keyId, service, this.now);
  }

  process(options: ProcessOptions = {}): SweepProcess {
    return processIn(this, options);
  }

  sweepUser(
    options: Partial<SweepUserOptions> = {},
    { ports }: Pick<SweepProcess, 'ports'> = this.process(),
    settings: Partial<Settings> = {},
  ): Promise<UserOutcome> {
    return sweepUser(ports, { ...this.retirement, ...settings }, this.journal, {
      stack: 'iam-key-rotation',
      mode: 'act',
      deletionCap: new DeletionCap(100),
      ...options,
    });
  }

  rollBack(
    leaveKeyId: string = this.currentKeyId,
    { ports }: Pick<SweepProcess, 'ports'> = this.process(),
  ): Promise<RolledBack> {
    return rollBack(ports, this.retirement, leaveKeyId);
  }

  replaceLeakedKey(
    request: LeakedKeyRequest,
    { ports }: Pick<SweepProcess, 'ports'> = this.process(),
  ): Promise<LeakedKeyReplaced> {
    return replaceLeakedKey(ports, this.retirement, request);
  }

  /** As many sweeps as it takes until nothing is due any more, an hour apart. */
  async sweepUntilQuiet(most = 5): Promise<void> {
    for (let run = 0; run < most; run += 1) {
      const { acts } = await this.sweepUser();
      if (acts.length === 0) return;
      this.pass(1 * HOUR);
    }
  }

  /** Every moment up to now at which the key in AWSCURRENT was not Active (R1). */
  get r1Breaks(): readonly string[] {
    const status = new Map<string, string>();
    let served: string | undefined;
    const breaks: string[] = [];
    for (const event of this.events) {
      if (event.what === 'keyCreated') status.set(event.keyId, 'Active');
      if (event.what === 'keyChanged') status.set(event.keyId, event.is);
      if (event.what === 'labelsMoved') served = this.keyUnder(event.is.AWSCURRENT);
      if (served === undefined || status.get(served) === 'Active') continue;
      breaks.push(`after ${event.what} served key ${served} is ${status.get(served)!}`);
    }
    return breaks;
  }
}

/** A world that outlives its processes. */
export interface MortalWorld {
  process(options: ProcessOptions): SweepProcess;
  pass(duration: Milliseconds): void;
}

/**
 * Has the work die before and after each of its calls in turn, each time in a new world, and hands the world over
 * when the dead process's lease has run out.
 *
 * @returns how often it died.
 * @throws what `then` throws, with the call at which the work had died.
 */
export async function dyingAtEveryCall<World extends MortalWorld>(
  given: () => Promise<World>,
  work: (world: World, process: SweepProcess) => Promise<unknown>,
  then: (world: World) => Promise<void>,
): Promise<number> {
  let deaths = 0;
  for (let atCall = 0; ; atCall += 1) {
    for (const what of ['diesBefore', 'diesAfter'] as const) {
      const world = await given();
      const process = world.process({ mishap: { atCall, what } });
      try {
        await Promise.race([work(world, process), process.death]);
        return deaths;
      } catch (error) {
        if (!(error instanceof ProcessDiedError)) throw error;
        deaths += 1;
        world.pass(2 * LEASE);
        await then(world).catch((failure: unknown) => {
          throw new Error(`${error.message}, and then: ${String(failure)}`, { cause: failure });
        });
      }
    }
  }
}
