import { SECOND, type Instant } from '../../../contract/instant';
import { LISTING_LAG, ONE_LEAK } from '../../../handlers/core/model/timing';
import type { LeakAnswered } from '../../../handlers/core/leaks/answer-leak';

/** What AWS said, and when. */
export interface LeakReported {
  /** Undefined: it named the user alone. */
  readonly keyId: string | undefined;
  readonly at: Instant;
}

/** What AWS has reported of the user's keys, and what was answered (R15). */
export class LeakTruth {
  readonly #ofOurs = new Map<string, Instant>();
  readonly #mayBe: { readonly report: LeakReported; readonly keyId: string }[] = [];
  /** Of keys that were named, stopped, and so noted. */
  readonly #done: Instant[] = [];
  readonly #suspects = new Set<string>();
  /** Reports of the user alone that came before anything else had been said and done about that leak. */
  readonly #ofUser: LeakReported[] = [];
  readonly #unanswered = new Set<LeakReported>();
  readonly #reports: LeakReported[] = [];

  /** @param bornAt of a key of IAM */
  constructor(private readonly bornAt: (keyId: string) => Instant) {}

  /** @param ours keys that the journal named then, of those that the report is about */
  report(report: LeakReported, ours: readonly string[]): LeakReported {
    this.#reports.push(report);
    if (report.keyId !== undefined) this.#suspects.add(report.keyId);
    else if (!this.#done.some((at) => Math.abs(at - report.at) < ONE_LEAK)) this.#ofUser.push(report);
    for (const keyId of ours) {
      if (report.keyId === undefined) this.#mayBe.push({ report, keyId });
      else this.#ofOurs.set(keyId, report.at);
    }
    this.#unanswered.add(report);
    return report;
  }

  /** The answer may be that a person has to make room first. */
  answered(report: LeakReported, answer: unknown): { isAnswered: boolean; stopped: readonly string[] } {
    const { leaked } = answer as LeakAnswered;
    const isAnswered = leaked.every(({ outcome }) => outcome !== 'cannotBeReplaced');
    if (isAnswered) this.#unanswered.delete(report);
    const stopped = leaked.filter(({ outcome }) => !['cannotBeReplaced', 'notOurs'].includes(outcome));
    if (report.keyId !== undefined && stopped.length > 0) this.#done.push(report.at);
    return { isAnswered, stopped: stopped.map(({ accessKeyId }) => accessKeyId) };
  }

  get unanswered(): readonly LeakReported[] {
    return [...this.#unanswered];
  }

  /** Keys of ours that must not work in the end, and since when. */
  get ofOurs(): ReadonlyMap<string, Instant> {
    const mayBe = this.#mayBe.filter(({ report, keyId }) => this.#mustBeStopped(report, keyId));
    return new Map([...mayBe.map(({ report, keyId }) => [keyId, report.at] as const), ...this.#ofOurs]);
  }

  /** Where AWS names no key within a day, each that was there when it first named the user may be the one. */
  #mustBeStopped({ at }: LeakReported, keyId: string): boolean {
    const sameLeak = this.#reports.filter((one) => Math.abs(one.at - at) < ONE_LEAK);
    if (sameLeak.some((one) => one.keyId !== undefined && this.bornAt(one.keyId) !== Infinity)) return false;
    // IAM may not list yet what is younger.
    return this.bornAt(keyId) + LISTING_LAG < Math.min(...sameLeak.map((one) => one.at));
  }

  isReported(keyId: string): boolean {
    // IAM says in which second a key was made.
    const bornAt = Math.floor(this.bornAt(keyId) / SECOND) * SECOND;
    return this.#suspects.has(keyId) || this.#ofUser.some(({ at }) => bornAt <= at);
  }

  /** A retired key may be deleted before its time. */
  get mayNeedSlot(): boolean {
    return this.#reports.length > 0;
  }
}
