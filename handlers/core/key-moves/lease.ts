import { CallUnansweredError, UnreadableRecordError } from '../model/call-errors';
import type { Milliseconds, Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { JournalRecord, RotationPorts } from '../model/ports';
import { TryAgainError, UnknownStateError } from '../model/refusals';
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
 * One user's journal, while we hold that user's lease. Every call that changes the user's keys goes through `act`,
 * every change of the journal through `write` or `amend`; all of them make sure that the lease is still ours.
 */
export class LeasedJournal {
  #journal: Journal | undefined;
  #until: Instant;
  /** AWS may still perform a change: no other holder may begin before the lease has expired. */
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

  /** Whether another holder may have begun: what is in memory of the journal may be older than what AWS says. */
  get hasRunOut(): boolean {
    return this.ports.clock.now() > this.#until;
  }

  /** Writes the journal, which renews the lease; throws if the lease is no longer ours. */
  async write(journal: Journal): Promise<void> {
    // Strictly later each time, so that the table can distinguish a late write from the newest one.
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
   * Makes one call that changes something at AWS. It starts with a lease that was renewed a moment ago: when
   * the next holder takes the lease, AWS has performed this call or never will, even if it performs it late.
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
   * The same for a call of the open attempt. A process that settles the attempt waits until the time that the attempt
   * announced, so the call is over by then, even if AWS performs it late.
   *
   * @throws TryAgainError if too little of that time is left. The call was not made then.
   */
  actForAttempt<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.act(() => {
      const attempt = this.#journal?.attempt;
      if (attempt === undefined) throw new Error('Bug: a call is made for an attempt that is not announced.');
      if (this.ports.clock.now() + LATEST_PERFORMANCE > attempt.until) {
        throw new TryAgainError(
          'AWS took so long to answer that the time announced for the next call is nearly over.',
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

  /** Call this before the last read of what an act depends on, so that no renewal comes between the read and the act. */
  async renewUnlessFresh(): Promise<void> {
    if (this.#journal === undefined) return this.renewIfShort();
    if (this.#until - this.ports.clock.now() < LEASE - FRESH) await this.write(this.#journal);
  }

  async renewIfShort(): Promise<void> {
    const left = this.#until - this.ports.clock.now();
    if (left >= LONGEST_CALL + CLOCK_SKEW) return;
    if (this.#journal !== undefined) return this.write(this.#journal);
    throw new TryAgainError(
      'The lease is about to expire, and it cannot be renewed, because the user has no journal yet.',
      'Nothing was changed. Try again.',
    );
  }

  /** Releases the lease, unless AWS may still perform an unanswered change: then the lease has to expire. */
  async release(): Promise<void> {
    if (this.#unanswered) {
      this.ports.log.warn(
        'the lease is kept until it expires, because AWS gave no clear answer to a change',
        {
          leaseUntil: new Date(this.#until).toISOString(),
        },
      );
      return;
    }
    await this.ports.journals.release(this.stableKey, this.holder);
  }
}

/**
 * Runs `task` while holding the user's lease. Waits for the lease up to LEASE_WAIT, longer than a dead holder can keep it.
 *
 * @throws TryAgainError if another holder, which is alive, keeps it for longer.
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
    throw leasedJournal.hasRunOut && error instanceof UnknownStateError ? mayBeOfAnother(error) : error;
  }
  await releaseQuietly(ports, leasedJournal);
  return result;
}

/** Somebody else's work is no contradiction: no person has to look. */
const mayBeOfAnother = (error: UnknownStateError): TryAgainError =>
  new TryAgainError(
    'The lease ran out while AWS was asked, so that another rotation, sweep or command may have changed the keys meanwhile.',
    'What was found was not acted on. Nothing was changed; try again.',
    { cause: error },
  );

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
        `Another rotation, sweep or command has been changing the keys of ${stableKey} for ${LEASE_WAIT / 1000} s.`,
        'Only one at a time may change them. Nothing was changed; try again when the other one has finished.',
      );
    }
    await clock.sleep(LEASE_POLL);
  }
}

/** The lease of a journal that cannot be read is released at once: nothing will be done under it. */
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

/** A lease that cannot be released expires; the result of the task matters more than that. */
async function releaseQuietly(ports: LeasePorts, leasedJournal: LeasedJournal): Promise<void> {
  try {
    await leasedJournal.release();
  } catch (error) {
    ports.log.warn('the lease could not be released; it will expire', { error });
  }
}
