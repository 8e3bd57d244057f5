import { SECOND, type Instant } from '../../../contract/instant';
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
  readonly #suspects = new Set<string>();
  readonly #unanswered = new Set<LeakReported>();
  readonly #reports: LeakReported[] = [];

  /** @param bornAt of a key of IAM */
  constructor(private readonly bornAt: (keyId: string) => Instant) {}

  /** @param ours keys that the journal named then, of those that the report is about */
  report(report: LeakReported, ours: readonly string[]): LeakReported {
    this.#reports.push(report);
    if (report.keyId !== undefined) this.#suspects.add(report.keyId);
    for (const keyId of ours) {
      // Where the user alone is named, another report of a day before may have been about the same leak.
      if (report.keyId !== undefined) this.#ofOurs.set(keyId, report.at);
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
    return { isAnswered, stopped: stopped.map(({ accessKeyId }) => accessKeyId) };
  }

  get unanswered(): readonly LeakReported[] {
    return [...this.#unanswered];
  }

  /** Keys of ours that must not work in the end, and since when. */
  get ofOurs(): ReadonlyMap<string, Instant> {
    return this.#ofOurs;
  }

  isReported(keyId: string): boolean {
    // IAM says in which second a key was made.
    const bornAt = Math.floor(this.bornAt(keyId) / SECOND) * SECOND;
    return (
      this.#suspects.has(keyId) ||
      this.#reports.some((report) => report.keyId === undefined && bornAt <= report.at)
    );
  }

  /** A retired key may be deleted before its time. */
  get mayNeedSlot(): boolean {
    return this.#reports.length > 0;
  }
}
