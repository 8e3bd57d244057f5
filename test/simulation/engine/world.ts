import type { Instant, Milliseconds } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { AwsEvent } from '../../support/in-memory-aws/events';
import type { Gate } from '../../support/in-memory-aws/gate';
import { InMemoryAws } from '../../support/in-memory-aws/in-memory-aws';
import { inMemoryPorts, type AllPorts } from '../../support/in-memory-aws/in-memory-ports';
import { CALM, draw, type Weather } from '../../support/in-memory-aws/weather';
import { Checker, type Violation } from '../rules/checker';
import type { Fault } from './faults';
import { FunctionDiedError, type Actor, type Process, type Running, type Stage } from './running';
import { Scheduler, type SchedulerOptions } from './scheduler';

export const STABLE_KEY = 'ci_deployer';

export interface WorldOptions {
  readonly weather: Weather;
  readonly settings: Settings;
  /** The user id that IAM really has; another one than the settings' if the user was deleted and made again. */
  readonly realUserId: string;
  /** Whether the secret has a copy in another region. */
  readonly copies: boolean;
  /** What Secrets Manager does when the product asks for a rotation. */
  readonly onRequest: (world: World) => Actor;
  readonly onStep?: SchedulerOptions['onStep'];
  /** Keeps every line of what happens; only for a person who reads the history. */
  readonly transcript: boolean;
}

const STARTS_AT = Date.UTC(2026, 0, 5, 4, 0, 0);

/** One user's world: AWS, the processes and people that act on it, true time, and the checker that watches all. */
export class World {
  readonly aws: InMemoryAws;
  readonly scheduler: Scheduler;
  readonly checker: Checker;
  readonly transcript: string[] = [];
  readonly #running: Running[] = [];
  #weather: Weather;
  #settings: Settings;
  #users = 1;
  #processes = 0;
  #tokens = 0;

