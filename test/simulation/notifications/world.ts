import {
  CallRefusedError,
  CallUnansweredError,
  type CallName,
} from '../../../handlers/core/model/call-errors';
import { QUIET, type FaultState } from '../../../handlers/core/notifications/fault-state';
import type { Journal } from '../../../handlers/core/model/journal';
import type { Message } from '../../../handlers/core/notifications/message';
import type {
  FaultId,
  NotificationPlace,
  NotificationPorts,
} from '../../../handlers/core/notifications/notification-ports';
import { notify } from '../../../handlers/core/notifications/notify';
import { MINUTE, SECOND, type Instant } from '../../../contract/instant';
import { journalWith } from '../../handlers/support/fixtures';
import type { Fault } from '../engine/faults';
import { FunctionDiedError, type Process, type Running } from '../engine/running';
import { Scheduler } from '../engine/scheduler';
import { DELIVERED_FROM, eventOf, momentOf, type Happening, type NotificationFault } from './history';

/** Lambda tries an event that failed twice again, and puts it into a queue then. */
const RETRIES_AFTER = [MINUTE, 2 * MINUTE];

const PLACE: NotificationPlace = {
  ...{
    accountId: '111122223333',
    stack: 'iam-key-rotation',
    secretPrefix: 'iam-key-rotation',
    sharded: false,
    runbookUrl: 'runbook.md',
  },
  format: 'chat',
};

/** One delivery of an event, with its retries. */
export interface Delivery extends Running {
  readonly event: number;
  readonly startedAt: Instant;
  endedAt: Instant | undefined;
  /** Nobody was told; the event is in the queue, and an alarm says so. */
  isDeadLetter: boolean;
}

/** One invocation of the function. */
export interface Invocation extends Process {
  readonly delivery: Delivery;
  alive: boolean;
  endedBadly: boolean;
}

/** What a person has read. */
export interface Read {
  readonly message: Message;
  readonly at: Instant;
  readonly by: Invocation;
}

/** EventBridge, Lambda, the table, SNS and true time: everything around the notification function. */
export class NotificationWorld {
  readonly scheduler: Scheduler;
  readonly deliveries: Delivery[] = [];
  readonly read: Read[] = [];
  readonly transcript: string[] = [];
  readonly #items = new Map<string, { readonly state: FaultState; readonly version: number }>();
  #invocations = 0;
  #isRepeated = false;

  constructor(
    readonly events: readonly Happening[],
    seed: number,
    private readonly keepsTranscript: boolean,
  ) {
    this.scheduler = new Scheduler({
      startsAt: DELIVERED_FROM,
      seed,
      callTakes: () => SECOND,
      afterStep: () => undefined,
      note: (line) => {
        if (this.keepsTranscript) this.transcript.push(line());
      },
    });
  }

