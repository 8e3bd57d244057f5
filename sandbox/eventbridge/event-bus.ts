import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxClock } from '../clock';
import type { Functions, LambdaFunction } from '../lambda/functions';
import type { Invoker } from '../lambda/invoker';
import { resourcePolicyAllows } from '../lambda/resource-policy';
import type { Moto } from '../moto/moto';
import { type BusEvent, matchesPattern } from './match-pattern';

const EVENTS = 'events.amazonaws.com';

/** How often Lambda runs what was invoked asynchronously, at most. */
const ATTEMPTS = 3;

/** Lambda goes on trying what is throttled for hours. */
const THROTTLED_PAUSE_MS = 100;

/** The state of a rule that is shown calls that only read, too. */
const WITH_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface EventBusParts {
  readonly accountId: string;
  readonly region: string;
  readonly clock: SandboxClock;
  readonly moto: Moto;
  readonly functions: Functions;
  readonly invoker: Invoker;
}

interface Rule {
  readonly Name: string;
  readonly Arn: string;
  readonly State?: string;
  readonly EventPattern?: string;
}

/** What a service puts on the bus; the bus adds the rest. */
export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
}

/**
 * The account's default event bus: keeps every event, and invokes the functions that are targets of the rules in moto
 * that match it, as EventBridge does, where the function's policy lets it. Other targets are left alone.
 */
export class EventBus {
  private readonly recorded: BusEvent[] = [];
  private readonly deliveries = new Set<Promise<void>>();
  private rules: Promise<readonly Rule[]> | undefined;
  private stopping = false;

  constructor(private readonly parts: EventBusParts) {}

  events(): readonly BusEvent[] {
    return [...this.recorded];
  }

  /** Delivers in the background. Returns the event's id. */
  put({ source, detailType, detail, resources = [] }: NewEvent): string {
    const { accountId, region, clock } = this.parts;
    const id = randomUUID();
    const event = {
      ...{ version: '0', id, 'detail-type': detailType, source, account: accountId },
      ...{
        time: clock
          .now()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
        region,
        resources,
        detail,
      },
    };
    this.recorded.push(event);
    this.follow(() => this.deliver(event));
    return id;
  }

  /** They are asked for again with the next event. */
  rulesChanged(): void {
    this.rules = undefined;
  }

  /** Does something in the background that `settled` waits for. */
  follow(work: () => Promise<void>): void {
    const following = work()
      .catch((error: unknown) => {
        if (!this.stopping) console.error('The local AWS could not deliver an event:', error);
      })
      .finally(() => this.deliveries.delete(following));
    this.deliveries.add(following);
  }

  /** Resolves when everything that was put so far, and what came of it, is delivered. */
  async settled(): Promise<void> {
    while (this.deliveries.size > 0) await Promise.all(this.deliveries);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.settled();
  }

  private async deliver(event: BusEvent): Promise<void> {
    this.rules ??= this.ask<{ Rules: readonly Rule[] }>('ListRules', {}).then(({ Rules }) => Rules);
    const rules = await this.rules.catch((error: unknown) => {
      this.rulesChanged();
      throw error;
    });
    const matching = rules.filter(
      ({ State, EventPattern }) =>
        State !== 'DISABLED' &&
        (State === WITH_READS || !isRead(event)) &&
        EventPattern !== undefined &&
        matchesPattern(JSON.parse(EventPattern), event),
    );
    for (const rule of matching) {
      const { Targets } = await this.ask<{ Targets: readonly { readonly Arn: string }[] }>(
        'ListTargetsByRule',
        { Rule: rule.Name },
      );
      for (const { Arn } of Targets) {
        const fn = this.parts.functions.find(Arn);
        if (fn !== undefined && (await this.mayInvoke(rule, fn))) await this.invoke(fn, event);
      }
    }
  }

  private async invoke(fn: LambdaFunction, event: BusEvent): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !this.stopping; attempt += 1) {
      await this.untilNotThrottled(fn);
      const { failed } = await this.parts.invoker.invoke(fn, JSON.stringify(event));
      if (!failed) return;
    }
  }

  private async untilNotThrottled({ name }: LambdaFunction): Promise<void> {
    while (!this.stopping && this.parts.invoker.throttles(name)) await sleep(THROTTLED_PAUSE_MS);
  }

  private async mayInvoke({ Arn }: Rule, fn: LambdaFunction): Promise<boolean> {
    const path = `/2015-03-31/functions/${encodeURIComponent(fn.name)}/policy`;
    const answer = await this.parts.moto.rest('lambda', 'GET', path, fn.region);
    if (answer.status !== 200) return false;
    const { Policy } = JSON.parse(answer.body.toString('utf8')) as { Policy: string };
    return resourcePolicyAllows(Policy, {
      ...{ service: EVENTS, sourceArn: Arn, sourceAccount: this.parts.accountId },
    });
  }

  private async ask<Answer>(action: string, question: object): Promise<Answer> {
    const { moto, region } = this.parts;
    const answer = await moto.json('events', `AWSEvents.${action}`, question, region);
    const body = answer.body.toString('utf8');
    if (answer.status !== 200) throw new Error(`moto answered ${action} with ${answer.status}: ${body}`);
    return JSON.parse(body) as Answer;
  }
}

const isRead = (event: BusEvent): boolean =>
  event['detail-type'] === 'AWS API Call via CloudTrail' &&
  (event['detail'] as { readonly readOnly?: boolean }).readOnly === true;
