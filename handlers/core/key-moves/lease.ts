import { CallUnansweredError, UnreadableRecordError } from '../model/call-errors';
import type { Milliseconds, Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { JournalRecord, RotationPorts } from '../model/ports';
import { TryAgainError } from '../model/refusals';
import {
  CLOCK_SKEW,
  FRESH,
  LATEST_PERFORMANCE,
  LEASE,
  LEASE_POLL,
  LEASE_WAIT,
  LONGEST_CALL,
} from '../model/timing';

type LeasePorts = Pick<RotationPorts, 'journals' | 'clock' | 'log' | 'newHolder'>;

/**
 * One user's journal, held under that user's lease. Everything that changes the user's keys goes through `act`,
 * every change of the journal through `write`; both make sure that the lease is still ours.
 */
export class LeasedJournal {
  #journal: Journal | undefined;
  #until: Instant;
  /** A change may still be under way at AWS: nobody else may begin before the lease has run out. */
  #unanswered = false;

  constructor(
    private readonly ports: LeasePorts,
    private readonly stableKey: string,
    private readonly holder: string,
    until: Instant,
    journal: Journal | undefined,
  ) {
    this.#until = until;
    this.#journal = journal;
  }

  /** The journal as it was last read or written; undefined if the user never had one. */
  get journal(): Journal | undefined {
    return this.#journal;
  }

  /** When the lease ends, unless it is renewed. */
  get until(): Instant {
    return this.#until;
  }

  /** Writes the journal, which renews the lease; throws if the lease is no longer ours. */
  async write(journal: Journal): Promise<void> {
    // Strictly later each time, so that the table can tell a late write from the newest one.
    const until = Math.max(this.ports.clock.now() + LEASE, this.#until + 1);
    await this.ports.journals.write(this.stableKey, { holder: this.holder, until }, journal);
    this.#until = until;
    this.#journal = journal;
  }

  /** Changes a part of the journal and leaves the rest as it is. */
  async amend(change: Partial<Journal>): Promise<void> {
    if (this.#journal === undefined) throw new Error('Bug: a journal is amended that was never begun.');
    await this.write({ ...this.#journal, ...change });
  }

  /**
   * Makes one call that changes something at AWS. It starts with a lease that was renewed a moment ago, so whoever
   * takes the lease after us finds this call done or never to be done, even if AWS performs it long after it was sent.
   */
  async act<Result>(call: () => Promise<Result>): Promise<Result> {
    await this.renewUnlessFresh();
    try {
      return await call();
    } catch (error) {
      if (error instanceof CallUnansweredError) this.#unanswered = true;
      throw error;
    }
  }

  /**
   * The same for a call of the open attempt. Whoever settles the attempt waits for the time that it announced, so the
   * call is over by then, even if AWS performs it late.
   *
   * @throws TryAgainError if too little of that time is left. The call was not made then.
   */
  actForAttempt<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.act(() => {
      const attempt = this.#journal?.attempt;
      if (attempt === undefined) throw new Error('Bug: a call is made for an attempt that is not announced.');
      if (this.ports.clock.now() + LATEST_PERFORMANCE > attempt.until) {
        throw new TryAgainError(
          'AWS took so long to answer that the time which was announced for the next call is nearly over.',
          'The call was not made. Try again.',
        );
      }
      return call();
    });
  }

  /** Sleeps without losing the lease. */
  async sleep(duration: Milliseconds): Promise<void> {
    const end = this.ports.clock.now() + duration;
    for (let left = duration; left > 0; left = end - this.ports.clock.now()) {
      await this.ports.clock.sleep(Math.min(left, LEASE / 4));
      await this.renewIfShort();
    }
  }

  /** Before the last look at what an act rests on, so that nothing comes between the look and the act. */
  async renewUnlessFresh(): Promise<void> {
    if (this.#journal === undefined) return this.renewIfShort();
    if (this.#until - this.ports.clock.now() < LEASE - FRESH) await this.write(this.#journal);
  }

  async renewIfShort(): Promise<void> {
    const left = this.#until - this.ports.clock.now();
    if (left >= LONGEST_CALL + CLOCK_SKEW) return;
    if (this.#journal !== undefined) return this.write(this.#journal);
    throw new TryAgainError(
      'The lease is nearly over, and there is no journal yet that could renew it.',
      'Nothing was changed. Try again.',
    );
  }

  /** Gives the lease back, unless an unanswered change may still be performed: then it has to run out. */
  async release(): Promise<void> {
    if (this.#unanswered) {
      this.ports.log.warn('the lease is left to run out, because a change got no clear answer', {
        leaseUntil: new Date(this.#until).toISOString(),
      });
      return;
    }
    await this.ports.journals.release(this.stableKey, this.holder);
  }
}

/**
 * Runs `task` while holding the user's lease. Waits for it up to LEASE_WAIT, which outlives a dead holder.
 *
 * @throws TryAgainError if somebody who is alive keeps it for longer.
 */
export async function underLease<Result>(
  ports: LeasePorts,
  stableKey: string,
  task: (leasedJournal: LeasedJournal) => Promise<Result>,
): Promise<Result> {
  const leasedJournal = await takeLease(ports, stableKey);
  let result: Result;
  try {
    result = await task(leasedJournal);
  } catch (error) {
    await releaseQuietly(ports, leasedJournal);
    throw error;
  }
  await releaseQuietly(ports, leasedJournal);
  return result;
}

async function takeLease(ports: LeasePorts, stableKey: string): Promise<LeasedJournal> {
  const { clock, journals } = ports;
  const holder = ports.newHolder();
  const giveUpAt = clock.now() + LEASE_WAIT;
  for (;;) {
    const now = clock.now();
    const until = now + LEASE;
    const record = await acquireReadable(journals, stableKey, { holder, until }, now - CLOCK_SKEW);
    if (record !== undefined) return new LeasedJournal(ports, stableKey, holder, until, record.journal);
    if (now + LEASE_POLL > giveUpAt) {
      throw new TryAgainError(
        `Somebody else has been changing the keys of ${stableKey} for ${LEASE_WAIT / 1000} s.`,
        'Only one may at a time. Nothing was changed; try again when the other one has finished.',
      );
    }
    await clock.sleep(LEASE_POLL);
  }
}

/** A journal that cannot be read is given back at once: nothing will be done under its lease. */
async function acquireReadable(
  journals: LeasePorts['journals'],
  ...[stableKey, lease, now]: Parameters<LeasePorts['journals']['acquire']>
): Promise<JournalRecord | undefined> {
  try {
    return await journals.acquire(stableKey, lease, now);
  } catch (error) {
    if (error instanceof UnreadableRecordError) await journals.release(stableKey, lease.holder);
    throw error;
  }
}

/** A lease that cannot be given back runs out by itself; the outcome of the work matters more than that. */
async function releaseQuietly(ports: LeasePorts, leasedJournal: LeasedJournal): Promise<void> {
  try {
    await leasedJournal.release();
  } catch (error) {
    ports.log.warn('the lease could not be given back and will run out by itself', { error });
  }
}
