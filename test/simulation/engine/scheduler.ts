import {
  CallRefusedError,
  CallUnansweredError,
  UnreadableRecordError,
} from '../../../handlers/core/model/call-errors';
import { SECOND, type Instant, type Milliseconds } from '../../../contract/instant';
import type { CallSite } from '../../support/in-memory-aws/gate';
import type { NotOfAws } from '../../support/in-memory-aws/answers-not-of-aws';
import { draw } from '../../support/in-memory-aws/weather';
import { asForRead, type Fault } from './faults';
import { LATEST_PERFORMANCE, LONGEST_CALL } from './limits';
import type { Process, Running } from './running';

/** A sleeper wakes at most so much later than it asked for. */
const OVERSLEEP: Milliseconds = 10 * SECOND;

/** More calls than anything needs from one wait to the next: beyond it something runs in a circle. */
const MOST_STEPS = 20_000;

/** Something that waits to be let through: a call on its way, or a sleep. */
export interface Parked {
  readonly running: Running;
  /** Undefined: the actor itself, which no crash of a function touches. */
  readonly process: Process | undefined;
  readonly call: { readonly site: CallSite; perform(now: Instant): unknown } | undefined;
  readonly parkedAt: Instant;
  readonly wakeAt: Instant;
  /** True time cannot pass this moment without it. */
  readonly dueBy: Instant;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface LateAct {
  readonly at: Instant;
  readonly site: CallSite;
  perform(now: Instant): unknown;
}

export type StepKind = 'read' | 'act' | 'sleep';

/** A call, or a sleep, that is let through. */
export interface Step {
  readonly kind: StepKind;
  readonly what: string;
  /** What happens to it. */
  readonly fault: Fault | undefined;
}

export interface SchedulerOptions {
  readonly startsAt: Instant;
  readonly seed: number;
  /** Upper bound of what a call takes. */
  callTakes(): Milliseconds;
  /** Called after everything that happened, when all actors wait again. */
  afterStep(): void;
  note(line: () => string): void;
  /** Told of every step before it is made. */
  onStep?(step: Step): void;
}

/**
 * True time, and who moves next. Every call of every process waits here until it is let through, so an order of
 * events is nothing but a list of decisions, and the same decisions always give the same history.
 */
export class Scheduler {
  #now: Instant;
  #steps = 0;
  #stepsAtRest = 0;
  readonly #parked: Parked[] = [];
  readonly #late: LateAct[] = [];

  constructor(private readonly options: SchedulerOptions) {
    this.#now = options.startsAt;
  }

