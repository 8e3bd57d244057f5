import { VirtualTime } from '../../../bench/support/virtual-time';
import { ThrottlingGate } from '../../../bench/support/throttling-gate';
import type { RateLimit } from '../../../bench/support/token-bucket';
import type { EmergencyPorts } from '../../../cli/emergency/plan';
import { HOUR, SECOND, type Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { createSecret } from '../../../handlers/core/rotation/create-secret';
import { finishSecret } from '../../../handlers/core/rotation/finish-secret';
import { firstKey } from '../../../handlers/core/rotation/first-key';
import { testSecret } from '../../../handlers/core/rotation/test-secret';
import { pacedAccessKeys } from '../../../handlers/core/retirement/paced-access-keys';
import { IAM_RATE, Pacer } from '../../../handlers/core/retirement/pacer';
import { DeletionCap } from '../../../handlers/core/retirement/deletion-cap';
import { sweepUser } from '../../../handlers/core/retirement/sweep-user';
import type { SweepPorts } from '../../../handlers/core/retirement/retirement-ports';
import type { AwsEvent } from '../../support/in-memory-aws/events';
import type { CallSite } from '../../support/in-memory-aws/gate';
import { InMemoryAws } from '../../support/in-memory-aws/in-memory-aws';
import { FAIR } from '../../support/in-memory-aws/weather';
import { type Mishap, processIn, type SweepProcess } from '../../support/retirement-world';
import { Checker, type CheckedWorld } from '../rules/checker';

/** What a user's keys are when the emergency begins; the first letter of a user's name. */
export const SITUATIONS = {
  /** One key. */
  alone: 'a',
  /** Both slots: the previous key is in its overlap. */
  overlap: 'b',
  /** Both slots: the previous key is retired, in its grace period. */
  retired: 'c',
  /** Both slots: a rotation is under way, and its key is stored. */
  underWay: 'd',
  /** Both slots: a person has re-activated the retired key. */
  reactivated: 'e',
} as const;

export type Situation = keyof typeof SITUATIONS;

const STARTS_AT = Date.UTC(2026, 0, 5, 4, 0, 0);

/** A user of the stack, and the checker that watches its keys. */
export interface WatchedUser {
  readonly settings: Settings;
  readonly situation: Situation;
  readonly checker: Checker;
  /** Ids of the keys that became current, in order. */
  readonly servedKeyIds: string[];
}

/** Many users in one AWS, true time that passes while everybody waits, and the rules checked at everything that happens. */
export class EmergencyStack {
  readonly time = new VirtualTime(STARTS_AT);
  readonly gate: ThrottlingGate;
  readonly aws = new InMemoryAws((event) => this.#witness(event));
  readonly users = new Map<string, WatchedUser>();
  readonly requests: string[] = [];
  /** The most calls of IAM within a second. */
  busiestSecond = 0;
  readonly #recentIamCalls: Instant[] = [];
  readonly #bySecret = new Map<string, WatchedUser>();
  readonly #byKey = new Map<string, WatchedUser>();
  readonly #byUserId = new Map<string, WatchedUser>();

  constructor(count: number, limit: RateLimit) {
    this.gate = new ThrottlingGate(this.time, limit);
    const situations = Object.entries(SITUATIONS) as [Situation, string][];
    for (let number = 0; number < count; number += 1) {
      const [situation, letter] = situations[number % situations.length]!;
      this.#add(`${letter}_${String(number).padStart(4, '0')}`, situation);
    }
  }

  #add(stableKey: string, situation: Situation): void {
    const settings: Settings = {
      stableKey,
      accountId: '111122223333',
      userName: `${stableKey}-user`,
      userId: `AIDA${stableKey.toUpperCase().replace('_', 'M')}EXAMPLE`,
      secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/${stableKey}-AbCdEf`,
      overlapSeconds: 86_400,
      gracePeriodSeconds: 604_800,
      maximumKeyAgeSeconds: 7_776_000,
      whenStillInUse: 'hold',
    };
    const { aws, time } = this;
    const world: CheckedWorld = {
      aws,
      settings,
      secretArn: settings.secretArn,
      options: { realUserId: settings.userId, weather: FAIR },
      settingsOf: () => settings,
      get now() {
        return time.now();
      },
      get checker(): Checker {
        return user.checker;
      },
      note: () => undefined,
      whatRuns: () => undefined,
    };
    const user: WatchedUser = { settings, situation, checker: new Checker(world), servedKeyIds: [] };
    this.users.set(stableKey, user);
    this.#bySecret.set(settings.secretArn, user);
    this.#byUserId.set(settings.userId, user);
    aws.iam.addUser(settings);
    aws.secretsManager.create(settings.secretArn, STARTS_AT);
    aws.secretsManager.enableRotation(settings.secretArn);
    aws.table.setSettings(stableKey, settings);
  }

  /** Everybody comes into their situation, by what the product and people do. */
  async begin(): Promise<void> {
    // Not in the time of an afternoon: what came before the emergency is nobody's hurry.
    const unlimited = { perSecond: 1_000_000, burst: 1_000_000 };
    const { ports } = processIn({ ...this.#worldOf(), gate: new ThrottlingGate(this.time, unlimited) });
    const all = [...this.users.values()];
    await this.time.passUntil(Promise.all(all.map((user) => this.#makeFirstKey(ports, user))));
    await this.time.passUntil(this.time.sleep(1 * HOUR));
    const but = (...situations: readonly Situation[]): readonly WatchedUser[] =>
      all.filter(({ situation }) => !situations.includes(situation));
    await this.#rotate(ports, but('alone', 'overlap', 'underWay'));
    await this.time.passUntil(this.time.sleep(25 * HOUR));
    await this.time.passUntil(
      Promise.all(but('alone', 'overlap', 'underWay').map((user) => this.#sweep(ports, user))),
    );
    await this.#rotate(ports, but('alone', 'retired', 'reactivated'));
    for (const { settings, situation } of all) {
      if (situation !== 'reactivated') continue;
      const { id } = this.aws.iam.keysOf(settings.userName).find(({ status }) => status.now === 'Inactive')!;
      this.aws.iam.setStatus(settings.userName, id, 'Active', this.time.now(), { by: 'person' });
    }
    await this.time.passUntil(this.time.sleep(1 * HOUR));
  }

  async #makeFirstKey(ports: SweepPorts, { settings }: WatchedUser): Promise<void> {
    const event = { Step: 'firstKey', SecretId: settings.secretArn, UserId: settings.userId } as const;
    await firstKey(ports, () => Promise.resolve(settings), event);
  }

  async #rotate(ports: SweepPorts, users: readonly WatchedUser[]): Promise<void> {
    await this.time.passUntil(
      Promise.all(
        users.map(async ({ settings, situation }) => {
          const token = `rotation-${settings.stableKey}`.padEnd(32, '0');
          this.aws.secretsManager.startRotation(settings.secretArn, token, this.time.now());
          const event = { SecretId: settings.secretArn, ClientRequestToken: token, RotationToken: undefined };
          await createSecret(ports, settings, { ...event, Step: 'createSecret' });
          if (situation === 'underWay') return;
          await testSecret(ports, settings, { ...event, Step: 'testSecret' });
          await finishSecret(ports, settings, { ...event, Step: 'finishSecret' });
        }),
      ),
    );
  }

  async #sweep(ports: SweepPorts, { settings }: WatchedUser): Promise<void> {
    const { journal } = await ports.journals.read(settings.stableKey);
    const options = { stack: 'iam-key-rotation', mode: 'act', deletionCap: new DeletionCap(0) } as const;
    await sweepUser(ports, settings, journal!, options);
  }

  /** A process of the command, with IAM asked within its rate, as the command has it. */
  process(mishap?: Mishap): SweepProcess & { readonly ports: EmergencyPorts } {
    const process = processIn(this.#worldOf(), {
      weather: FAIR,
      ...(mishap === undefined ? {} : { mishap }),
      before: (site) => this.#count(site),
    });
    const ports = process.ports as SweepProcess['ports'] & EmergencyPorts;
    const keys = pacedAccessKeys(ports.keys, new Pacer(ports.clock, IAM_RATE));
    return { ...process, ports: { ...ports, keys } };
  }

  #worldOf(): Parameters<typeof processIn>[0] {
    return { aws: this.aws, gate: this.gate, requests: this.requests, log: [] };
  }

  #count({ name }: CallSite): void {
    if (name.service !== 'IAM') return;
    const now = this.time.now();
    const recent = this.#recentIamCalls;
    recent.push(now);
    while (recent[0]! <= now - SECOND) recent.shift();
    this.busiestSecond = Math.max(this.busiestSecond, recent.length);
  }

  #witness(event: AwsEvent): void {
    const user = this.#userOf(event);
    user?.checker.witness(event);
    if (event.what !== 'labelsMoved' || event.was.AWSCURRENT === event.is.AWSCURRENT) return;
    const keyId = user?.checker.servedKey;
    if (keyId !== undefined) user?.servedKeyIds.push(keyId);
  }

  #userOf(event: AwsEvent): WatchedUser | undefined {
    switch (event.what) {
      case 'keyCreated':
      case 'keyChanged':
      case 'probed': {
        const known = this.#byKey.get(event.keyId);
        if (known !== undefined) return known;
        const user = this.#byUserId.get(this.aws.iam.key(event.keyId)?.userId ?? '');
        if (user !== undefined) this.#byKey.set(event.keyId, user);
        return user;
      }
      case 'labelsMoved':
      case 'valuePut':
        return this.#bySecret.get(event.secretArn);
      case 'journalWritten':
      case 'deliveriesWritten':
        return this.users.get(event.stableKey);
      case 'targetWritten':
        return undefined;
    }
  }
}
