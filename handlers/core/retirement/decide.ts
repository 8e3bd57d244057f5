import { ACCESS_KEYS_PER_USER, type AccessKey, type LastUse } from '../model/access-key';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../../../contract/instant';
import type { Acknowledgements } from '../model/acknowledgements';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { Journal, PreviousKey } from '../model/journal';
import type { SecretDescription } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import { graceEnd } from '../key-moves/delete-retired';
import { describeUndelivered, isDelivered } from '../key-moves/deliveries';
import { exemptionInForce } from '../key-moves/exemption';
import { overlapEnd } from '../key-moves/overlap';
import { decideLeaks, type Quarantine } from './decide-leaks';
import { whyPreviousStays, whyUnreadable } from '../key-moves/readability';
import { CLOCK_SKEW, LISTING_LAG, READ_LAG } from '../model/timing';
import { isAcknowledged, isByUse, mayWaitForWord } from './acknowledged';
import { reportAcknowledgement, whyUnacknowledged } from './decide-acknowledgement';
import type { Act, Decision, Hold, Notice, Report } from './decision';
import { dueAt } from './rotation-due';
import { rotationObstacle, whyDetached } from './rotation-obstacle';

/** Everything that one decision rests on, read within one visit to the user. */
export interface UserFacts {
  readonly now: Instant;
  /** The stack's prefix. */
  readonly stack: string;
  readonly settings: Settings;
  /** Of this user and secret; whoever reads it has checked that. */
  readonly journal: Journal;
  readonly secret: SecretDescription;
  /** Read after the journal: see `readDeliveries`. */
  readonly deliveries: DeliveryJournal | undefined;
  readonly acknowledgements: Acknowledgements;
  readonly keys: readonly AccessKey[];
  /** By key id, for every key that `needsLastUse` names; a key that AWS knows no use of maps to undefined. */
  readonly lastUses: ReadonlyMap<string, LastUse | undefined>;
  /** Absent: there is no leak, or nobody looked. */
  readonly quarantine?: Quarantine | undefined;
}

/**
 * How long after its replacement a key may still be used by an application that works as it should: the official
 * caching clients keep a secret for up to an hour, and last-used data has a granularity of 15 minutes. An overlap of
 * 6 hours, the shortest that allows holding, is longer than this and the lag of last-used data (about 4 hours) together.
 */
const REFRESH_TIME = 90 * MINUTE;

/** A key counts as used for so long after its last use: a job that runs once a day, and 4 hours of lag, and some. */
const QUIET_TIME = 30 * HOUR;

/** Before the end of an exemption comes as a surprise. */
const EXEMPTION_NOTICE = 14 * DAY;

/** A rotation takes minutes; Secrets Manager's retries take hours. */
const STUCK_AFTER = DAY;

/** Secrets Manager tries again for hours, by itself. */
const OVERDUE_AFTER = DAY;

/** The delivery function is invoked by an event, and again every hour. */
const DELIVERED_WITHIN = 15 * MINUTE;

const YOUNG = 5 * MINUTE;

const INACTIVE_ALREADY =
  'its overlap is over; somebody deactivated it already, and it is ours to delete only after we did';

/** What is due for one user. */
export interface Verdict {
  /** At most one act, because after each act everything is read and decided anew; all holds, reports and notices. */
  readonly decisions: readonly Decision[];
  /** Whether it came to the previous keys at all: only then does an absent hold mean that there is none. */
  readonly holdsDecided: boolean;
}

/**
 * Decides what is due for one user. The rules, in this order:
 *
 * 1. Something left by an earlier attempt, or AWSCURRENT moved by somebody: settle it (`reap` where a key that never
 *    became current is deleted, `reactivate` where the served key was deactivated by us). An attempt under way: keep.
 * 2. An exempted user: nothing but finishing what was begun (1), and retiring what leaked. The exemption is reported, and
 *    its end before it comes.
 * 3. For each previous key, oldest first: see `decidePrevious`.
 * 4. Unmanaged keys are taken over where the configuration says so, else reported.
 * 5. A rotation that was deferred is requested once a slot is free; so is one for a current key that leaked.
 */