  get now(): Instant {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Time passes without anybody who has to be let through. */
  async rest(duration: Milliseconds): Promise<void> {
    await this.advanceTo(this.#now + duration);
    this.#stepsAtRest = this.#steps;
  }

  park(parked: Omit<Parked, 'parkedAt' | 'dueBy'>): void {
    const dueBy = parked.call === undefined ? parked.wakeAt + OVERSLEEP : this.#now + LONGEST_CALL;
    this.#parked.push({ ...parked, parkedAt: this.#now, dueBy });
  }

  /** Forgets everything a dead process was waiting for. */
  forget(process: Process): void {
    for (let index = this.#parked.length - 1; index >= 0; index--) {
      if (this.#parked[index]!.process === process) this.#parked.splice(index, 1);
    }
  }

  /** Forgets an actor that was abandoned. */
  forgetActor(running: Running): void {
    for (let index = this.#parked.length - 1; index >= 0; index--) {
      if (this.#parked[index]!.running === running) this.#parked.splice(index, 1);
    }
  }

  nextOf(running: Running): Parked | undefined {
    return this.#parked.find((parked) => parked.running === running);
  }

  /** Performs the call that this actor waits for, or has a fault happen to it. */
  async step(running: Running, fault?: Fault): Promise<void> {
    const parked = this.nextOf(running);
    if (parked === undefined) throw new Error(`${running.name} waits for nothing that the scheduler knows.`);
    this.#steps += 1;
    if (this.#steps - this.#stepsAtRest > MOST_STEPS)
      throw new Error(`This history does not end: ${running.name} runs in a circle.`);
    this.#unpark(parked);
    const { call, process } = parked;
    this.options.onStep?.({
      kind: call === undefined ? 'sleep' : call.site.mutates ? 'act' : 'read',
      what: call === undefined ? 'sleep' : `${call.site.name.action} ${call.site.about}`,
      fault,
    });
    if (call === undefined) return this.#endSleep(parked, process === undefined ? undefined : fault);

    const takes = this.#duration(parked);
    await this.advanceTo(this.#now + takes.there);
    await this.#perform(parked, process === undefined ? undefined : fault, takes.back);
  }

  /** Lets true time pass, with everything that is due on the way. */
  async advanceTo(moment: Instant): Promise<void> {
    for (;;) {
      const late = earliest(this.#late, (act) => act.at);
      const due = earliest(this.#parked, (parked) => parked.dueBy);
      if (late !== undefined && late.at <= moment && (due === undefined || late.at <= due.dueBy)) {
        this.#now = Math.max(this.#now, late.at);
        this.#late.splice(this.#late.indexOf(late), 1);
        this.#performLate(late);
      } else if (due !== undefined && due.dueBy <= moment) {
        this.#now = Math.max(this.#now, due.dueBy);
        this.#unpark(due);
        this.#steps += 1;
        if (this.#steps - this.#stepsAtRest > MOST_STEPS)
          throw new Error(`This history does not end: ${due.running.name} runs in a circle.`);
        if (due.call === undefined) await this.#endSleep(due, undefined);
        else await this.#perform(due, undefined, 0);
      } else {
        this.#now = Math.max(this.#now, moment);
        return;
      }
    }
  }

  async #endSleep(parked: Parked, fault: Fault | undefined): Promise<void> {
    if (fault?.startsWith('crash') === true) {
      this.options.note(() => `${parked.process!.name} dies in its sleep`);
      parked.process!.kill();
    } else {
      await this.advanceTo(Math.max(this.#now, parked.wakeAt));
      parked.resolve(undefined);
    }
    await this.settled();
  }

  async #perform(parked: Parked, fault: Fault | undefined, back: Milliseconds): Promise<void> {
    const { call } = parked;
    if (call === undefined) throw new Error('A sleep is no call.');
    const { site } = call;
    const perform = (now: Instant): unknown => call.perform(now);
    const happens = fault !== undefined && !site.mutates ? asForRead(fault) : fault;
    const who = parked.process?.name ?? parked.running.name;
    const what = (): string => `${who}: ${site.name.action} ${site.about}`;
    switch (happens) {
      case undefined: {
        let answer: unknown;
        try {
          answer = perform(this.#now);
        } catch (error) {
          this.options.note(() => `${what()} -> ${error instanceof Error ? error.message : String(error)}`);
          await this.advanceTo(this.#now + back);
          parked.reject(error);
          break;
        }
        this.options.note(what);
        await this.advanceTo(this.#now + back);
        parked.resolve(answer);
        break;
      }
      case 'crashBefore':
        this.options.note(() => `${what()} -> the process dies before it`);
        parked.process!.kill();
        break;
      case 'crashAfter':
        this.options.note(() => `${what()} -> the process dies after it`);
        attempt(() => perform(this.#now));
        parked.process!.kill();
        break;
      case 'crashThenPerformed':
        this.options.note(() => `${what()} -> the process dies, it is performed later`);
        this.#later(parked);
        parked.process!.kill();
        break;
      case 'unansweredUndone':
        this.options.note(() => `${what()} -> no answer, not performed`);
        parked.reject(unanswered(site));
        break;
      case 'unansweredDone':
        this.options.note(() => `${what()} -> no answer, performed`);
        attempt(() => perform(this.#now));
        parked.reject(unanswered(site));
        break;
      case 'unansweredThenPerformed':
        this.options.note(() => `${what()} -> no answer, performed later`);
        this.#later(parked);
        parked.reject(unanswered(site));
        break;
      case 'emptyDone':
      case 'foreignDone':
        attempt(() => perform(this.#now));
        await this.#hearAnother(parked, happens === 'emptyDone' ? 'empty' : 'foreign', 'performed');
        break;
      case 'emptyUndone':
      case 'foreignUndone':
        await this.#hearAnother(parked, happens === 'emptyUndone' ? 'empty' : 'foreign', 'not performed');
        break;
      case 'throttled':
        this.options.note(() => `${what()} -> throttled`);
        parked.reject(new CallRefusedError(site.name, 'throttled', 'Throttling', 'Rate exceeded'));
        break;
      case 'denied':
        this.options.note(() => `${what()} -> denied`);
        parked.reject(
          new CallRefusedError(site.name, 'accessDenied', 'AccessDenied', 'User is not authorized'),
        );
        break;
    }
    await this.settled();
  }

  /** The process hears what its own adapter makes of an answer that is not of AWS. */
  async #hearAnother(parked: Parked, answer: NotOfAws, performed: string): Promise<void> {
    const { site } = parked.call!;
    if (site.upon === undefined) throw new Error(`${site.name.action} has no adapter that could hear it.`);
    const what = `${parked.process?.name}: ${site.name.action} ${site.about} -> an ${answer} 200, ${performed}`;
    try {
      const heard = await site.upon(answer);
      this.options.note(() => `${what}, and it is believed`);
      parked.resolve(heard);
    } catch (error) {
      this.options.note(() => what);
      parked.reject(error);
    }
  }

  /** The process is dead, or has given the call up: AWS performs it all the same. */
  #later(parked: Parked): void {
    const chance = draw(this.options.seed, 7, this.#steps);
    const left = parked.parkedAt + LATEST_PERFORMANCE - this.#now;
    this.#late.push({
      at: this.#now + Math.floor(left * (0.25 + 0.75 * chance)),
      site: parked.call!.site,
      perform: (now) => parked.call!.perform(now),
    });
  }

  #performLate(late: LateAct): void {
    this.options.note(() => `late: ${late.site.name.action} ${late.site.about}`);
    attempt(() => late.perform(this.#now));
    this.options.afterStep();
  }

  #duration(parked: Parked): { there: Milliseconds; back: Milliseconds } {
    const most = this.options.callTakes();
    // Most calls are quick and a few are slow.
    const whole = Math.floor(20 + most * draw(this.options.seed, 1, this.#steps) ** 4);
    const left = Math.max(0, parked.dueBy - this.#now);
    const there = Math.min(left, Math.floor(whole * draw(this.options.seed, 2, this.#steps)));
    return { there, back: Math.min(left - there, whole - there) };
  }

  #unpark(parked: Parked): void {
    this.#parked.splice(this.#parked.indexOf(parked), 1);
  }

  /** Waits until every actor waits for something again: then nothing is left to run in this turn. */
  async settled(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.options.afterStep();
  }
}

function earliest<Thing>(things: readonly Thing[], at: (thing: Thing) => Instant): Thing | undefined {
  let first: Thing | undefined;
  for (const thing of things) if (first === undefined || at(thing) < at(first)) first = thing;
  return first;
}

/** No process gets the answer, so none gets a refusal either. */
function attempt(perform: () => unknown): void {
  try {
    perform();
  } catch (error) {
    if (!(error instanceof CallRefusedError || error instanceof UnreadableRecordError)) throw error;
  }
}

const unanswered = ({ name }: CallSite): CallUnansweredError =>
  new CallUnansweredError(name, 'ECONNRESET', 'the connection was reset');