  #journal(): Journal | undefined {
    const promotions = this.events.filter(
      ({ phase, reporter }) => phase === 'ended' && reporter === 'product',
    );
    if (promotions.length === 0) return undefined;
    const since = Math.max(...promotions.map(momentOf));
    return journalWith({ current: { keyId: 'AKIAIOSFODNN7EXAMPLE', versionId: 'version-2', since } });
  }

  get underWay(): readonly Delivery[] {
    return this.deliveries.filter(({ done }) => !done);
  }

  /** It stands at its first call when this returns. */
  async deliver(event: number): Promise<Delivery> {
    const delivery: Delivery = {
      ...{
        name: `event ${event}, delivery ${this.deliveries.length}`,
        done: false,
        event,
        isDeadLetter: false,
      },
      ...{ startedAt: this.scheduler.now, endedAt: undefined },
    };
    this.deliveries.push(delivery);
    void this.#play(delivery);
    await this.scheduler.settled();
    return delivery;
  }

  /** A message that is sent late would be read late, whatever the product does: SNS performs at once, or not at all. */
  async step(delivery: Delivery, happens?: NotificationFault): Promise<void> {
    const isMessage = this.scheduler.nextOf(delivery)?.call?.site.name.service === 'SNS';
    // A message that is sent twice is what the product documents.
    this.#isRepeated = happens === 'repeated' && !isMessage;
    const fault = happens === 'repeated' ? undefined : happens;
    const atOnce: Partial<Record<Fault, Fault>> = {
      crashThenPerformed: 'crashAfter',
      unansweredThenPerformed: 'unansweredDone',
    };
    await this.scheduler.step(delivery, isMessage && fault !== undefined ? (atOnce[fault] ?? fault) : fault);
  }

  async finish(delivery: Delivery): Promise<void> {
    while (!delivery.done) await this.step(delivery);
  }

  async #play(delivery: Delivery): Promise<void> {
    for (const pause of [...RETRIES_AFTER, undefined]) {
      try {
        await this.#invoke(delivery);
        break;
      } catch (error) {
        if (!isExpected(error)) throw error;
        if (pause === undefined) delivery.isDeadLetter = true;
        else await this.#sleep(delivery, pause);
      }
    }
    delivery.done = true;
    delivery.endedAt = this.scheduler.now;
  }

  #sleep(running: Delivery, duration: number): Promise<unknown> {
    const wakeAt = this.scheduler.now + duration;
    return new Promise((resolve, reject) => {
      this.scheduler.park({ running, process: undefined, call: undefined, wakeAt, resolve, reject });
    });
  }

  #invoke(delivery: Delivery): Promise<unknown> {
    const event = this.events[delivery.event]!;
    return new Promise((resolve, reject) => {
      const invocation: Invocation = {
        ...{
          name: delivery.name,
          number: (this.#invocations += 1),
          delivery,
          alive: true,
          endedBadly: false,
        },
        kill: () => {
          invocation.alive = false;
          invocation.endedBadly = true;
          this.scheduler.forget(invocation);
          reject(new FunctionDiedError(`${delivery.name} died`));
        },
      };
      notify(this.#portsOf(invocation), PLACE, eventOf(event, `event-${delivery.event}`)).then(
        resolve,
        (error: unknown) => {
          invocation.endedBadly = true;
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #portsOf(invocation: Invocation): NotificationPorts {
    const pass = <Answer>(
      service: CallName['service'],
      action: string,
      mutates: boolean,
      perform: () => Answer,
    ) =>
      new Promise<Answer>((resolve, reject) => {
        if (!invocation.alive) return; // A dead process never continues.
        const site = { name: { service, action }, about: invocation.name, mutates } as const;
        this.scheduler.park({
          ...{ running: invocation.delivery, process: invocation, wakeAt: 0 },
          call: {
            site,
            perform: () => {
              if (this.#isRepeated) perform();
              return perform();
            },
          },
          resolve: (answer) => {
            resolve(answer as Answer);
          },
          reject,
        });
      });
    const keyOf = ({ kind, user, about }: FaultId): string => [kind, user, about].join('#');
    const itemOf = (fault: FaultId) => this.#items.get(keyOf(fault)) ?? { state: QUIET, version: 0 };
    return {
      notifications: {
        load: (fault) => pass('DynamoDB', 'GetItem', false, () => itemOf(fault)),
        replace: (fault, state, version) =>
          pass('DynamoDB', 'PutItem', true, () => {
            if (itemOf(fault).version !== version) return false;
            this.#items.set(keyOf(fault), { state, version: version + 1 });
            return true;
          }),
      },
      // None of the happenings is an act.
      acts: { load: neverAsked, replace: neverAsked },
      topics: [
        {
          arn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
          publish: (message) =>
            pass('SNS', 'Publish', true, () => {
              this.read.push({ message, at: this.scheduler.now, by: invocation });
              if (this.keepsTranscript) this.transcript.push(`READ ${message.subject}\n${message.text}`);
            }),
        },
      ],
      settings: { read: () => Promise.resolve(undefined) },
      // All has happened before anything of it is delivered.
      journals: { read: () => Promise.resolve({ journal: this.#journal(), lease: undefined }) },
      findings: { read: neverAsked },
      sweeps: { hasBegun: neverAsked },
      clock: { now: () => this.scheduler.now, sleep: () => Promise.resolve() },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
  }
}

/** What Lambda tries again. Anything else is a bug, of the product or of this world. */
const isExpected = (error: unknown): boolean =>
  error instanceof FunctionDiedError ||
  error instanceof CallRefusedError ||
  error instanceof CallUnansweredError ||
  (error instanceof Error && error.message.startsWith('The message did not reach'));

const neverAsked = () => Promise.reject(new Error('No happening is an act, or a finding. This is a bug.'));