export function decide(facts: UserFacts): Verdict {
  const isExempted = facts.settings.exemption !== undefined && facts.now < facts.settings.exemption.until;
  const reports = [
    ...reportExemption(facts),
    ...reportSecret(facts),
    ...reportKeys(facts),
    ...reportDeliveries(facts),
    ...(isExempted ? [] : reportAcknowledgement(facts)),
    ...decideLeaks(facts, { currentWorks: currentWorks(facts) }).filter(isReport),
  ];
  const unsettled = decideUnsettled(facts);
  if (unsettled !== undefined) return { decisions: [...unsettled, ...reports], holdsDecided: false };

  const { previous } = facts.journal;
  const concerned = isExempted ? previous.filter(isRetiredDespiteExemption) : previous;
  const decisions = concerned.toReversed().flatMap((key) => decidePrevious(facts, key));
  if (!isExempted) decisions.push(...decideUnmanaged(facts), ...decideWanted(facts));
  decisions.push(...decideLeaks(facts, { currentWorks: currentWorks(facts) }).filter(isAct));
  const firstAct = decisions.find((decision) => decision.kind === 'act');
  return {
    decisions: [
      ...decisions.filter((decision) => decision.kind !== 'act' || decision === firstAct),
      ...reports,
    ],
    holdsDecided: !isExempted,
  };
}

/** The keys whose last use has to be looked up before `decide` can say anything about them. */
export function needsLastUse({
  now,
  settings,
  journal,
  deliveries,
  keys,
}: Omit<UserFacts, 'lastUses'>): readonly string[] {
  const active = new Set(keys.filter(({ status }) => status === 'Active').map(({ id }) => id));
  const overdue = journal.previous
    .filter(
      (key) =>
        key.phase === 'overlap' && active.has(key.keyId) && now >= overlapEnd(key, settings, deliveries),
    )
    .map(({ keyId }) => keyId);
  const { current } = journal;
  const isCurrentNeeded = current !== undefined && isByUse(settings) && mayWaitForWord(journal);
  return isCurrentNeeded ? [...overdue, current.keyId] : overdue;
}

/** 2. */
function reportExemption({
  settings: { exemption, stableKey },
  now,
}: UserFacts): readonly (Report | Notice)[] {
  if (exemption === undefined || now >= exemption.until) return [];
  const exempted = notice('exempted', `Exempted until ${iso(exemption.until)}: ${exemption.reason}.`);
  if (exemption.until - now > EXEMPTION_NOTICE) return [exempted];
  return [
    exempted,
    report(
      'exemptionEndsSoon',
      `The exemption ends at ${iso(exemption.until)}; from then on ${stableKey} is rotated and its old keys are retired.`,
    ),
  ];
}

/** A key that leaked stops working at once; only one that is to be deleted at once is then also deleted. */
const isRetiredDespiteExemption = ({ leaked, phase }: PreviousKey): boolean =>
  leaked === 'delete' || (leaked === 'deactivate' && phase !== 'deactivated');

