import type { EmergencyResult } from '../../../cli/emergency/emergency-document';
import { planEmergency, plannedNumber } from '../../../cli/emergency/plan';
import { beginEmergency, DEFAULT_AT_A_TIME, replaceAll } from '../../../cli/emergency/replace-all';
import { MINUTE, type Instant } from '../../../contract/instant';
import { IAM_RATE } from '../../../handlers/core/retirement/pacer';
import { draw } from '../../support/in-memory-aws/weather';
import { type Mishap, ProcessDiedError } from '../../support/retirement-world';
import { EmergencyStack, type WatchedUser } from './stack';

/** What AWS allows here; the pacer does not know it. */
const LIMIT = { perSecond: 25, burst: 50 };

/** `emergency --all` over many users, killed again and again at calls that a seed chooses, and started again each time. */
export class EmergencyRun {
  readonly killedAt: number[] = [];
  callsInAll = 0;
  minutes = 0;
  readonly #stack: EmergencyStack;
  #began: Instant = 0;

  constructor(
    private readonly users: number,
    private readonly kills: number,
    private readonly seed: number,
  ) {
    this.#stack = new EmergencyStack(users, LIMIT);
  }

  get busiestSecond(): number {
    return this.#stack.busiestSecond;
  }

  /** @returns all that is wrong, in sentences. */
  async toTheEnd(): Promise<readonly string[]> {
    await this.#stack.begin();
    const before = new Map(
      [...this.#stack.users.values()].map((user) => [user, this.#keysOf(user).map(({ id }) => id)]),
    );
    // A person says that all of them leaked.
    for (const [{ checker }, keyIds] of before)
      for (const keyId of keyIds) checker.personGivesUp(keyId, undefined);
    const servedBefore = new Map([...before.keys()].map((user) => [user, user.servedKeyIds.length]));
    const { time } = this.#stack;
    this.#began = time.now();
    const broken: string[] = [];
    let isOver = false;
    for (let kill = 0; kill < this.kills && !isOver; kill += 1) {
      isOver = (await this.#start(broken, kill)) !== undefined;
      await time.passUntil(time.sleep(Math.ceil(draw(this.seed, kill, 2) * 2 * MINUTE)));
    }
    if (isOver) broken.push('It came to its end before it was killed often enough.');
    if (this.busiestSecond > IAM_RATE.maximumRate + DEFAULT_AT_A_TIME)
      broken.push(`IAM was called ${this.busiestSecond} times within a second.`);
    const results = await this.#start(broken);
    this.minutes = Math.round((time.now() - this.#began) / MINUTE);
    // The same command once more, as by somebody who did not see that it was over.
    const again = await this.#start(broken);
    const outcomes = (of: readonly EmergencyResult[] | undefined): ReadonlySet<string> =>
      new Set(of?.map(({ outcome }) => outcome));
    if (outcomes(results).has('notReplaced')) broken.push(...whyNot(results ?? []));
    if (again?.some(({ outcome }) => outcome !== 'replacedBefore') !== false)
      broken.push('The same command found something to do after the end.');
    for (const [user, keyIds] of before)
      broken.push(...this.#wrongOf(user, keyIds, servedBefore.get(user) ?? 0));
    return broken;
  }

  /** @returns undefined where it was killed. */
  async #start(broken: string[], kill?: number): Promise<readonly EmergencyResult[] | undefined> {
    const { time } = this.#stack;
    const mishap = kill === undefined ? undefined : this.#mishap(kill);
    const process = this.#stack.process(mishap);
    const work = async (): Promise<readonly EmergencyResult[]> => {
      const { ports } = process;
      const entries = await ports.directory.list();
      const plan = await planEmergency(ports, { whose: 'all', entries, anew: false });
      // What `--expect` compares, each time.
      if (plannedNumber(plan) !== this.users)
        broken.push(`A plan is about ${plannedNumber(plan)} users, after ${this.killedAt.length} kills.`);
      await beginEmergency(ports, plan);
      return replaceAll(ports, plan, { atATime: DEFAULT_AT_A_TIME });
    };
    try {
      return await time.passUntil(Promise.race([work(), process.death]));
    } catch (error) {
      if (!(error instanceof ProcessDiedError)) throw error;
      this.killedAt.push(mishap?.atCall ?? 0);
      return undefined;
    } finally {
      this.callsInAll += process.calls.length;
    }
  }

  /** The calls of all processes together are enough for nearly all of the users, so that each leaves something to the next. */
  #mishap(kill: number): Mishap {
    const atCall = Math.floor(draw(this.seed, 7919 * (kill + 1), 1) * this.users * 5);
    return { atCall, what: draw(this.seed, kill, 3) < 0.5 ? 'diesBefore' : 'diesAfter' };
  }

  #keysOf({ settings }: WatchedUser): ReturnType<EmergencyStack['aws']['iam']['keysOf']> {
    return this.#stack.aws.iam.keysOf(settings.userName);
  }

  #wrongOf(user: WatchedUser, keyIds: readonly string[], servedBefore: number): readonly string[] {
    const { checker, settings, situation } = user;
    const who = `${settings.stableKey} (${situation})`;
    const keys = this.#keysOf(user);
    const active = keys.filter(({ status }) => status.now === 'Active').map(({ id }) => id);
    const served = user.servedKeyIds.slice(servedBefore);
    const events = [
      ...checker.violations.map(({ rule, what }) => `${rule}: ${what}`),
      ...(served.length === 1 ? [] : [`${served.length} keys became current: ${served.join(', ')}.`]),
      ...(active.length === 1 && active[0] === checker.servedKey
        ? []
        : [`Active are ${active.join(', ')}, and ${checker.servedKey ?? 'none'} is served.`]),
      ...(keyIds.includes(checker.servedKey ?? '') ? ['Its key was not replaced.'] : []),
      ...(checker.journal?.attempt === undefined ? [] : ['An attempt was left open.']),
    ];
    return events.map((what) => `${who}: ${what}`);
  }
}

const whyNot = (results: readonly EmergencyResult[]): readonly string[] =>
  results.flatMap(({ user, outcome, why }) =>
    outcome === 'notReplaced' ? [`${user} was not replaced: ${why ?? ''}`] : [],
  );
