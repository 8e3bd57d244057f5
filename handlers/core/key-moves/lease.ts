import { CallUnansweredError, UnreadableRecordError } from '../model/call-errors';
import type { Milliseconds, Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { JournalRecord, Lease, LeasedStore, RotationPorts } from '../model/ports';
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

type LeasePorts = Pick<RotationPorts, 'clock' | 'log' | 'newHolder'>;

/** What a lease is of: see `LeasedStore`. */
interface LeaseOf<Content> {
  readonly store: LeasedStore<Content>;
  readonly stableKey: string;
  /** What another holder does, for a message: `Another … has been … of <user>`. */
  readonly othersWork: string;
}

/**
 * One record of a user in the table, while we hold its lease. Every call that changes what the record is about goes
 * through `act`, every change of the record through `write`; both make sure that the lease is still ours.
 */
export class Leased<Content> {
  #content: Content | undefined;
  #until: Instant;
  /** AWS may still perform a change: no other holder may begin before the lease has expired. */
  #unanswered = false;

  constructor(
    protected readonly ports: LeasePorts,
    private readonly of: LeaseOf<Content>,
    private readonly holder: string,
    until: Instant,
    content: Content | undefined,
  ) {
    this.#until = until;
    this.#content = content;
  }

  /** The record as it was last read or written; undefined if the user never had one. */
  get content(): Content | undefined {
    return this.#content;
  }

  /** When the lease ends, unless it is renewed. */
  get until(): Instant {
    return this.#until;
  }

  /** Whether another holder may have begun: what is in memory of the journal may be older than what AWS says. */
  get hasRunOut(): boolean {
    return this.ports.clock.now() > this.#until;
  }

  /** Writes the record, which renews the lease; throws if the lease is no longer ours. */
  async write(content: Content): Promise<void> {
    // Strictly later each time, so that the table can distinguish a late write from the newest one.
    const until = Math.max(this.ports.clock.now() + LEASE, this.#until + 1);
    await this.of.store.write(this.of.stableKey, { holder: this.holder, until }, content);
    this.#until = until;
    this.#content = content;
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
    if (this.#content === undefined) return this.renewIfShort();
    if (this.#until - this.ports.clock.now() < LEASE - FRESH) await this.write(this.#content);
  }

  async renewIfShort(): Promise<void> {
    const left = this.#until - this.ports.clock.now();
    if (left >= LONGEST_CALL + CLOCK_SKEW) return;
    if (this.#content !== undefined) return this.write(this.#content);
    throw new TryAgainError(
      'The lease is about to expire, and it cannot be renewed, because the user has no such record yet.',
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
    await this.of.store.release(this.of.stableKey, this.holder);
  }
}

/** One user's journal, while we hold that user's lease: every call that changes the user's keys goes through it. */
export class LeasedJournal extends Leased<Journal> {
  /** The journal as it was last read or written; undefined if the user never had one. */
  get journal(): Journal | undefined {
    return this.content;
  }

  /** Changes a part of the journal and leaves the rest as it is. */
  async amend(change: Partial<Journal>): Promise<void> {
    if (this.journal === undefined) throw new Error('Bug: a journal is amended that was never begun.');
    await this.write({ ...this.journal, ...change });
  }

  /**
   * Makes one call of the open attempt, as `act` does. A process that settles the attempt waits until the time that the attempt
   * announced, so the call is over by then, even if AWS performs it late.
   *
   * @throws TryAgainError if too little of that time is left. The call was not made then.
   */
  actForAttempt<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.act(() => {
      const attempt = this.journal?.attempt;
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
}

/**
 * Runs `task` while holding the user's lease. Waits for the lease up to LEASE_WAIT, longer than a dead holder can keep it.
 *
 * @throws TryAgainError if another holder, which is alive, keeps it for longer.
 */
export async function underLease<Result>(
  ports: LeasePorts & Pick<RotationPorts, 'journals'>,
  stableKey: string,
  task: (leasedJournal: LeasedJournal) => Promise<Result>,
): Promise<Result> {
  const { journals } = ports;
  const store: LeasedStore<Journal> = {
    acquire: async (...lease) => contentOf(await journals.acquire(...lease)),
    write: (...written) => journals.write(...written),
    release: (...held) => journals.release(...held),
  };
  const of = {
    store,
    stableKey,
    othersWork: `Another rotation, sweep or command has been changing the keys of ${stableKey}`,
  };
  const { holder, until, content } = await takeLease(ports, of);
  return whileHeld(new LeasedJournal(ports, of, holder, until, content), ports, task);
}

const contentOf = (
  record: JournalRecord | undefined,
): { readonly content: Journal | undefined } | undefined => record && { content: record.journal };

/** The same for another record of the user, which has a lease of its own. */
export async function whileLeased<Content, Result>(
  ports: LeasePorts,
  of: LeaseOf<Content>,
  task: (leased: Leased<Content>) => Promise<Result>,
): Promise<Result> {
  const { holder, until, content } = await takeLease(ports, of);
  return whileHeld(new Leased(ports, of, holder, until, content), ports, task);
}

async function whileHeld<Held extends Leased<unknown>, Result>(
  leased: Held,
  ports: LeasePorts,
  task: (leased: Held) => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await task(leased);
  } catch (error) {
    await releaseQuietly(ports, leased);
    throw leased.hasRunOut && error instanceof UnknownStateError ? mayBeOfAnother(error) : error;
  }
  await releaseQuietly(ports, leased);
  return result;
}

/** Somebody else's work is no contradiction: no person has to look. */
const mayBeOfAnother = (error: UnknownStateError): TryAgainError =>
  new TryAgainError(
    'The lease ran out while AWS was asked, so that another rotation, sweep or command may have changed the keys meanwhile.',
    'What was found was not acted on. Nothing was changed; try again.',
    { cause: error },
  );

interface TakenLease<Content> extends Lease {
  readonly content: Content | undefined;
}

async function takeLease<Content>(ports: LeasePorts, of: LeaseOf<Content>): Promise<TakenLease<Content>> {
  const { clock } = ports;
  const holder = ports.newHolder();
  const giveUpAt = clock.now() + LEASE_WAIT;
  for (;;) {
    const now = clock.now();
    const until = now + LEASE;
    const taken = await acquireReadable(of, { holder, until }, now - CLOCK_SKEW);
    if (taken !== undefined) return { holder, until, content: taken.content };
    if (now + LEASE_POLL > giveUpAt) {
      throw new TryAgainError(
        `${of.othersWork} for ${LEASE_WAIT / 1000} s.`,
        'Only one at a time may do that. Nothing was changed; try again when the other one has finished.',
      );
    }
    await clock.sleep(LEASE_POLL);
  }
}

/** The lease of a record that cannot be read is released at once: nothing will be done under it. */
async function acquireReadable<Content>(
  { store, stableKey }: LeaseOf<Content>,
  lease: Lease,
  now: Instant,
): Promise<{ readonly content: Content | undefined } | undefined> {
  try {
    return await store.acquire(stableKey, lease, now);
  } catch (error) {
    if (error instanceof UnreadableRecordError) await store.release(stableKey, lease.holder);
    throw error;
  }
}

/** A lease that cannot be released expires; the result of the task matters more than that. */
async function releaseQuietly(ports: LeasePorts, leased: Leased<unknown>): Promise<void> {
  try {
    await leased.release();
  } catch (error) {
    ports.log.warn('the lease could not be released; it will expire', { error });
  }
}