/** 1. Undefined: everything is settled. An empty list: somebody is at work, nothing is to be done now. */
function decideUnsettled({ journal, secret: { labels }, now }: UserFacts): readonly Decision[] | undefined {
  const { attempt, current, previous } = journal;
  if (attempt !== undefined) {
    const keyId = attempt.keyId;
    if (labels.AWSCURRENT === attempt.token)
      return [act('finish', 'AWSCURRENT is on the new key already', keyId)];
    if (labels.AWSPENDING === attempt.token) {
      if (now - attempt.announcedAt < STUCK_AFTER) return [];
      return [
        report('rotationStuck', `A rotation has been under way since ${iso(attempt.announcedAt)}.`, keyId),
      ];
    }
    if (now < attempt.until + CLOCK_SKEW + LISTING_LAG) return [];
    return [act('reap', 'its rotation was abandoned, and the key never became current', keyId)];
  }
  if (labels.AWSCURRENT === current?.versionId) {
    if (current !== undefined) return undefined;
    return [
      report('unknownState', 'The secret holds no key yet: the first key is made by `terraform apply`.'),
    ];
  }
  // A label that we moved a moment ago may not show yet.
  if (current !== undefined && now < current.since + READ_LAG) return [];
  const returning = previous.find(
    (key) => key.versionId !== undefined && key.versionId === labels.AWSCURRENT,
  );
  if (returning === undefined) {
    const where = labels.AWSCURRENT ?? 'no version';
    return [
      report(
        'unknownState',
        `AWSCURRENT is on ${where}, which the journal does not know: nothing is touched.`,
      ),
    ];
  }
  return returning.phase === 'overlap'
    ? [act('finish', 'AWSCURRENT was moved back to this key', returning.keyId)]
    : [act('reactivate', 'AWSCURRENT was moved back to this key, which we had deactivated', returning.keyId)];
}

/**
 * 3. A previous key that is due is dealt with only while the current key is there to take over, and applications can
 *    read it.
 *
 * - Gone from IAM, or taken over and no longer named in the configuration: forget it.
 * - A status that IAM did not have when this was written: report, touch nothing.
 * - A rollback that got no further than its announcement: finish, its overlap begins anew.
 * - In its overlap: keep. Overlap over, or leaked: see `decideOverdue`.
 * - Deactivation died half-way: deactivate.
 * - Deactivated: see `decideRetired`.
 */
function decidePrevious(facts: UserFacts, key: PreviousKey): readonly Decision[] {
  const { keyId } = key;
  const { now, keys, settings, deliveries } = facts;
  const listed = keys.find(({ id }) => id === keyId);
  if (listed === undefined) {
    // An answer without the current key shows less than there is, or somebody deleted that one, too.
    const isWhole = keys.some(({ id }) => id === facts.journal.current?.keyId);
    return isWhole && now - key.replacedAt > LISTING_LAG
      ? [act('forget', 'IAM no longer lists it', keyId)]
      : [];
  }
  if (key.origin === 'takenOver' && !isTakenOver(settings, keyId)) {
    return [act('forget', 'the configuration no longer says that it is taken over', keyId)];
  }
  if (listed.status === 'Unknown') {
    return [report('unknownState', 'IAM reports a status that is neither Active nor Inactive.', keyId)];
  }
  switch (key.phase) {
    case 'reactivating':
      return [act('finish', 'a rollback to it got no further', keyId)];
    case 'overlap':
      if (key.leaked === undefined && now < overlapEnd(key, settings, deliveries)) return [];
      return onlyWithCurrent(facts, key, () => decideOverdue(facts, key, listed));
    case 'deactivating':
      return onlyWithCurrent(facts, key, () => [act('deactivate', 'an earlier try died half-way', keyId)]);
    case 'deactivated':
      return decideRetired(facts, key, listed);
  }
}

function onlyWithCurrent(
  facts: UserFacts,
  key: PreviousKey,
  decideIt: () => readonly Decision[],
): readonly Decision[] {
  if (!currentWorks(facts)) {
    const reason = 'The current key is gone or not Active: this key may be the only way back.';
    return [hold(key.keyId, 'currentNotWorking', reason)];
  }
  const stays = whyPreviousStays(key, facts);
  return stays === undefined ? decideIt() : [hold(key.keyId, stays.cause, stays.what)];
}

/**
 * Its overlap is over: hold until the current key is acknowledged (R14), and while in use (`retire`: deactivate all the
 * same, and report), else deactivate. That also goes for a key that a person deactivated: it is ours to delete only after
 * we did.
 */
