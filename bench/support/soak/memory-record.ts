import { setTimeout as sleep } from 'node:timers/promises';

import { MINUTE, type Milliseconds } from '../../../contract/instant';
import { rounded } from '../benchmark';
import type { AskedProcess } from './asked-process';
import type { Measured } from './growth';
import { memoryOfProcesses } from './memory-of-processes';

/** Of one process, from when it was seen first until it was seen last. */
export interface ProcessSeries {
  readonly name: string;
  readonly samples: Measured[];
}

/** What this process and all that came of it have in memory, again and again. */
export class MemoryRecord {
  readonly #began = Date.now();
  readonly #resident = new Map<number, ProcessSeries>();
  readonly #heaps: readonly (ProcessSeries & { readonly of: AskedProcess })[];
  readonly #names: ReadonlyMap<number, string>;

  /** @param asked those that answer a question about their heap, by name */
  constructor(asked: Readonly<Record<string, AskedProcess>>) {
    this.#heaps = Object.entries(asked).map(([name, of]) => ({ name, of, samples: [] }));
    const named = Object.entries(asked).map(([name, { pid }]) => [pid, name] as const);
    this.#names = new Map([[process.pid, 'this benchmark'], ...named]);
  }

  /** In minutes, since the record was begun. */
  get minute(): number {
    return rounded((Date.now() - this.#began) / MINUTE, 2);
  }

  /** Until it is stopped, or a process has gone that should stay. */
  async follow(
    { every, tell }: { readonly every: Milliseconds; readonly tell: (line: string) => void },
    stopped: AbortSignal,
  ): Promise<void> {
    while (!stopped.aborted) {
      const next = sleep(every, undefined, { ref: false });
      await this.#sample();
      const last = this.staying().map(({ name, samples }) => `${name} ${samples.at(-1)!.megabytes}`);
      tell(`${this.minute} min: ${last.join(', ')}`);
      await next;
    }
  }

  /** Those that were there at the last look. */
  staying(): readonly ProcessSeries[] {
    const all = [...this.#resident.values()];
    const last = Math.max(...all.map(({ samples }) => samples.at(-1)!.minute));
    return all.filter(({ samples }) => samples.at(-1)!.minute === last);
  }

  /** Live, after a collection. */
  heaps(): readonly ProcessSeries[] {
    return this.#heaps.map(({ name, samples }) => ({ name, samples }));
  }

  async #sample(): Promise<void> {
    for (const { of, samples } of this.#heaps) {
      const bytes = await of.heap();
      samples.push({ minute: this.minute, megabytes: rounded(bytes / 1e6, 2) });
    }
    const { minute } = this;
    for (const { pid, name, megabytes } of memoryOfProcesses(this.#names)) {
      const series = this.#resident.get(pid) ?? { name, samples: [] };
      this.#resident.set(pid, series);
      series.samples.push({ minute, megabytes: rounded(megabytes, 1) });
    }
  }
}
