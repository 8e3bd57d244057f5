import { setTimeout as sleep } from 'node:timers/promises';

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import type { LocalAws } from '../../../../sandbox/local-aws';
import type { StoredKey } from '../../../e2e/stack/support/account';

const EVERY_MS = 150;

interface Signer {
  readonly keyId: string;
  readonly client: STSClient;
}

/** Signs calls all the time, with what it has read, and does not try one again. */
export class SigningApplication {
  calls = 0;
  failed = 0;
  readonly #failures: string[] = [];
  /** By what holds it: an application has one key, a service one for each deployment whose tasks run. */
  #clients = new Map<string, Signer>();
  #isStopped = false;
  readonly #work: Promise<void>;

  /** @param read - what its processes hold now, by process; whoever is in `held` already keeps what it has */
  constructor(
    readonly name: string,
    private readonly aws: LocalAws,
    private readonly read: (held: ReadonlySet<string>) => Promise<ReadonlyMap<string, StoredKey | undefined>>,
  ) {
    this.#work = this.#signOn();
  }

  get keyIds(): readonly string[] {
    return [...this.#clients.values()].map(({ keyId }) => keyId);
  }

  /** What happens in it at the latest every hour: it reads its key; or the tasks that run are others. */
  async look(): Promise<void> {
    const found = await this.read(new Set(this.#clients.keys()));
    const clients = new Map<string, Signer>();
    for (const [process, key] of found) {
      const held = this.#clients.get(process);
      const isAsBefore = held !== undefined && (key === undefined || key.AccessKeyId === held.keyId);
      if (isAsBefore) clients.set(process, held);
      else if (key !== undefined)
        clients.set(process, { keyId: key.AccessKeyId, client: this.#clientWith(key) });
    }
    this.#clients = clients;
  }

  /** Its failures since the last time. */
  takeFailures(): readonly string[] {
    return this.#failures.splice(0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  #clientWith({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }: StoredKey): STSClient {
    return new STSClient({ ...this.aws.clientConfig({ accessKeyId, secretAccessKey }), maxAttempts: 1 });
  }

  async #signOn(): Promise<void> {
    while (!this.#isStopped) {
      const next = sleep(EVERY_MS);
      await Promise.all([...this.#clients.values()].map((one) => this.#call(one)));
      await next;
    }
  }

  async #call({ client, keyId }: Signer): Promise<void> {
    this.calls += 1;
    try {
      await client.send(new GetCallerIdentityCommand({}));
    } catch (error) {
      this.failed += 1;
      this.#failures.push(`…${keyId.slice(-4)} ${error instanceof Error ? error.name : String(error)}`);
    }
  }
}
