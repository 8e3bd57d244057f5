import type { Milliseconds } from '../../contract/instant';
import type { Moto } from '../moto/moto';
import type { LambdaFunction } from './functions';

const TARGET = 'Logs_20140328';

export interface LogRetention {
  /** @default for ever */
  readonly keptFor?: Milliseconds | undefined;
  readonly now: () => Milliseconds;
}

interface LogEvent {
  /** The machine's time, not the sandbox's: moto refuses events from the future. */
  readonly timestamp: Milliseconds;
  readonly message: string;
}

/** What moto has of one stream, oldest first, by the time of the sandbox at which it came. */
interface Stream {
  readonly of: { readonly logGroupName: string; readonly logStreamName: string };
  readonly region: string;
  readonly kept: { readonly at: Milliseconds; readonly logEvents: readonly LogEvent[] }[];
}

/**
 * Puts the log of each invocation into the function's log group, if there is one. Nothing is created that Terraform
 * would have to know of; the log is kept in memory in any case.
 *
 * moto keeps events for ever, and deletes only whole streams. So a stream of which the most is too old is deleted, and what
 * is left of it is put again.
 */
export class LogDelivery {
  readonly #streams = new Map<string, Stream>();
  /** One after the other where streams are deleted: nothing comes into a stream that is about to be. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly moto: Moto,
    private readonly retention: LogRetention,
  ) {}

  deliver(fn: LambdaFunction, logStreamName: string, log: string): Promise<void> {
    const timestamp = Date.now();
    const logEvents = log.split('\n').map((message) => ({ timestamp, message: message || ' ' }));
    const stream = { logGroupName: String(fn.loggingConfig['LogGroup']), logStreamName };
    if (this.retention.keptFor === undefined) return this.#put(stream, fn.region, [logEvents]);
    const { keptFor, now } = this.retention;
    const delivered = this.#last.then(async () => {
      const id = `${fn.region} ${stream.logGroupName} ${logStreamName}`;
      const known = this.#streams.get(id) ?? { of: stream, region: fn.region, kept: [] };
      this.#streams.set(id, known);
      known.kept.push({ at: now(), logEvents });
      await this.#put(stream, fn.region, [logEvents]);
      await this.#forget(now() - keptFor);
    });
    this.#last = delivered.catch(() => undefined);
    return delivered;
  }

  async #forget(oldest: Milliseconds): Promise<void> {
    for (const [id, { of, region, kept }] of this.#streams) {
      const tooOld = kept.filter(({ at }) => at < oldest).length;
      if (2 * tooOld < kept.length || tooOld === 0) continue;
      kept.splice(0, tooOld);
      await this.#ask('DeleteLogStream', of, region);
      if (kept.length === 0) this.#streams.delete(id);
      else
        await this.#put(
          of,
          region,
          kept.map(({ logEvents }) => logEvents),
        );
    }
  }

  async #put(stream: Stream['of'], region: string, all: readonly (readonly LogEvent[])[]): Promise<void> {
    const created = await this.#ask('CreateLogStream', stream, region);
    // The stream is that of the function's process, whose later invocations find it there.
    if (created.status !== 200 && !created.body.includes('ResourceAlreadyExistsException')) return;
    for (const logEvents of all) await this.#ask('PutLogEvents', { ...stream, logEvents }, region);
  }

  #ask(action: string, question: object, region: string): ReturnType<Moto['json']> {
    return this.moto.json('logs', `${TARGET}.${action}`, question, region);
  }
}
