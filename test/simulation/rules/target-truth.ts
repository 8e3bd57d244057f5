import { isWritten, targetName, type DeliveryTarget } from '../../../contract/delivery';
import { SECOND, type Instant, type Milliseconds } from '../../../contract/instant';
import { READ_LAG } from '../../../handlers/core/model/timing';
import type { AwsEvent, Doer } from '../../support/in-memory-aws/events';
import type { CheckedWorld } from './checker';
import type { KeyTruth } from './key-truth';
import type { Rule } from './checker';

/** Fields of the other secret, and what they get. */
export const SECRET_TARGET = {
  kind: 'secret',
  id: 'payments/env',
  fields: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
} as const satisfies DeliveryTarget;

export const PARAMETER_TARGET = {
  kind: 'parameter',
  name: '/payments/aws-key',
} as const satisfies DeliveryTarget;

export const RESTART_TARGET = {
  kind: 'restart',
  ecsService: 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api',
} as const satisfies DeliveryTarget;

const TOKEN_SECRET = 'ci/token';

/** Outside AWS: two secrets that are written one after the other, and an address that gets one request. */
export const TARGETS_OUTSIDE = [
  {
    kind: 'githubActions',
    repository: 'acme/payments',
    secrets: { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' },
    tokenSecret: TOKEN_SECRET,
  },
  {
    kind: 'https',
    url: 'https://ci.example.com/variables',
    method: 'PUT',
    headers: { Authorization: 'Bearer {token}' },
    body: {
      format: 'json',
      template: '{"AWS_ACCESS_KEY_ID":"{AccessKeyId}","AWS_SECRET_ACCESS_KEY":"{SecretAccessKey}"}',
    },
    tokenSecret: TOKEN_SECRET,
  },
] as const satisfies DeliveryTarget[];

/** What the model calls the secret of the token. */
export const TOKEN_NAME = `secret ${TOKEN_SECRET}`;

export const TARGETS = [SECRET_TARGET, PARAMETER_TARGET] as const;

interface Holding {
  readonly keyId: string | undefined;
  /** The product does not know what a person stores there after it has delivered. */
  readonly by: 'product' | 'person' | 'nobody';
  readonly since: Instant;
}

const NOTHING: Holding = { keyId: undefined, by: 'nobody', since: 0 };

/** What the targets really hold, and R12 and R13 about it. */
export class TargetTruth {
  readonly #holds = new Map<string, Holding>();
  readonly #everDelivered = new Set<string>();
  /** Until when a target held a key, by target and key. */
  readonly #heldUntil = new Map<string, Instant>();
  /** Oldest first. */
  readonly #current: { readonly keyId: string; readonly since: Instant; readonly byPerson: boolean }[] = [];

  constructor(
    private readonly world: CheckedWorld,
    private readonly report: (rule: Rule, what: string) => void,
  ) {}

  becameCurrent(keyId: string, at: Instant, { by }: Doer): void {
    this.#current.push({ keyId, since: at, byPerson: by === 'person' });
  }

  written({ target, is, at, doer }: AwsEvent & { what: 'targetWritten' }, truthOf: TruthOf): void {
    const before = this.#holds.get(target) ?? NOTHING;
    const keyId = keyIn(target, is);
    if (before.keyId !== undefined && before.keyId !== keyId) {
      this.#heldUntil.set(`${target} ${before.keyId}`, at);
    }
    if (doer.by === 'product') {
      this.#everDelivered.add(target);
      this.#mayHold(target, is, keyId, truthOf);
      this.#mayFollow(target, before, keyId, doer.sight.journalAsOf ?? 0);
    }
    this.#holds.set(target, { keyId, by: doer.by === 'product' ? 'product' : 'person', since: at });
  }

  /** R13: when faults have ended. */
  noTaskHoldsAnother(keyId: string | undefined): void {
    for (const [held, until] of this.#heldByTasks() ?? []) {
      if (until !== undefined || held === keyId) continue;
      this.report(
        'R13',
        `After all faults were over, a task runs with ${held} and not with ${keyId ?? '-'}.`,
      );
    }
  }

  /** R12: while a target holds it, and until an overlap after it got another one. */
  mayRetire(truth: KeyTruth, verb: 'deleted' | 'deactivated', clocksApart: Milliseconds): void {
    const { settings, now } = this.world;
    this.#mayRetireFromTasks(truth, verb, clocksApart);
    for (const target of (settings.deliver ?? []).filter(isWritten).map(targetName)) {
      const holds = this.#holds.get(target) ?? NOTHING;
      // What a person put there by hand after a delivery, nobody else knows.
      if (holds.by === 'person' && this.#everDelivered.has(target)) continue;
      if (holds.keyId === truth.id) {
        this.report('R12', `Key ${truth.id} was ${verb} while ${target} holds it.`);
      }
      const until = this.#heldUntil.get(`${target} ${truth.id}`);
      if (verb === 'deleted' || !truth.everCurrent || until === undefined) continue;
      const over = until + settings.overlapSeconds * SECOND;
      if (now + clocksApart >= over) continue;
      const early = Math.round((over - now) / SECOND);
      this.report(
        'R12',
        `Key ${truth.id} was ${verb} ${early} s before an overlap since ${target} got another.`,
      );
    }
  }

  /** R13: when faults have ended. */
  everyTargetHolds(keyId: string | undefined): void {
    for (const target of (this.world.settings.deliver ?? []).filter(isWritten).map(targetName)) {
      const holds = this.#holds.get(target)?.keyId;
      if (holds === keyId) continue;
      this.report(
        'R13',
        `After all faults were over, ${target} holds ${holds ?? 'no key'} and not ${keyId ?? '-'}.`,
      );
    }
  }

  /** R12: while a task runs that read it, and until an overlap after the last of them stopped. */
  #mayRetireFromTasks({ id }: KeyTruth, verb: string, clocksApart: Milliseconds): void {
    const { settings, now } = this.world;
    const held = this.#heldByTasks();
    if (!held?.has(id)) return;
    const until = held.get(id);
    const service = targetName(RESTART_TARGET);
    if (until === undefined) {
      this.report('R12', `Key ${id} was ${verb} while a task of ${service} runs with it.`);
      return;
    }
    const over = until + settings.overlapSeconds * SECOND;
    if (verb === 'deleted' || now + clocksApart >= over) return;
    const early = Math.round((over - now) / SECOND);
    this.report(
      'R12',
      `Key ${id} was ${verb} ${early} s before an overlap since no task of ${service} has it.`,
    );
  }

  /** The tasks read the parameter, where there is one. Undefined: there is no such target. See `heldUntil`. */
  #heldByTasks(): ReadonlyMap<string, Instant | undefined> | undefined {
    const { aws, checker, now, secretArn, settings } = this.world;
    const kinds = (settings.deliver ?? []).map(({ kind }) => kind);
    if (!kinds.includes('restart')) return undefined;
    const parameter = targetName(PARAMETER_TARGET);
    return aws.services.heldUntil(targetName(RESTART_TARGET), now, (moment) =>
      kinds.includes('parameter')
        ? keyIn(parameter, aws.targets.textAt(parameter, moment))
        : checker.keyIn(aws.secretsManager.labelsAt(secretArn, moment).AWSCURRENT),
    );
  }

  /** R12: whoever reads it there could not use it. R1: it is the key with its own secret. */
  #mayHold(target: string, text: string | undefined, keyId: string | undefined, truthOf: TruthOf): void {
    const { iam } = this.world.aws;
    const key = keyId === undefined ? undefined : iam.key(keyId);
    if (keyId === undefined || key === undefined) {
      this.report('R1', `${target} got no key of the user.`);
      return;
    }
    // The secrets of GitHub have the new key in part until the last of them is written.
    if (!target.startsWith('GitHub') && secretIn(target, text) !== key.secret)
      this.report('R1', `${target} got ${keyId} with a wrong secret.`);
    if (key.status.now === 'Active' || truthOf(keyId)?.changedByPersonAt !== undefined) return;
    if (this.world.checker.isGivenUp(keyId)) return;
    this.report('R12', `${target} got ${keyId} when it was ${key.status.now}.`);
  }

  /**
   * R13: never from a newer key back to an older one, unless AWSCURRENT went back. What a process writes whose key was
   * current when it looked at the journal last, and that arrives after AWSCURRENT went back, is the newest that it could know of.
   */
  #mayFollow(target: string, before: Holding, keyId: string | undefined, lookedAt: Instant): void {
    if (before.by !== 'product' || before.keyId === undefined || keyId === undefined) return;
    const lastCurrent = (id: string | undefined): number =>
      this.#current.findLastIndex((one) => one.keyId === id);
    const currentThen = this.#current.findLast(({ since }) => since <= lookedAt)?.keyId;
    if (currentThen === keyId && before.since <= lookedAt) return;
    // No journal says so yet, and Secrets Manager may still show the label where it was.
    const [left, last] = this.#current.slice(-2);
    if (left?.keyId === keyId && last?.byPerson === true && last.since > lookedAt - READ_LAG) return;
    if (lastCurrent(keyId) < lastCurrent(before.keyId))
      this.report('R13', `${target} went from ${before.keyId} back to ${keyId}.`);
  }
}

type TruthOf = (keyId: string) => KeyTruth | undefined;

const documentIn = (text: string | undefined): Readonly<Record<string, string>> =>
  text === undefined ? {} : (JSON.parse(text) as Record<string, string>);

const holdsDocument = (target: string): boolean => target === targetName(PARAMETER_TARGET);

const keyIn = (target: string, text: string | undefined): string | undefined =>
  documentIn(text)[holdsDocument(target) ? 'AccessKeyId' : 'AWS_ACCESS_KEY_ID'];

const secretIn = (target: string, text: string | undefined): string | undefined =>
  documentIn(text)[holdsDocument(target) ? 'SecretAccessKey' : 'AWS_SECRET_ACCESS_KEY'];