function decideOverdue(facts: UserFacts, key: PreviousKey, listed: AccessKey): readonly Decision[] {
  const { settings } = facts;
  if (key.leaked !== undefined) return [act('deactivate', 'it is leaked', key.keyId)];
  const waits = whyUnacknowledged(facts, key, listed);
  if (waits !== undefined) return [hold(key.keyId, 'notAcknowledged', waits), ...heldTooLong(facts, listed)];
  const unacknowledged = isAcknowledged(facts)
    ? []
    : [notice('retiredUnacknowledged', 'The maximum key age came before an acknowledgement.', key.keyId)];
  if (listed.status !== 'Active') return [act('deactivate', INACTIVE_ALREADY, key.keyId), ...unacknowledged];
  const use = lateUse(facts, key);
  if (use === undefined) {
    const reason = `its overlap ended at ${iso(overlapEnd(key, settings, facts.deliveries))} and nothing uses it`;
    return [act('deactivate', reason, key.keyId), ...unacknowledged];
  }
  const inUse = `last used at ${iso(use.at)} for ${use.service} in ${use.region}; it was replaced at ${iso(key.replacedAt)}`;
  if (settings.whenStillInUse === 'retire' && key.origin !== 'takenOver') {
    return [
      act('deactivate', `its overlap is over; ${inUse}`, key.keyId),
      notice('retiredWhileInUse', `Deactivated although in use: ${inUse}.`, key.keyId),
      ...unacknowledged,
    ];
  }
  return [hold(key.keyId, 'stillInUse', `Still in use: ${inUse}.`), ...heldTooLong(facts, listed)];
}

/**
 * We deactivated it. Active again: a person did that; hold for as long as it is Active, and when it is Inactive again,
 * deactivate it ourselves, so that its grace period begins anew. Else keep it in the grace period, then delete.
 */
function decideRetired(facts: UserFacts, key: PreviousKey, listed: AccessKey): readonly Decision[] {
  const { keyId } = key;
  if (listed.status === 'Active') {
    const reason =
      'A person re-activated it after we had deactivated it. It is left alone until it is Inactive again.';
    return [hold(keyId, 'reactivatedByPerson', reason), ...heldTooLong(facts, listed)];
  }
  const deletableAt = graceEnd(key, facts.settings);
  if (deletableAt === undefined) {
    const reason = 'it is Inactive again, so its grace period begins anew';
    return onlyWithCurrent(facts, key, () => [act('deactivate', reason, keyId)]);
  }
  if (facts.now < deletableAt) return [];
  const reason = key.leaked === 'delete' ? 'it is leaked' : `its grace period ended at ${iso(deletableAt)}`;
  return onlyWithCurrent(facts, key, () => [act('delete', reason, keyId)]);
}

/**
 * A use that tells of an application which does not follow the secret, and is not long ago. Nobody reads the secret
 * instead of a key that was taken over, so there every use tells.
 */
function lateUse({ lastUses, now }: UserFacts, key: PreviousKey): LastUse | undefined {
  const use = lastUses.get(key.keyId);
  if (use === undefined || now - use.at >= QUIET_TIME) return undefined;
  return key.origin === 'takenOver' || use.at > key.replacedAt + REFRESH_TIME ? use : undefined;
}

function heldTooLong({ now, settings }: UserFacts, listed: AccessKey): readonly Report[] {
  const age = now - listed.createdAt;
  // A key may be held that a person deactivated; the policy is about keys that are Active.
  if (listed.status !== 'Active' || age <= settings.maximumKeyAgeSeconds * SECOND) return [];
  return [report('heldPastMaximumAge', `Held although it is ${days(age)} days old.`, listed.id)];
}

