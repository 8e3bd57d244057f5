import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxClock } from '../clock';
import { History } from '../history';
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
  readonly clock: SandboxClock;
  readonly moto: Moto;
  readonly functions: Functions;
  readonly invoker: Invoker;
  /** Decides whether a rule may put events on a bus with its role. */
  readonly mayForward: (rule: ForwardingRule) => Promise<boolean>;
  /** Where events are kept. */
  readonly recorded?: History<BusEvent>;
}

/** A rule that hands an event on to the bus of another region. */
export interface ForwardingRule {
  readonly ruleArn: string;
  readonly roleArn: string;
  readonly busArn: string;
  readonly event: BusEvent;
}

interface Rule {
  readonly Name: string;
  readonly Arn: string;
  readonly State?: string;
  readonly EventPattern?: string;
}

interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
}

const BUS_ARN = /^arn:[^:]+:events:([^:]+):\d{12}:event-bus\/default$/;

/** What a service puts on the bus; the bus adds the rest. */
export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
}

/**
 * The account's default event buses, one in each region. They keep events, and look for the rules of their region in
 * moto that match it. Of a rule's targets they serve functions, where the function's policy lets them, and the buses of
 * other regions, where the role of the target lets them. Other targets are left alone.
 */
export class EventBus {
  private readonly recorded: History<BusEvent>;
  private readonly deliveries = new Set<Promise<void>>();
  /** By region. */
  private readonly rules = new Map<string, Promise<readonly Rule[]>>();
  private stopping = false;

  constructor(private readonly parts: EventBusParts) {
    this.recorded = parts.recorded ?? new History();
  }

  events(): readonly BusEvent[] {
    return this.recorded.all();
  }

  /** Delivers in the background. Returns the event's id. */
  put(region: string, { source, detailType, detail, resources = [] }: NewEvent): string {
    const { accountId, clock } = this.parts;
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
    this.recorded.add(event);
    this.follow(() => this.deliver(event, region));
    return id;
  }

  /** They are asked for again with the next event. */
  rulesChanged(region: string): void {
    this.rules.delete(region);
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

  /** @param region whose bus it is on; the event itself may be of another */
  private async deliver(event: BusEvent, region: string): Promise<void> {
    const asked =
      this.rules.get(region) ??
      this.ask<{ Rules: readonly Rule[] }>(region, 'ListRules', {}).then(({ Rules }) => Rules);
    this.rules.set(region, asked);
    const rules = await asked.catch((error: unknown) => {
      this.rulesChanged(region);
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
      const { Targets } = await this.ask<{ Targets: readonly Target[] }>(region, 'ListTargetsByRule', {
        Rule: rule.Name,
      });
      for (const target of Targets) {
        if (BUS_ARN.test(target.Arn)) await this.forward(rule, target, event);
        const fn = this.parts.functions.find(target.Arn);
        if (fn !== undefined && (await this.mayInvoke(rule, fn))) await this.invoke(fn, event);
      }
    }
  }

  /**
   * An event goes on to one further bus and not on from there.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
   */
  private async forward(rule: Rule, { Arn, RoleArn }: Target, event: BusEvent): Promise<void> {
    const [, region = ''] = BUS_ARN.exec(Arn) ?? [];
    if (RoleArn === undefined || event['region'] === region) return;
    const forwarding = { ruleArn: rule.Arn, roleArn: RoleArn, busArn: Arn, event };
    if (!(await this.parts.mayForward(forwarding))) return;
    this.follow(() => this.deliver(event, region));
  }

  private async invoke(fn: LambdaFunction, event: BusEvent): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !this.stopping; attempt += 1) {
      await this.untilNotThrottled(fn);
      if (!(await this.parts.invoker.fails(fn, JSON.stringify(event)))) return;
    }
  }

  private async untilNotThrottled({ name }: LambdaFunction): Promise<void> {
    while (!this.stopping && this.parts.invoker.throttles(name) !== undefined)
      await sleep(THROTTLED_PAUSE_MS);
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

  private async ask<Answer>(region: string, action: string, question: object): Promise<Answer> {
    const answer = await this.parts.moto.json('events', `AWSEvents.${action}`, question, region);
    const body = answer.body.toString('utf8');
    if (answer.status !== 200) throw new Error(`moto answered ${action} with ${answer.status}: ${body}`);
    return JSON.parse(body) as Answer;
  }
}

const isRead = (event: BusEvent): boolean =>
  event['detail-type'] === 'AWS API Call via CloudTrail' &&
  (event['detail'] as { readonly readOnly?: boolean }).readOnly === true;
