import { ACCESS_KEYS_PER_USER, type AccessKey, type LastUse } from '../access-key';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../instant';
import type { Journal, PreviousKey } from '../journal';
import type { SecretDescription } from '../ports';
import type { RetirementSettings as Settings } from './retirement-settings';
import { graceEnd } from '../delete-retired';
import { CLOCK_SKEW, LISTING_LAG } from '../timing';
import type { Act, Decision, Hold, Report } from './decision';

/** Everything that one decision rests on, read within one visit to the user. */
export interface UserFacts {
  readonly now: Instant;
  readonly settings: Settings;
  /** Of this user and secret; whoever reads it has checked that. */
  readonly journal: Journal;
  readonly labels: SecretDescription['labels'];
  readonly keys: readonly AccessKey[];
  /** By key id, for every key that `needsLastUse` names; a key that AWS knows no use of maps to undefined. */
  readonly lastUses: ReadonlyMap<string, LastUse | undefined>;
}

/**
 * How long after its replacement a key may still be used by an application that works as it should: the official
 * caching clients keep a secret for up to an hour, and last-used data has a granularity of 15 minutes.
 */
export const REFRESH_TIME = 2 * HOUR;

/** A key counts as used for at least this long after its last use: a job that runs once a day uses it still. */
export const QUIET_TIME = 24 * HOUR;

/** Before the end of an exemption comes as a surprise. */
const EXEMPTION_NOTICE = 14 * DAY;

/** A rotation takes minutes; Secrets Manager's retries take hours. */
const STUCK_AFTER = DAY;

const YOUNG = 5 * MINUTE;

const INACTIVE_ALREADY =
  'its overlap is over; somebody deactivated it already, and it is ours to delete only after we did';

/**
 * Decides what is due for one user. At most one act comes back, because after each act everything is read and decided
 * anew; holds and reports come back all at once. The rules, in this order:
 *
 * 1. An exempted user: no act; the exemption is reported, and its end before it comes.
 * 2. Something left by an earlier attempt, or AWSCURRENT moved by somebody: settle it (`reap` where a key that never
 *    became current is deleted, `reactivate` where the served key was deactivated by us). An attempt under way: keep.
 * 3. For each previous key, oldest first: see `decidePrevious`.
 * 4. Unmanaged keys are taken over where the configuration says so, else reported.
 * 5. A rotation that was deferred is requested once a slot is free.
 */
export function decide(facts: UserFacts): readonly Decision[] {
  const exemption = exemptionOf(facts);
  if (exemption !== undefined) return exemption;
  const unsettled = decideUnsettled(facts);
  if (unsettled !== undefined) return [...unsettled, ...reportKeys(facts)];

  const previous = facts.journal.previous.toReversed().flatMap((key) => decidePrevious(facts, key));
  const decisions = [...previous, ...decideUnmanaged(facts), ...decideWanted(facts), ...reportKeys(facts)];
  const firstAct = decisions.find((decision) => decision.kind === 'act');
  return decisions.filter((decision) => decision.kind !== 'act' || decision === firstAct);
}

/** The previous keys whose last use has to be looked up before `decide` can say anything about them. */
export function needsLastUse({ now, settings, journal }: Omit<UserFacts, 'lastUses'>): readonly string[] {
  return journal.previous
    .filter((key) => key.phase === 'overlap' && now >= overlapEnd(key, settings))
    .map(({ keyId }) => keyId);
}

/** 1. Undefined: the user is not exempted, or no longer. */
function exemptionOf({ settings: { exemption, stableKey }, now }: UserFacts): readonly Report[] | undefined {
  if (exemption === undefined || now >= exemption.until) return undefined;
  const exempted = report('exempted', `Exempted until ${iso(exemption.until)}: ${exemption.reason}.`);
  if (exemption.until - now > EXEMPTION_NOTICE) return [exempted];
  return [
    exempted,
    report(
      'exemptionEndsSoon',
      `The exemption ends at ${iso(exemption.until)}; from then on ${stableKey} is rotated and its old keys are retired.`,
    ),
  ];
}