  constructor(readonly options: WorldOptions) {
    this.#weather = options.weather;
    this.#settings = options.settings;
    this.appliedUserId = options.settings.userId;
    this.scheduler = new Scheduler({
      startsAt: STARTS_AT,
      seed: options.weather.seed,
      callTakes: () => this.#weather.call,
      afterStep: () => this.checker.check(),
      note: (line) => this.note(line),
      onStep: options.onStep,
    });
    this.aws = new InMemoryAws((event) => this.#witness(event));
    this.checker = new Checker(this);
    const { settings } = options;
    this.aws.iam.addUser({
      userName: settings.userName,
      userId: options.realUserId,
      accountId: settings.accountId,
    });
    this.aws.secretsManager.create(settings.secretArn, STARTS_AT);
    this.aws.secretsManager.tagWithUser(settings.secretArn, settings.userId, STARTS_AT);
    this.aws.secretsManager.enableRotation(settings.secretArn);
    if (options.copies) this.aws.secretsManager.replicate(settings.secretArn, 'eu-central-1', STARTS_AT);
    this.aws.table.setSettings(settings.stableKey, settings);
  }

  /** How long this world has been there. */
  get age(): Milliseconds {
    return this.now - STARTS_AT;
  }

  get now(): Instant {
    return this.scheduler.now;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Whether IAM has another user of that name than the settings say. */
  get isUserAnother(): boolean {
    return this.aws.iam.user(this.#settings.userName)?.userId !== this.#settings.userId;
  }

  /** The user id whose first key Terraform has asked for with success; until then each apply asks again. */
  appliedUserId: string;

  get owesFirstKey(): boolean {
    return this.isUserAnother || this.appliedUserId !== this.#settings.userId;
  }

  /** What Terraform does before it asks for a first key: the user is there, and the settings name it. */
  apply(): void {
    const { settings, realUserId } = this.options;
    // Where IAM never had the user of the settings, it is the file that is wrong, and stays so.
    if (realUserId !== settings.userId || !this.isUserAnother) return;
    if (this.aws.iam.user(settings.userName) === undefined) this.addAnotherUser();
    this.#settings = { ...settings, userId: this.aws.iam.user(settings.userName)!.userId };
    this.aws.secretsManager.tagWithUser(settings.secretArn, this.#settings.userId, this.now);
    this.aws.table.setSettings(settings.stableKey, this.#settings);
    this.note(() => `terraform writes that the user's id is ${this.#settings.userId}`);
  }

  /** Another user of the same name: only its id differs. */
  addAnotherUser(): void {
    const { userName, accountId } = this.#settings;
    this.#users += 1;
    this.aws.iam.addUser({ userName, accountId, userId: `AIDAUSER${this.#users}EXAMPLE` }, this.now);
  }

  /** Whether the table names another user than Terraform wrote into it. */
  namesAnotherUser = false;

  /** Of another user of the stack, whose keys the function may make, too: settings and journal name it. */
  nameAnotherUser(): void {
    const another = { userName: 'another-user', userId: 'AIDAANOTHEREXAMPLE' };
    const { accountId } = this.#settings;
    if (this.aws.iam.user(another.userName) === undefined) this.aws.iam.addUser({ ...another, accountId });
    this.#writeTable(another);
    this.namesAnotherUser = true;
  }

  /** `terraform apply` writes the settings; a person corrects the journal. */
  nameTheUserAgain(): void {
    this.#writeTable({});
    this.namesAnotherUser = false;
  }

  #writeTable(change: Partial<Settings>): void {
    const settings = { ...this.#settings, ...change };
    const { stableKey, userId } = settings;
    this.aws.table.setSettings(stableKey, settings);
    const text = this.aws.table.journalText(stableKey);
    if (text === undefined) return;
    const journal = { ...(JSON.parse(text) as object), userId };
    this.aws.table.setJournalText(stableKey, JSON.stringify(journal));
  }

  get secretArn(): string {
    return this.options.settings.secretArn;
  }

  get violations(): readonly Violation[] {
    return this.checker.violations;
  }

  note(line: () => string): void {
    if (!this.options.transcript) return;
    const seconds = (this.now - STARTS_AT) / 1000;
    this.transcript.push(`${seconds.toFixed(1).padStart(9)} s  ${line()}`);
  }

  /** 32 characters and more, and no UUID: Secrets Manager does not promise one (F 1.7). */
  newToken(): string {
    this.#tokens += 1;
    return `token-${String(this.#tokens).padStart(26, '0')}`;
  }

  /** From here on AWS answers at once and truly. */
  calm(): void {
    this.weatherIs({ ...CALM, seed: this.options.weather.seed });
  }

  /** For every process that starts from here on. */
  weatherIs(weather: Weather): void {
    this.#weather = weather;
  }

  get actors(): readonly Running[] {
    return this.#running;
  }

  get acting(): readonly Running[] {
    return this.#running.filter(({ done }) => !done);
  }

  /** Starts an actor. When this returns, it waits at its first call, or has ended. */
  async start(actor: Actor): Promise<Running> {
    const running: Running = { name: `${actor.name} ${this.#running.length + 1}`, done: false };
    this.#running.push(running);
    this.note(() => `${running.name} starts`);
    void this.#play(actor, running);
    await this.scheduler.settled();
    return running;
  }

  /** The call that is let through next, as the transcript has it; empty where the actor sleeps. */
  nextCallOf(running: Running): string {
    const site = this.scheduler.nextOf(running)?.call?.site;
    return site === undefined ? '' : `${site.name.action} ${site.about}`;
  }

  async step(running: Running, fault?: Fault): Promise<void> {
    await this.scheduler.step(running, fault);
  }

  /** Lets an actor go on to its end, alone and without a fault. */
  async finish(running: Running): Promise<void> {
    while (!running.done) await this.step(running);
  }

  async play(actor: Actor): Promise<void> {
    await this.finish(await this.start(actor));
  }

  async wait(duration: Milliseconds): Promise<void> {
    this.note(() => `${Math.round(duration / 1000)} s pass`);
    await this.scheduler.rest(duration);
    this.checker.check();
  }

  /** Ends every process and its caller; what they did stays. */
  abandonAll(): void {
    for (const running of this.acting) {
      running.done = true;
      this.scheduler.forgetActor(running);
    }
    for (const process of this.#alive) process.kill();
  }

  readonly #alive = new Set<Process>();
  readonly #whatRuns = new Map<number, string>();
  readonly #settingsOf = new Map<number, Settings>();

  /** The settings that a process has read last, or was started with: it cannot see a later change. */
  settingsOf(process: number): Settings {
    return this.#settingsOf.get(process) ?? this.#settings;
  }

  /** What a process was started to do. */
  whatRuns(process: number): string | undefined {
    return this.#whatRuns.get(process);
  }

  async #play(actor: Actor, running: Running): Promise<void> {
    const stage: Stage = {
      world: this,
      invoke: (what, work) => this.#invoke(running, what, work),
      sleep: (duration) =>
        new Promise((resolve, reject) => {
          if (running.done) return; // Abandoned: it never continues.
          this.scheduler.park({
            running,
            process: undefined,
            call: undefined,
            wakeAt: this.now + duration,
            resolve: resolve,
            reject,
          });
        }),
    };
    try {
      await actor.play(stage);
    } catch (error) {
      this.checker.report(
        'Simulation',
        // Of our own errors the stack is the name alone.
        `${running.name} failed: ${String(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}`,
      );
    }
    running.done = true;
    this.note(() => `${running.name} has ended`);
  }

  #invoke<Result>(
    running: Running,
    what: string,
    work: (ports: AllPorts) => Promise<Result>,
  ): Promise<Result> {
    const number = (this.#processes += 1);
    this.#whatRuns.set(number, what);
    this.#settingsOf.set(number, this.#settings);
    const { scheduler, checker } = this;
    const alive = this.#alive;
    return new Promise<Result>((resolve, reject) => {
      if (running.done) return; // Abandoned: it never continues.
      const process: Process & { alive: boolean } = {
        name: `${running.name} ${what}`,
        number,
        alive: true,
        kill: () => {
          process.alive = false;
          alive.delete(process);
          scheduler.forget(process);
          reject(new FunctionDiedError(`${process.name} died`));
        },
      };
      alive.add(process);
      const gate: Gate = {
        now: () => scheduler.now,
        pass: (site, perform) =>
          new Promise((answer, refuse) => {
            if (!process.alive) return; // A dead process never continues.
            scheduler.park({
              running,
              process,
              call: { site, perform },
              wakeAt: 0,
              resolve: answer,
              reject: refuse,
            });
          }),
        sleep: (duration) =>
          new Promise((wake, refuse) => {
            if (!process.alive) return;
            scheduler.park({
              running,
              process,
              call: undefined,
              wakeAt: scheduler.now + Math.max(0, duration),
              resolve: wake,
              reject: refuse,
            });
          }),
      };
      const skew = this.#weather.skew;
      const ports = inMemoryPorts(this.aws, gate, {
        number,
        weather: this.#weather,
        skew: Math.round((draw(this.#weather.seed, 3, number) * 2 - 1) * skew),
        requestRotation: () => {
          void this.start(this.options.onRequest(this));
          return undefined;
        },
        log: (level, message, fields) => {
          this.note(() => `${process.name} ${level}: ${message} ${JSON.stringify(fields ?? {})}`);
          checker.looksForSecrets(`the log of ${process.name}`, [message, fields]);
        },
      });
      const { settings } = ports;
      const read: typeof settings.read = async (stableKey) => {
        const known = await settings.read(stableKey);
        if (known !== undefined) this.#settingsOf.set(number, known);
        return known;
      };
      work({ ...ports, settings: { ...settings, read } }).then(
        (result) => {
          alive.delete(process);
          checker.looksForSecrets(`the result of ${process.name}`, result);
          this.note(() => `${process.name} succeeded`);
          resolve(result);
        },
        (error: unknown) => {
          alive.delete(process);
          checker.looksForSecrets(`the error of ${process.name}`, error);
          checker.expectsKnownError(process.name, error);
          this.note(
            () => `${process.name} failed: ${error instanceof Error ? error.message : String(error)}`,
          );
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #witness(event: AwsEvent): void {
    this.checker.witness(event);
  }
}