/** 4. */
function decideUnmanaged(facts: UserFacts): readonly Decision[] {
  const { keys, journal, settings, now } = facts;
  const ours = new Set([journal.current?.keyId, ...journal.previous.map(({ keyId }) => keyId)]);
  return keys
    .filter(({ id }) => !ours.has(id))
    .flatMap(({ id, status, createdAt }): Decision[] => {
      if (isTakenOver(settings, id) && currentWorks(facts)) {
        const reason = 'the configuration says so; from now on it is retired like any previous key';
        return [act('takeOver', reason, id)];
      }
      // A rotation that began after the journal was read may just have made it.
      if (isYoung({ createdAt }, now)) return [];
      const found = `This product did not create it (${status}, since ${iso(createdAt)}) and never changes it.`;
      return [report('unmanagedKey', found, id)];
    });
}

const isTakenOver = ({ takeOver }: Settings, keyId: string): boolean =>
  takeOver === 'all' || takeOver?.includes(keyId) === true;

/** 5. */
function decideWanted({ now, journal, keys, secret }: UserFacts): readonly Decision[] {
  const { current } = journal;
  const { labels } = secret;
  const wanted =
    current?.leaked !== undefined
      ? { since: current.since, reason: 'the current key leaked' }
      : journal.wanted;
  if (wanted === undefined) return [];
  const waits = (obstacle: string): Report =>
    report(
      'rotationWaits',
      `A rotation has been wanted since ${iso(wanted.since)} (${wanted.reason}): ${obstacle}.`,
    );
  if (labels.AWSPENDING !== undefined && labels.AWSPENDING !== labels.AWSCURRENT) {
    return now - wanted.since < STUCK_AFTER
      ? []
      : [waits('AWSPENDING is on a version that makes no progress')];
  }
  const obstacle = rotationObstacle(secret);
  if (obstacle !== undefined) return [waits(obstacle)];
  if (keys.length >= ACCESS_KEYS_PER_USER) return [waits('both slots are taken')];
  return [act('requestRotation', `it has been wanted since ${iso(wanted.since)}: ${wanted.reason}`)];
}

/** The labels may be right and the key Active, and applications still do not get it; or nobody rotates it. */
function reportSecret({ secret, settings, journal, stack, now }: UserFacts): readonly Report[] {
  const reports = whyUnreadable(secret, now).map(({ cause, what }) => report(cause, what));
  // Terraform attaches the rotation after it has made the first key.
  if (journal.current === undefined) return reports;
  const detached = whyDetached(secret, settings, stack);
  return detached === undefined ? reports : [...reports, report('rotationDetached', detached)];
}

/** Who reads the key from a target does not get the current one. */
function reportDeliveries({ journal: { current }, settings, deliveries, now }: UserFacts): readonly Report[] {
  if (current === undefined || now - current.since < DELIVERED_WITHIN) return [];
  const missing = (settings.deliver ?? []).filter(
    (target) => !isDelivered(target, current, settings, deliveries),
  );
  if (missing.length === 0) return [];
  const names = missing.map((target) => describeUndelivered(target, deliveries));
  return [
    report(
      'notDelivered',
      `Since ${iso(current.since)} the current key has not reached ${names.join('; ')}.`,
    ),
  ];
}

function reportKeys(facts: UserFacts): readonly Report[] {
  const { journal, keys, settings, now } = facts;
  const { current } = journal;
  const reports: Report[] = [];
  if (current?.leaked !== undefined) {
    const leaked = 'The current key leaked, and an emergency rotation did not come to its end: run it again.';
    reports.push(report('currentKeyLeaked', leaked, current.keyId));
  }
  if (current !== undefined && !currentWorks(facts) && now - current.since > LISTING_LAG) {
    const status = keys.find(({ id }) => id === current.keyId)?.status ?? 'gone';
    reports.push(report('currentNotWorking', `The current key is ${status}.`, current.keyId));
  }
  const due = dueAt(facts, now);
  if (due !== undefined && now - due > OVERDUE_AFTER) {
    const overdue = `The last rotation was at ${iso(current?.since ?? due)}; the next one was due by ${iso(due)}.`;
    reports.push(report('rotationOverdue', overdue));
  }
  for (const key of keys) {
    const age = now - key.createdAt;
    if (key.status !== 'Active' || age <= settings.maximumKeyAgeSeconds * SECOND) continue;
    reports.push(report('keyPastMaximumAge', `Active and ${days(age)} days old.`, key.id));
  }
  return reports;
}