/** 2. Undefined: everything is settled. An empty list: somebody is at work, nothing is to be done now. */
function decideUnsettled({ journal, labels, now }: UserFacts): readonly Decision[] | undefined {
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
 * 3. A previous key that is due is dealt with only while the current key is there to take over.
 *
 * - Gone from IAM: forget it.
 * - Leaked, as a person said: deactivate and delete at once.
 * - In its overlap: keep. Overlap over: hold while in use (`retire`: deactivate all the same, and report), else
 *   deactivate. That also goes for a key that a person deactivated: it is ours to delete only after we did.
 * - Deactivation died half-way: deactivate.
 * - Deactivated, and Active again: a person did that; hold, for as long as it is Active. When it is Inactive again:
 *   deactivate it ourselves, and the grace period begins anew.
 * - Deactivated and Inactive: keep in the grace period, then delete.
 */
function decidePrevious(facts: UserFacts, key: PreviousKey): readonly Decision[] {
  const { keyId } = key;
  const { now, keys, settings } = facts;
  const listed = keys.find(({ id }) => id === keyId);
  if (listed === undefined) {
    return now - key.replacedAt > LISTING_LAG ? [act('forget', 'IAM no longer lists it', keyId)] : [];
  }
  if (key.phase === 'overlap' && key.leaked !== true && now < overlapEnd(key, settings)) return [];
  if (!currentWorks(facts)) {
    return [
      hold(
        keyId,
        'currentNotWorking',
        'The current key is gone or not Active: this key may be the only way back.',
      ),
    ];
  }
  switch (key.phase) {
    case 'overlap':
      return listed.status === 'Active'
        ? decideActive(facts, key, listed)
        : [act('deactivate', INACTIVE_ALREADY, keyId)];
    case 'deactivating':
      return [act('deactivate', 'an earlier try died half-way', keyId)];
    case 'deactivated':
      return decideRetired(facts, key, listed);
  }
}

/** Active, and its overlap is over. */
function decideActive(facts: UserFacts, key: PreviousKey, listed: AccessKey): readonly Decision[] {
  const { settings } = facts;
  if (key.leaked === true) return [act('deactivate', 'it is leaked', key.keyId)];
  const use = lateUse(facts, key);
  if (use === undefined) {
    return [
      act(
        'deactivate',
        `its overlap ended at ${iso(overlapEnd(key, settings))} and nothing uses it`,
        key.keyId,
      ),
    ];
  }
  const inUse = `last used at ${iso(use.at)} for ${use.service} in ${use.region}, after it was replaced at ${iso(key.replacedAt)}`;
  if (settings.whenStillInUse === 'retire' && key.origin !== 'takenOver') {
    return [
      act('deactivate', `its overlap is over; ${inUse}`, key.keyId),
      report('retiredWhileInUse', `Deactivated although ${inUse}.`, key.keyId),
    ];
  }
  return [hold(key.keyId, 'stillInUse', `Still in use: ${inUse}.`), ...heldTooLong(facts, listed)];
}

/** We deactivated it. */
function decideRetired(facts: UserFacts, key: PreviousKey, listed: AccessKey): readonly Decision[] {
  if (listed.status === 'Active') {
    const reason = `A person re-activated it after we had deactivated it${
      key.deactivatedAt === undefined ? '' : ` at ${iso(key.deactivatedAt)}`
    }. It is left alone until it is Inactive again.`;
    return [hold(key.keyId, 'reactivatedByPerson', reason), ...heldTooLong(facts, listed)];
  }
  if (listed.status !== 'Inactive') {
    return [
      report(
        'unknownState',
        'IAM reports a status that is neither Active nor Inactive: nothing is touched.',
        key.keyId,
      ),
    ];
  }
  if (key.hold?.cause === 'reactivatedByPerson' || key.deactivatedAt === undefined) {
    return [act('deactivate', 'it is Inactive again, so its grace period begins anew', key.keyId)];
  }
  const deletableAt = graceEnd(key, facts.settings);
  if (deletableAt === undefined || facts.now < deletableAt) return [];
  const reason = key.leaked === true ? 'it is leaked' : `its grace period ended at ${iso(deletableAt)}`;
  return [act('delete', reason, key.keyId)];
}

/** A use that tells of an application which does not follow the secret, and is not long ago. */
function lateUse({ lastUses, now }: UserFacts, key: PreviousKey): LastUse | undefined {
  const use = lastUses.get(key.keyId);
  if (use === undefined) return undefined;
  const isLate = use.at > key.replacedAt + (key.origin === 'takenOver' ? 0 : REFRESH_TIME);
  return isLate && now - use.at < QUIET_TIME ? use : undefined;
}

function heldTooLong({ now, settings }: UserFacts, listed: AccessKey): readonly Report[] {
  const age = now - listed.createdAt;
  if (age <= settings.maximumKeyAgeSeconds * SECOND) return [];
  return [report('heldPastMaximumKeyAge', `Held although it is ${days(age)} days old.`, listed.id)];
}

/** 4. */
function decideUnmanaged(facts: UserFacts): readonly Decision[] {
  const { keys, journal, settings, now } = facts;
  const ours = new Set([journal.current?.keyId, ...journal.previous.map(({ keyId }) => keyId)]);
  return keys
    .filter(({ id }) => !ours.has(id))
    .flatMap(({ id, status, createdAt }): Decision[] => {
      const { takeOver } = settings;
      const isToBeTakenOver = takeOver === 'all' || takeOver?.includes(id) === true;
      if (isToBeTakenOver && currentWorks(facts)) {
        return [
          act('takeOver', 'the configuration says so; from now on it is retired like any previous key', id),
        ];
      }
      // A rotation that began after the journal was read may just have made it.
      if (now - createdAt < YOUNG) return [];
      return [
        report(
          'unmanagedKey',
          `This product did not create it (${status}, since ${iso(createdAt)}) and never changes it.`,
          id,
        ),
      ];
    });
}

/** 5. */
function decideWanted({ journal: { wanted }, keys, labels }: UserFacts): readonly Decision[] {
  if (wanted === undefined) return [];
  const isUnderWay = labels.AWSPENDING !== undefined && labels.AWSPENDING !== labels.AWSCURRENT;
  if (isUnderWay) return [];
  if (keys.length < ACCESS_KEYS_PER_USER) {
    return [act('requestRotation', `it has waited for a free slot since ${iso(wanted.since)}`)];
  }
  return [
    report(
      'rotationWaits',
      `A rotation has waited for a free slot since ${iso(wanted.since)}: ${wanted.reason}.`,
    ),
  ];
}

function reportKeys(facts: UserFacts): readonly Report[] {
  const { journal, keys, settings, now } = facts;
  const { current } = journal;
  const reports: Report[] = [];
  if (current !== undefined && !currentWorks(facts)) {
    const status = keys.find(({ id }) => id === current.keyId)?.status ?? 'gone';
    reports.push(report('currentKeyNotWorking', `The current key is ${status}.`, current.keyId));
  }
  for (const key of keys) {
    const age = now - key.createdAt;
    if (key.status !== 'Active' || age <= settings.maximumKeyAgeSeconds * SECOND) continue;
    reports.push(report('pastMaximumKeyAge', `Active and ${days(age)} days old.`, key.id));
  }
  return reports;
}

const currentWorks = ({ journal, keys }: UserFacts): boolean =>
  keys.some(({ id, status }) => id === journal.current?.keyId && status === 'Active');

const overlapEnd = (key: PreviousKey, settings: Settings): Instant =>
  key.replacedAt + settings.overlapSeconds * SECOND;

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
const report = (topic: Report['topic'], reason: string, keyId?: string): Report => ({
  kind: 'report',
  topic,
  reason,
  keyId,
});

const iso = (moment: Instant): string => new Date(moment).toISOString();
const days = (duration: number): number => Math.floor(duration / DAY);
