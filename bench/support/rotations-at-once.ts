import { ROTATION_STEPS, functionEventSchema } from '../../contract/function-events';
import { HOUR, MINUTE, SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import { rotate } from '../../handlers/core/rotation/rotate';
import { addUser, type FleetUser } from '../../test/handlers/core/retirement/support/fleet';
import { NOON } from '../../test/handlers/support/fixtures';
import { InMemoryAws } from '../../test/support/in-memory-aws/in-memory-aws';
import { CALM, draw, type Weather } from '../../test/support/in-memory-aws/weather';
import { processIn } from '../../test/support/retirement-world';
import { rounded } from './benchmark';
import { QuotaGate } from './quota-gate';
import { VirtualTime } from './virtual-time';
import { WitnessOfRotations } from './witness-of-rotations';

/** When Secrets Manager begins rotations that are due in the same minute. */
export type Begin = 'over the minute' | 'in one second';

export interface AtOnceOptions {
  readonly users: number;
  readonly begin: Begin;
  readonly iamCallsPerSecond: number;
}

export interface AtOnceFigures extends AtOnceOptions {
  /** Writes to Secrets Manager that were asked for in the second with the most, and in all. */
  readonly writesInBusiestSecond: number;
  readonly writes: number;
  readonly throttledWrites: number;
  readonly iamCalls: number;
  readonly throttledIamCalls: number;
  /** Rotations that Secrets Manager had to begin again, and how often it did. */
  readonly begunAgain: number;
  readonly failedTries: number;
  readonly secondsUntilHalfAreCurrent: number;
  readonly secondsUntilAllAreCurrent: number;
  /** Whose key was not current after an hour. */
  readonly lost: number;
  readonly brokenRules: readonly string[];
}

/** F 1.36. The burst is not documented: one second's worth. */
const SECRETS_MANAGER_WRITES = { perSecond: 50, burst: 50 };
const IAM_BURST = 20;

/** How long Secrets Manager waits before it begins a failed rotation again is not documented (F 1.11). */
export const PAUSE_OF_SECRETS_MANAGER: Milliseconds = 1 * MINUTE;
const WITHIN: Milliseconds = 1 * HOUR;

/** A new key comes and goes for STS, for some seconds. */
const WEATHER: Weather = { ...CALM, newKey: 8 * SECOND };
const NOWHERE = { push: () => undefined };

/** Rotates as many users of one account, which are all due in the same minute, with the rotation as it is. */
export async function rotateAtOnce(options: AtOnceOptions): Promise<AtOnceFigures> {
  const { users, begin, iamCallsPerSecond } = options;
  const time = new VirtualTime(NOON);
  const witness = new WitnessOfRotations();
  const aws = new InMemoryAws(witness.see);
  const gate = new QuotaGate(time, {
    iam: { perSecond: iamCallsPerSecond, burst: IAM_BURST },
    secretsManagerWrites: SECRETS_MANAGER_WRITES,
  });
  const fleet = Array.from({ length: users }, (_, index) => addUser(aws, nameOf(index), 'quiet', time.now()));
  witness.begin();
  let begunAgain = 0;
  let failedTries = 0;

  const rotateOne = async ({ settings }: FleetUser, index: number): Promise<void> => {
    await time.sleep(draw(3, index) * (begin === 'in one second' ? SECOND : MINUTE));
    const { secretArn, stableKey } = settings;
    const token = aws.secretsManager.startRotation(
      secretArn,
      `rotation-${index}`.padEnd(32, '-'),
      time.now(),
    );
    for (let tries = 1; time.now() < NOON + WITHIN; tries += 1) {
      if (tries === 2) begunAgain += 1;
      if (tries > 1) await time.sleep(PAUSE_OF_SECRETS_MANAGER);
      try {
        for (const Step of ROTATION_STEPS) {
          // Each step is an invocation of its own.
          const world = { aws, gate, requests: NOWHERE, log: NOWHERE };
          const { ports } = processIn(world, { weather: { ...WEATHER, seed: index } });
          const event = { Step, SecretId: secretArn, ClientRequestToken: token };
          await rotate(ports, stableKey, functionEventSchema.parse(event));
        }
        aws.secretsManager.endRotation(secretArn, token, false, time.now());
        return;
      } catch {
        // Whatever went wrong, Secrets Manager begins again from createSecret (F 1.11).
        failedTries += 1;
      }
    }
  };
  await time.passUntil(Promise.all(fleet.map(rotateOne)));

  const after = [...witness.promotedAt.values()].map((at) => at - NOON).toSorted((a, b) => a - b);
  const until = (share: number): number =>
    rounded((after[Math.ceil(share * after.length) - 1] ?? 0) / SECOND, 1);
  return {
    ...options,
    writesInBusiestSecond: busiestSecond(gate.writes.map(({ at }) => at)),
    writes: gate.writes.length,
    throttledWrites: gate.throttledWrites,
    iamCalls: gate.iamCalls,
    throttledIamCalls: gate.throttled,
    begunAgain,
    failedTries,
    secondsUntilHalfAreCurrent: until(0.5),
    secondsUntilAllAreCurrent: until(1),
    lost: users - after.length,
    brokenRules: [...witness.broken, ...witness.leftBehind],
  };
}

const nameOf = (index: number): string => `user-${String(index).padStart(5, '0')}`;

/** How many of the moments, in their order, lie within one second; of any second. */
export function busiestSecond(moments: readonly Instant[]): number {
  let most = 0;
  let first = 0;
  for (const [last, moment] of moments.entries()) {
    while (moments[first]! <= moment - SECOND) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
