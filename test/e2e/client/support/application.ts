import { setTimeout as sleep } from 'node:timers/promises';

import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** One call of an application that failed. */
export interface FailedCall {
  readonly chapter: string;
  readonly error: string;
}

export interface Load {
  /** Calls at the same time. */
  readonly parallel: number;
  /** How often each of them begins anew. */
  readonly everyMs: number;
}

/** Makes signed calls without pause, whatever comes of them, until it is stopped. */
export class Application {
  readonly failures: FailedCall[] = [];
  readonly calls = new Map<string, number>();
  #chapter = 'begin';
  #isStopped = false;
  readonly #work: Promise<unknown>;

  /** @param clients are called in turn */
  constructor(
    readonly name: string,
    private readonly clients: readonly STSClient[],
    { parallel, everyMs }: Load,
  ) {
    this.#work = Promise.all(Array.from({ length: parallel }, (_, index) => this.#follow(index, everyMs)));
  }

  /** What happens from now on is counted under this name. */
  enter(chapter: string): void {
    this.#chapter = chapter;
  }

  failuresIn(chapter: string): number {
    return this.failures.filter((failure) => failure.chapter === chapter).length;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  async #follow(index: number, everyMs: number): Promise<void> {
    for (let turn = index; !this.#isStopped; turn += 1) {
      const next = sleep(everyMs);
      await this.#call(this.clients[turn % this.clients.length]!);
      await next;
    }
  }

  async #call(client: STSClient): Promise<void> {
    const chapter = this.#chapter;
    this.calls.set(chapter, (this.calls.get(chapter) ?? 0) + 1);
    try {
      await client.send(new GetCallerIdentityCommand({}));
    } catch (error) {
      this.failures.push({ chapter, error: error instanceof Error ? error.name : String(error) });
    }
  }
}