const currentWorks = ({ journal, keys }: UserFacts): boolean =>
  keys.some(({ id, status }) => id === journal.current?.keyId && status === 'Active');

/** What becomes of a key next, and from when on, unless something holds it. */
export interface NextStep {
  readonly what: 'deactivate' | 'delete' | 'takeOver';
  readonly at: Instant;
  /** Where it comes only after that, whenever that is. */
  readonly waitsFor?: 'acknowledgement';
}

interface WhenItIsDue extends Pick<UserFacts, 'settings' | 'deliveries' | 'now'> {
  /** Whether the current key is acknowledged, or need not be. */
  readonly acknowledged: boolean;
}

/** What becomes of a previous key next; undefined where nothing does by itself. */
export function nextStepOf(key: PreviousKey, facts: WhenItIsDue): NextStep | undefined {
  const step = nextStepWithoutExemption(key, facts);
  const exemption = exemptionInForce(facts.settings, facts.now);
  if (step === undefined || exemption === undefined || isRetiredDespiteExemption(key)) return step;
  return { ...step, at: Math.max(step.at, exemption.until) };
}

function nextStepWithoutExemption(
  key: PreviousKey,
  { settings, deliveries, acknowledged, now }: WhenItIsDue,
): NextStep | undefined {
  switch (key.phase) {
    case 'overlap':
      if (key.leaked !== undefined) return { what: 'deactivate', at: now };
      return {
        what: 'deactivate',
        at: overlapEnd(key, settings, deliveries),
        ...(acknowledged ? {} : { waitsFor: 'acknowledgement' }),
      };
    case 'deactivating':
      return { what: 'deactivate', at: now };
    case 'deactivated': {
      const at = graceEnd(key, settings);
      return at === undefined ? undefined : { what: 'delete', at };
    }
    case 'reactivating':
      return undefined;
  }
}

/**
 * What becomes of a key that is neither current nor previous; undefined: this product leaves it alone, or does not come to it,
 * because something is unsettled or the current key does not work.
 */
export function nextStepOfUnmanaged(keyId: string, facts: UserFacts): NextStep | undefined {
  const { settings, now } = facts;
  const comesToIt = currentWorks(facts) && decideUnsettled(facts) === undefined;
  if (!comesToIt || !isTakenOver(settings, keyId)) return undefined;
  return { what: 'takeOver', at: exemptionInForce(settings, now)?.until ?? now };
}

/** Made a moment ago, so that a rotation may have made it that the journal did not yet show. */
export const isYoung = ({ createdAt }: Pick<AccessKey, 'createdAt'>, now: Instant): boolean =>
  now - createdAt < YOUNG;

const isAct = (decision: Decision): decision is Act => decision.kind === 'act';
const isReport = (decision: Decision): decision is Report => decision.kind === 'report';

const act = (what: Act['what'], reason: string, keyId?: string): Act => ({
  kind: 'act',
  what,
  reason,
  keyId,
});
const hold = (keyId: string, cause: Hold['cause'], reason: string): Hold => ({
  kind: 'hold',
  keyId,
  cause,
  reason,
});
const report = (fault: Report['fault'], reason: string, keyId?: string): Report => ({
  kind: 'report',
  fault,
  reason,
  keyId,
});
const notice = (about: Notice['about'], reason: string, keyId?: string): Notice => ({
  kind: 'notice',
  about,
  reason,
  keyId,
});

const iso = (moment: Instant): string => new Date(moment).toISOString();
const days = (duration: number): number => Math.floor(duration / DAY);
