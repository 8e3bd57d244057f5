import type { AccessKey, AccessKeyStatus, LastUse } from '../../../../handlers/core/model/access-key';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Milliseconds } from '../../../../contract/instant';
import type { Attempt, CurrentKey, Journal, PreviousKey } from '../../../../handlers/core/model/journal';
import { decide, needsLastUse, type UserFacts } from '../../../../handlers/core/retirement/decide';
import type { Decision } from '../../../../handlers/core/retirement/decision';
import type { Settings } from '../../../../contract/settings';
import { journalWith, NOON, settingsOf } from '../../support/fixtures';

/*
 * The rules of retirement as a table: a situation, and what is due in it. Unless a row says otherwise: PREVIOUS was
 * replaced by CURRENT at noon, the overlap is 24 h, the grace period 7 days, the maximum key age 90 days, nothing uses
 * PREVIOUS, and every key is Active. PREVIOUS was 60 days old when it was replaced.
 */

const OVERLAP = 24 * HOUR;
const GRACE = 7 * DAY;
const DEACTIVATED_AT = OVERLAP;
const GRACE_END = DEACTIVATED_AT + GRACE;
/** When PREVIOUS is exactly 90 days old. */
const TOO_OLD = 30 * DAY;
/** The longest that an application which works as it should may go on using the key, after it was replaced. */
const REFRESH = 90 * MINUTE;
const QUIET = 30 * HOUR;
const LISTING_LAG = 60 * SECOND;
const READ_LAG = 20 * SECOND;
const MS = 1;

interface Given {
  /** How long after noon it is. */
  readonly after: Milliseconds;
  readonly settings?: Partial<Settings>;
  /** Of the entry of PREVIOUS in the journal; `gone`: it has none. */
  readonly previous?: Partial<PreviousKey> | 'gone';
  readonly older?: Partial<PreviousKey>;
  readonly current?: Partial<CurrentKey> | 'none';
  readonly attempt?: Partial<Attempt>;
  readonly wanted?: Journal['wanted'];
  /** What IAM lists; `gone`: it does not. */
  readonly keys?: Readonly<Record<string, AccessKeyStatus | 'gone' | Partial<AccessKey>>>;
  /** How long after noon each key was used last. */
  readonly used?: Readonly<Record<string, Milliseconds>>;
  readonly labels?: UserFacts['labels'];
  readonly rotationEnabled?: boolean | 'unknown';
}

/** What is given in a situation, and what is due in it. */
type Row = readonly [given: Given, ...due: readonly string[]];

const at = (after: Milliseconds): Instant => NOON + after;
const USE: Omit<LastUse, 'at'> = { service: 's3', region: 'eu-west-1' };

const BORN: Readonly<Record<string, Instant>> = { CURRENT: at(-HOUR), PREVIOUS: at(-60 * DAY) };

function factsOf(given: Given): UserFacts {
  const current: CurrentKey | undefined =
    given.current === 'none'
      ? undefined
      : { keyId: 'CURRENT', versionId: 'v-current', since: NOON, ...given.current };
  const entry = (keyId: string, change: Partial<PreviousKey>): PreviousKey => ({
    keyId,
    versionId: `v-${keyId.toLowerCase()}`,
    replacedAt: NOON,
    phase: 'overlap',
    ...change,
  });
  const previous = [
    ...(given.previous === 'gone' ? [] : [entry('PREVIOUS', given.previous ?? {})]),
    ...(given.older === undefined ? [] : [entry('OLDER', given.older)]),
  ];
  const attempt: Attempt | undefined = given.attempt && {
    token: 'v-new',
    kind: 'rotation',
    keysBefore: ['CURRENT', 'PREVIOUS'],
    announcedAt: NOON,
    until: at(MINUTE),
    currentVersionId: 'v-current',
    keyId: 'NEW',
    ...given.attempt,
  };
  const listed: NonNullable<Given['keys']> = {
    ...(current === undefined ? {} : { CURRENT: 'Active' as const }),
    ...(given.previous === 'gone' ? {} : { PREVIOUS: 'Active' as const }),
    ...given.keys,
  };
  const keys = Object.entries(listed).flatMap(([id, is]): AccessKey[] => {
    if (is === 'gone') return [];
    const key: AccessKey = { id, status: 'Active', createdAt: BORN[id] ?? at(-10 * DAY) };
    return [typeof is === 'string' ? { ...key, status: is } : { ...key, ...is }];
  });
  const facts = {
    now: at(given.after),
    settings: settingsOf(given.settings),
    journal: journalWith({ current, previous, attempt, wanted: given.wanted }),
    labels: given.labels ?? { AWSCURRENT: 'v-current', AWSPREVIOUS: 'v-previous' },
    rotationEnabled: given.rotationEnabled === 'unknown' ? undefined : (given.rotationEnabled ?? true),
    keys,
  };
  return { ...facts, lastUses: lookedUp(facts, given.used ?? {}) };
}

/** Only what `needsLastUse` names is looked up; a decision that rests on anything else is a bug. */
function lookedUp(facts: Omit<UserFacts, 'lastUses'>, used: NonNullable<Given['used']>) {
  const needed = new Set(needsLastUse(facts));
  const lastUses = new Map<string, LastUse | undefined>();
  lastUses.get = (keyId) => {
    if (!needed.has(keyId)) throw new Error(`the last use of ${keyId} was never looked up`);
    const after = used[keyId];
    return after === undefined ? undefined : { ...USE, at: at(after) };
  };
  return lastUses;
}

/** `deactivate PREVIOUS`, `hold PREVIOUS: stillInUse`, `report unmanagedKey STRANGER`. */
function inWords(decision: Decision): string {
  switch (decision.kind) {
    case 'act':
      return [decision.what, decision.keyId].filter(Boolean).join(' ');
    case 'hold':
      return `hold ${decision.keyId}: ${decision.cause}`;
    case 'report':
      return ['report', decision.fault, decision.keyId].filter(Boolean).join(' ');
    case 'notice':
      return ['notice', decision.about, decision.keyId].filter(Boolean).join(' ');
  }
}

const WITHIN_62_DAYS: Partial<Settings> = { rotatedWithinSeconds: (62 * DAY) / SECOND };
const deactivated = (change: Partial<PreviousKey> = {}): Partial<PreviousKey> => ({
  phase: 'deactivated',
  deactivatedAt: at(DEACTIVATED_AT),
  ...change,
});
const takenOver = (change: Partial<PreviousKey> = {}): Partial<PreviousKey> => ({
  origin: 'takenOver',
  versionId: undefined,
  ...change,
});
const exemptedUntil = (end: Milliseconds): Partial<Settings> => ({
  exemption: { reason: 'the yearly audit', until: at(end) },
});
const EXEMPTED = exemptedUntil(365 * DAY);
const INACTIVE = { PREVIOUS: 'Inactive' } as const;

/** By rule and situation. */
const RULES: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  'the overlap': {
    'it was replaced this moment': [{ after: 0 }],
    'one ms before the overlap ends': [{ after: OVERLAP - MS }],
    'the overlap ends': [{ after: OVERLAP }, 'deactivate PREVIOUS'],
    'one ms after the overlap ended': [{ after: OVERLAP + MS }, 'deactivate PREVIOUS'],
    'the sweep did not run for days': [{ after: OVERLAP + 5 * DAY }, 'deactivate PREVIOUS'],
    'an overlap of 0': [{ after: 0, settings: { overlapSeconds: 0 } }, 'deactivate PREVIOUS'],
    'a person deactivated it within the overlap': [{ after: OVERLAP - MS, keys: INACTIVE }],
    'a person deactivated it, and the overlap is over: only our own deactivation begins the grace period': [
      { after: OVERLAP, keys: INACTIVE },
      'deactivate PREVIOUS',
    ],
    'IAM does not list it, maybe not yet': [{ after: LISTING_LAG, keys: { PREVIOUS: 'gone' } }],
    'IAM does not list it, and that is no lag any more': [
      { after: LISTING_LAG + MS, keys: { PREVIOUS: 'gone' } },
      'forget PREVIOUS',
    ],
    'IAM lists no key at all, not even the current one: no answer to forget a key for': [
      { after: LISTING_LAG + MS, keys: { PREVIOUS: 'gone', CURRENT: 'gone' } },
      'report currentNotWorking CURRENT',
    ],
    'a status that IAM did not have': [
      { after: OVERLAP, keys: { PREVIOUS: 'Unknown' } },
      'report unknownState PREVIOUS',
    ],
    'a status that IAM did not have, within the overlap': [
      { after: 0, keys: { PREVIOUS: 'Unknown' } },
      'report unknownState PREVIOUS',
    ],
    'its deactivation died half-way, before the call': [
      { after: OVERLAP, previous: { phase: 'deactivating' } },
      'deactivate PREVIOUS',
    ],
    'its deactivation died half-way, after the call': [
      { after: OVERLAP, previous: { phase: 'deactivating' }, keys: INACTIVE },
      'deactivate PREVIOUS',
    ],
    'a rollback to it got no further': [
      { after: DAY, previous: { phase: 'reactivating' } },
      'finish PREVIOUS',
    ],
    'a rollback to it got no further than its announcement': [
      { after: DAY, previous: { phase: 'reactivating' }, keys: INACTIVE },
      'finish PREVIOUS',
    ],
  },

  'still in use': {
    'used only before it was replaced': [{ after: OVERLAP, used: { PREVIOUS: -MS } }, 'deactivate PREVIOUS'],
    'used while applications refresh what they cached': [
      { after: OVERLAP, used: { PREVIOUS: REFRESH } },
      'deactivate PREVIOUS',
    ],
    'used one ms later than that': [
      { after: OVERLAP, used: { PREVIOUS: REFRESH + MS } },
      'hold PREVIOUS: stillInUse',
    ],
    'used this moment': [{ after: 3 * DAY, used: { PREVIOUS: 3 * DAY } }, 'hold PREVIOUS: stillInUse'],
    'quiet for one ms less than the quiet time': [
      { after: 3 * DAY, used: { PREVIOUS: 3 * DAY - QUIET + MS } },
      'hold PREVIOUS: stillInUse',
    ],
    'quiet for the quiet time': [
      { after: 3 * DAY, used: { PREVIOUS: 3 * DAY - QUIET } },
      'deactivate PREVIOUS',
    ],
    'held until now, and quiet at last: released': [
      {
        after: 9 * DAY,
        used: { PREVIOUS: 5 * DAY },
        previous: { hold: { cause: 'stillInUse', since: at(DAY) } },
      },
      'deactivate PREVIOUS',
    ],
    'held until now, and in use': [
      {
        after: 9 * DAY,
        used: { PREVIOUS: 9 * DAY - HOUR },
        previous: { hold: { cause: 'stillInUse', since: at(DAY) } },
      },
      'hold PREVIOUS: stillInUse',
    ],
    'in use within its overlap: nothing is asked, nothing is said': [
      { after: OVERLAP - MS, used: { PREVIOUS: 20 * HOUR } },
    ],
    'in use, and the configuration says retire': [
      { after: OVERLAP, used: { PREVIOUS: 20 * HOUR }, settings: { whenStillInUse: 'retire' } },
      'deactivate PREVIOUS',
      'notice retiredWhileInUse PREVIOUS',
    ],
    'unused, and the configuration says retire': [
      { after: OVERLAP, settings: { whenStillInUse: 'retire' } },
      'deactivate PREVIOUS',
    ],
    'held at the maximum key age': [
      { after: TOO_OLD, used: { PREVIOUS: TOO_OLD - HOUR } },
      'hold PREVIOUS: stillInUse',
    ],
    'held past the maximum key age: an alarm of its own': [
      { after: TOO_OLD + MS, used: { PREVIOUS: TOO_OLD - HOUR } },
      'hold PREVIOUS: stillInUse',
      'report heldPastMaximumAge PREVIOUS',
      'report keyPastMaximumAge PREVIOUS',
    ],
    'in use, but a person deactivated it': [
      { after: OVERLAP, used: { PREVIOUS: 20 * HOUR }, keys: INACTIVE },
      'deactivate PREVIOUS',
    ],
  },

  'the current key has to be there to take over': {
    'it is Inactive when the overlap is over': [
      { after: OVERLAP, keys: { CURRENT: 'Inactive' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it is gone when the overlap is over': [
      { after: OVERLAP, keys: { CURRENT: 'gone' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'its status is unknown when the overlap is over': [
      { after: OVERLAP, keys: { CURRENT: 'Unknown' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it is so new that IAM may not list it yet': [
      { after: LISTING_LAG, keys: { CURRENT: 'gone' }, settings: { overlapSeconds: 0 } },
      'hold PREVIOUS: currentNotWorking',
    ],
    'it should be listed by now': [
      { after: LISTING_LAG + MS, keys: { CURRENT: 'gone' }, settings: { overlapSeconds: 0 } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it does not work within the overlap': [
      { after: HOUR, keys: { CURRENT: 'Inactive' } },
      'report currentNotWorking CURRENT',
    ],
    'it does not work, and a deactivation died half-way': [
      { after: OVERLAP, previous: { phase: 'deactivating' }, keys: { CURRENT: 'Inactive' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it does not work when the grace period is over': [
      { after: GRACE_END, previous: deactivated(), keys: { ...INACTIVE, CURRENT: 'Inactive' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it does not work when a re-activated key is Inactive again': [
      {
        after: 2 * DAY,
        previous: deactivated({ reactivatedSeenAt: at(DAY + HOUR) }),
        keys: { ...INACTIVE, CURRENT: 'gone' },
      },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
    'it does not work, and the previous key leaked': [
      { after: HOUR, previous: { leaked: 'delete' }, keys: { CURRENT: 'Inactive' } },
      'hold PREVIOUS: currentNotWorking',
      'report currentNotWorking CURRENT',
    ],
  },

  'the grace period': {
    'one ms before it ends': [{ after: GRACE_END - MS, previous: deactivated(), keys: INACTIVE }],
    'it ends': [{ after: GRACE_END, previous: deactivated(), keys: INACTIVE }, 'delete PREVIOUS'],
    'one ms after it ended': [
      { after: GRACE_END + MS, previous: deactivated(), keys: INACTIVE },
      'delete PREVIOUS',
    ],
    'a grace period of 0': [
      { after: OVERLAP, previous: deactivated(), keys: INACTIVE, settings: { gracePeriodSeconds: 0 } },
      'delete PREVIOUS',
    ],
    'it counts from our deactivation, not from the replacement': [
      { after: 20 * DAY, previous: deactivated({ deactivatedAt: at(14 * DAY) }), keys: INACTIVE },
    ],
    'a person deleted it': [
      { after: 2 * DAY, previous: deactivated(), keys: { PREVIOUS: 'gone' } },
      'forget PREVIOUS',
    ],
    'its status is unknown when it ends': [
      { after: GRACE_END, previous: deactivated(), keys: { PREVIOUS: 'Unknown' } },
      'report unknownState PREVIOUS',
    ],
    'nobody wrote down when it was deactivated: deactivated anew, never deleted': [
      { after: 20 * DAY, previous: deactivated({ deactivatedAt: undefined }), keys: INACTIVE },
      'deactivate PREVIOUS',
    ],
  },

  'a retired key that a person re-activated': {
    'within its grace period': [
      { after: 2 * DAY, previous: deactivated() },
      'hold PREVIOUS: reactivatedByPerson',
    ],
    'when its grace period is over': [
      { after: GRACE_END, previous: deactivated() },
      'hold PREVIOUS: reactivatedByPerson',
    ],
    'and that was seen before': [
      { after: GRACE_END, previous: deactivated({ reactivatedSeenAt: at(2 * DAY) }) },
      'hold PREVIOUS: reactivatedByPerson',
    ],
    'past the maximum key age': [
      { after: TOO_OLD + MS, previous: deactivated() },
      'hold PREVIOUS: reactivatedByPerson',
      'report heldPastMaximumAge PREVIOUS',
      'report keyPastMaximumAge PREVIOUS',
    ],
    'and deactivated again: its grace period begins anew with a deactivation of ours': [
      { after: GRACE_END + DAY, previous: deactivated({ reactivatedSeenAt: at(2 * DAY) }), keys: INACTIVE },
      'deactivate PREVIOUS',
    ],
    'and deactivated again, and then by us: one ms before its new grace period ends': [
      {
        after: 20 * DAY + GRACE - MS,
        previous: deactivated({ deactivatedAt: at(20 * DAY) }),
        keys: INACTIVE,
      },
    ],
    'and deactivated again, and then by us: when its new grace period ends': [
      { after: 20 * DAY + GRACE, previous: deactivated({ deactivatedAt: at(20 * DAY) }), keys: INACTIVE },
      'delete PREVIOUS',
    ],
    'although it leaked: never fought over': [
      { after: 2 * DAY, previous: deactivated({ leaked: 'delete' }) },
      'hold PREVIOUS: reactivatedByPerson',
    ],
    'although the configuration says retire': [
      { after: GRACE_END, previous: deactivated(), settings: { whenStillInUse: 'retire' } },
      'hold PREVIOUS: reactivatedByPerson',
    ],
  },

  'a leaked key': {
    'previous, to be deleted: deactivated within its overlap': [
      { after: 0, previous: { leaked: 'delete' } },
      'deactivate PREVIOUS',
    ],
    'previous, to be deactivated: deactivated within its overlap': [
      { after: 0, previous: { leaked: 'deactivate' } },
      'deactivate PREVIOUS',
    ],
    'previous, and in use: deactivated all the same': [
      { after: OVERLAP, previous: { leaked: 'delete' }, used: { PREVIOUS: OVERLAP } },
      'deactivate PREVIOUS',
    ],
    'to be deleted, and deactivated: no grace period': [
      { after: DEACTIVATED_AT, previous: deactivated({ leaked: 'delete' }), keys: INACTIVE },
      'delete PREVIOUS',
    ],
    'to be deactivated, and deactivated: one ms before its grace period ends': [
      { after: GRACE_END - MS, previous: deactivated({ leaked: 'deactivate' }), keys: INACTIVE },
    ],
    'to be deactivated, and deactivated: when its grace period ends': [
      { after: GRACE_END, previous: deactivated({ leaked: 'deactivate' }), keys: INACTIVE },
      'delete PREVIOUS',
    ],
    'current, and a slot is free: a rotation': [
      { after: HOUR, current: { leaked: true }, previous: 'gone' },
      'requestRotation',
      'report currentKeyLeaked CURRENT',
    ],
    'current, and no slot is free': [
      { after: HOUR, current: { leaked: true } },
      'report rotationWaits',
      'report currentKeyLeaked CURRENT',
    ],
  },

  'AWSCURRENT was moved': {
    'back to the previous key, in its overlap': [
      { after: HOUR, labels: { AWSCURRENT: 'v-previous' } },
      'finish PREVIOUS',
    ],
    'back to a key whose deactivation died half-way': [
      { after: DAY, previous: { phase: 'deactivating' }, labels: { AWSCURRENT: 'v-previous' } },
      'reactivate PREVIOUS',
    ],
    'back to a key that we deactivated': [
      { after: 2 * DAY, previous: deactivated(), keys: INACTIVE, labels: { AWSCURRENT: 'v-previous' } },
      'reactivate PREVIOUS',
    ],
    'back to a key that we deactivated and a person re-activated': [
      { after: 2 * DAY, previous: deactivated(), labels: { AWSCURRENT: 'v-previous' } },
      'reactivate PREVIOUS',
    ],
    'back to a key whose re-activation died half-way': [
      {
        after: 2 * DAY,
        previous: { phase: 'reactivating' },
        keys: INACTIVE,
        labels: { AWSCURRENT: 'v-previous' },
      },
      'reactivate PREVIOUS',
    ],
    'back to a key that we deactivated, when its grace period is over: not deleted': [
      { after: GRACE_END, previous: deactivated(), keys: INACTIVE, labels: { AWSCURRENT: 'v-previous' } },
      'reactivate PREVIOUS',
    ],
    'back to the one before the previous': [
      { after: OVERLAP, older: {}, keys: { OLDER: 'Active' }, labels: { AWSCURRENT: 'v-older' } },
      'finish OLDER',
    ],
    'to a version that the journal does not know: nothing is touched': [
      { after: GRACE_END, previous: deactivated(), keys: INACTIVE, labels: { AWSCURRENT: 'v-foreign' } },
      'report unknownState',
    ],
    'a moment ago, by ourselves: DescribeSecret may not show it yet': [
      { after: READ_LAG - MS, labels: { AWSCURRENT: 'v-previous' } },
    ],
    'longer ago than DescribeSecret may lag': [
      { after: READ_LAG, labels: { AWSCURRENT: 'v-previous' } },
      'finish PREVIOUS',
    ],
    'off every version': [{ after: OVERLAP, labels: {} }, 'report unknownState'],
    'off every version, and the previous key was never in the secret': [
      { after: OVERLAP, previous: takenOver(), settings: { takeOver: 'all' }, labels: {} },
      'report unknownState',
    ],
    'nowhere yet: there is no first key': [
      { after: OVERLAP, current: 'none', previous: 'gone', labels: {} },
      'report unknownState',
    ],
  },

  'an attempt at a new key': {
    'is under way: nothing is done, whatever is overdue': [
      {
        after: DAY - MS,
        attempt: {},
        labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' },
        settings: { overlapSeconds: 0 },
      },
    ],
    'has been under way for a day: stuck': [
      { after: DAY, attempt: {}, labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' } },
      'report rotationStuck NEW',
    ],
    'is stuck before it made a key': [
      { after: DAY, attempt: { keyId: undefined }, labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' } },
      'report rotationStuck',
    ],
    'was promoted, and the journal does not know': [
      { after: HOUR, attempt: {}, labels: { AWSCURRENT: 'v-new' } },
      'finish NEW',
    ],
    'was promoted, and AWSPENDING was not taken off': [
      { after: HOUR, attempt: {}, labels: { AWSCURRENT: 'v-new', AWSPENDING: 'v-new' } },
      'finish NEW',
    ],
    'was abandoned, and its last call may still be on its way': [
      { after: MINUTE + 2 * SECOND + LISTING_LAG - MS, attempt: {} },
    ],
    'was abandoned': [{ after: MINUTE + 2 * SECOND + LISTING_LAG, attempt: {} }, 'reap NEW'],
    'was abandoned, and nobody knows its key': [{ after: HOUR, attempt: { keyId: undefined } }, 'reap'],
    'was abandoned for another rotation': [
      { after: HOUR, attempt: {}, labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-newer' } },
      'reap NEW',
    ],
    'was abandoned, and AWSCURRENT moved: one thing after the other': [
      { after: HOUR, attempt: {}, labels: { AWSCURRENT: 'v-previous' } },
      'reap NEW',
    ],
  },

  'an unmanaged key': {
    'is reported': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: 'Active' } },
      'report unmanagedKey STRANGER',
    ],
    'is reported when it is Inactive, too': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: 'Inactive' } },
      'report unmanagedKey STRANGER',
    ],
    'may be that of a rotation that has just begun': [
      { after: 5 * MINUTE - MS, previous: 'gone', keys: { STRANGER: { createdAt: NOON } } },
    ],
    'is no longer that young': [
      { after: 5 * MINUTE, previous: 'gone', keys: { STRANGER: { createdAt: NOON } } },
      'report unmanagedKey STRANGER',
    ],
    'is taken over where all are': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: 'Active' }, settings: { takeOver: 'all' } },
      'takeOver STRANGER',
    ],
    'is taken over where it is named': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: 'Active' }, settings: { takeOver: ['STRANGER'] } },
      'takeOver STRANGER',
    ],
    'is only reported where another is named': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: 'Active' }, settings: { takeOver: ['ANOTHER'] } },
      'report unmanagedKey STRANGER',
    ],
    'is not taken over while the current key does not work': [
      {
        after: HOUR,
        previous: 'gone',
        keys: { STRANGER: 'Active', CURRENT: 'Inactive' },
        settings: { takeOver: 'all' },
      },
      'report unmanagedKey STRANGER',
      'report currentNotWorking CURRENT',
    ],
    'past the maximum key age is reported as both': [
      { after: HOUR, previous: 'gone', keys: { STRANGER: { createdAt: at(HOUR - 90 * DAY - MS) } } },
      'report unmanagedKey STRANGER',
      'report keyPastMaximumAge STRANGER',
    ],
  },

  'a key that was taken over': {
    'has an overlap like any other': [
      { after: OVERLAP - MS, previous: takenOver(), settings: { takeOver: 'all' } },
    ],
    'is deactivated after it': [
      { after: OVERLAP, previous: takenOver(), settings: { takeOver: 'all' } },
      'deactivate PREVIOUS',
    ],
    'has at least 6 h': [
      { after: 6 * HOUR - MS, previous: takenOver(), settings: { takeOver: 'all', overlapSeconds: 0 } },
    ],
    'has 6 h': [
      { after: 6 * HOUR, previous: takenOver(), settings: { takeOver: 'all', overlapSeconds: 0 } },
      'deactivate PREVIOUS',
    ],
    'is held also when it was used before it was taken over: nobody reads the secret instead': [
      { after: OVERLAP, previous: takenOver(), settings: { takeOver: 'all' }, used: { PREVIOUS: -HOUR } },
      'hold PREVIOUS: stillInUse',
    ],
    'is held also where the configuration says retire': [
      {
        after: OVERLAP,
        previous: takenOver(),
        settings: { takeOver: 'all', whenStillInUse: 'retire' },
        used: { PREVIOUS: HOUR },
      },
      'hold PREVIOUS: stillInUse',
    ],
    'is released after the quiet time': [
      {
        after: OVERLAP,
        previous: takenOver(),
        settings: { takeOver: 'all' },
        used: { PREVIOUS: OVERLAP - QUIET },
      },
      'deactivate PREVIOUS',
    ],
    'and is named stays so': [
      { after: OVERLAP, previous: takenOver(), settings: { takeOver: ['PREVIOUS'] } },
      'deactivate PREVIOUS',
    ],
    'and is no longer named is forgotten': [{ after: 0, previous: takenOver() }, 'forget PREVIOUS'],
    'and is no longer named is forgotten, also when its grace period is over': [
      {
        after: GRACE_END,
        previous: takenOver(deactivated()),
        keys: INACTIVE,
        settings: { takeOver: ['ANOTHER'] },
      },
      'forget PREVIOUS',
    ],
    'is deleted when its grace period ends': [
      { after: GRACE_END, previous: takenOver(deactivated()), keys: INACTIVE, settings: { takeOver: 'all' } },
      'delete PREVIOUS',
    ],
  },

  'a rotation that is wanted': {
    'is requested once a slot is free': [
      { after: HOUR, previous: 'gone', wanted: { since: NOON, reason: 'both key slots are taken' } },
      'requestRotation',
    ],
    'waits for a slot': [
      { after: HOUR, wanted: { since: NOON, reason: 'both key slots are taken' } },
      'report rotationWaits',
    ],
    'waits for the key whose grace period is over: one act at a time': [
      { after: GRACE_END, previous: deactivated(), keys: INACTIVE, wanted: { since: NOON, reason: 'slots' } },
      'delete PREVIOUS',
      'report rotationWaits',
    ],
    'waits while rotation is switched off': [
      { after: HOUR, previous: 'gone', wanted: { since: NOON, reason: 'slots' }, rotationEnabled: false },
      'report rotationWaits',
    ],
    'is requested where Secrets Manager leaves out whether rotation is on': [
      { after: HOUR, previous: 'gone', wanted: { since: NOON, reason: 'slots' }, rotationEnabled: 'unknown' },
      'requestRotation',
    ],
    'is on its way already': [
      {
        after: DAY - MS,
        previous: 'gone',
        wanted: { since: NOON, reason: 'slots' },
        labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' },
      },
    ],
    'has been on its way for a day': [
      {
        after: DAY,
        previous: 'gone',
        wanted: { since: NOON, reason: 'slots' },
        labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' },
      },
      'report rotationWaits',
    ],
    'is requested where AWSPENDING stayed on the current version': [
      {
        after: HOUR,
        previous: 'gone',
        wanted: { since: NOON, reason: 'slots' },
        labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-current' },
      },
      'requestRotation',
    ],
  },

  'an exempted user': {
    'within the overlap': [{ after: 0, settings: EXEMPTED }, 'notice exempted'],
    'whose previous key is overdue': [{ after: OVERLAP, settings: EXEMPTED }, 'notice exempted'],
    'whose previous key is in use': [
      { after: OVERLAP, settings: EXEMPTED, used: { PREVIOUS: OVERLAP } },
      'notice exempted',
    ],
    'whose grace period is over': [
      { after: GRACE_END, settings: EXEMPTED, previous: deactivated(), keys: INACTIVE },
      'notice exempted',
    ],
    'whose key is too old: exempted from acts, not from reports': [
      { after: TOO_OLD + MS, settings: EXEMPTED },
      'notice exempted',
      'report keyPastMaximumAge PREVIOUS',
    ],
    'whose current key does not work': [
      { after: HOUR, settings: EXEMPTED, keys: { CURRENT: 'Inactive' } },
      'notice exempted',
      'report currentNotWorking CURRENT',
    ],
    'whose attempt was abandoned: its key would stay behind, Active and in nobody’s use': [
      { after: HOUR, settings: EXEMPTED, attempt: {} },
      'reap NEW',
      'notice exempted',
    ],
    'whose attempt was promoted: it is finished': [
      { after: HOUR, settings: EXEMPTED, attempt: {}, labels: { AWSCURRENT: 'v-new' } },
      'finish NEW',
      'notice exempted',
    ],
    'whose label was moved back: the journal follows': [
      { after: HOUR, settings: EXEMPTED, labels: { AWSCURRENT: 'v-previous' } },
      'finish PREVIOUS',
      'notice exempted',
    ],
    'whose served key we had deactivated': [
      {
        after: 2 * DAY,
        settings: EXEMPTED,
        previous: deactivated(),
        keys: INACTIVE,
        labels: { AWSCURRENT: 'v-previous' },
      },
      'reactivate PREVIOUS',
      'notice exempted',
    ],
    'who wants a rotation': [
      { after: HOUR, settings: EXEMPTED, previous: 'gone', wanted: { since: NOON, reason: 'slots' } },
      'notice exempted',
    ],
    'who has a key to take over': [
      {
        after: HOUR,
        settings: { ...EXEMPTED, takeOver: 'all' },
        previous: 'gone',
        keys: { STRANGER: 'Active' },
      },
      'notice exempted',
    ],
    'whose key leaked, to be deleted: deactivated': [
      { after: HOUR, settings: EXEMPTED, previous: { leaked: 'delete' } },
      'deactivate PREVIOUS',
      'notice exempted',
    ],
    'whose key leaked, to be deleted, and is deactivated: deleted': [
      {
        after: DEACTIVATED_AT,
        settings: EXEMPTED,
        previous: deactivated({ leaked: 'delete' }),
        keys: INACTIVE,
      },
      'delete PREVIOUS',
      'notice exempted',
    ],
    'whose key leaked, to be deactivated: deactivated': [
      { after: HOUR, settings: EXEMPTED, previous: { leaked: 'deactivate', phase: 'deactivating' } },
      'deactivate PREVIOUS',
      'notice exempted',
    ],
    'whose key leaked and is deactivated: kept until the exemption ends': [
      {
        after: GRACE_END,
        settings: EXEMPTED,
        previous: deactivated({ leaked: 'deactivate' }),
        keys: INACTIVE,
      },
      'notice exempted',
    ],
    'whose current key leaked': [
      { after: HOUR, settings: EXEMPTED, current: { leaked: true }, previous: 'gone' },
      'notice exempted',
      'report currentKeyLeaked CURRENT',
    ],
    'more than 14 days before the end': [
      { after: OVERLAP, settings: exemptedUntil(OVERLAP + 14 * DAY + MS) },
      'notice exempted',
    ],
    '14 days before the end': [
      { after: OVERLAP, settings: exemptedUntil(OVERLAP + 14 * DAY) },
      'notice exempted',
      'report exemptionEndsSoon',
    ],
    'one ms before the end': [
      { after: OVERLAP, settings: exemptedUntil(OVERLAP + MS) },
      'notice exempted',
      'report exemptionEndsSoon',
    ],
    'at the end': [{ after: OVERLAP, settings: exemptedUntil(OVERLAP) }, 'deactivate PREVIOUS'],
  },

  'the maximum key age': {
    'is reached': [{ after: 90 * DAY - HOUR, previous: 'gone' }],
    'is exceeded by one ms': [
      { after: 90 * DAY - HOUR + MS, previous: 'gone' },
      'report keyPastMaximumAge CURRENT',
    ],
    'is not asked of a key that is Inactive': [
      { after: TOO_OLD + MS, previous: deactivated({ deactivatedAt: at(TOO_OLD) }), keys: INACTIVE },
    ],
  },

  'a rotation that did not come': {
    'is waited for as long as the schedule allows, and a day': [
      { after: 63 * DAY, previous: 'gone', settings: WITHIN_62_DAYS },
    ],
    'is overdue from then on': [
      { after: 63 * DAY + MS, previous: 'gone', settings: WITHIN_62_DAYS },
      'report rotationOverdue',
    ],
    'is overdue as well while an attempt gets no further': [
      {
        after: 63 * DAY + MS,
        previous: 'gone',
        settings: WITHIN_62_DAYS,
        attempt: {},
        labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' },
      },
      'report rotationStuck NEW',
      'report rotationOverdue',
    ],
    'is not waited for while the user is exempted': [
      {
        after: 63 * DAY + MS,
        previous: 'gone',
        settings: { ...WITHIN_62_DAYS, ...exemptedUntil(200 * DAY) },
      },
      'notice exempted',
    ],
    'cannot be told from settings that an earlier version wrote': [{ after: 80 * DAY, previous: 'gone' }],
  },

  'two previous keys': {
    'the oldest first, and one act at a time': [
      { after: GRACE_END, older: deactivated(), keys: { OLDER: 'Inactive' } },
      'delete OLDER',
    ],
    'a hold of the one does not keep the other': [
      { after: GRACE_END, older: deactivated(), keys: { OLDER: 'Active' } },
      'hold OLDER: reactivatedByPerson',
      'deactivate PREVIOUS',
    ],
    'holds of both are told': [
      { after: GRACE_END, older: deactivated(), keys: { OLDER: 'Active' }, used: { PREVIOUS: GRACE_END } },
      'hold OLDER: reactivatedByPerson',
      'hold PREVIOUS: stillInUse',
    ],
  },
};

describe.each(Object.entries(RULES))('%s', (_rule, rows) => {
  for (const [situation, [given, ...due]] of Object.entries(rows)) {
    test(`${situation} (due: ${due.join(', ') || 'nothing'})`, () => {
      expect(decide(factsOf(given)).decisions.map(inWords)).toEqual(due);
    });
  }
});

test('whatever the situation, there is at most one act, and each decision says why', () => {
  for (const [given] of Object.values(RULES).flatMap((rows) => Object.values(rows))) {
    const { decisions } = decide(factsOf(given));
    expect(decisions.filter(({ kind }) => kind === 'act').length).toBeLessThanOrEqual(1);
    for (const { reason } of decisions) expect(reason).toMatch(/\S/);
  }
});

describe('holds are decided', () => {
  test.each<[string, Given, boolean]>([
    ['where it came to the previous keys', { after: OVERLAP }, true],
    ['and not while an attempt is unsettled', { after: HOUR, attempt: {} }, false],
    [
      'and not while AWSCURRENT is on a foreign version',
      { after: HOUR, labels: { AWSCURRENT: 'v-foreign' } },
      false,
    ],
    ['and not while the user is exempted', { after: OVERLAP, settings: EXEMPTED }, false],
  ])('%s', (_situation, given, decided) => {
    expect(decide(factsOf(given)).holdsDecided).toBe(decided);
  });
});

describe('the last use of a previous key is looked up', () => {
  test.each<[string, Given, readonly string[]]>([
    ['not within its overlap', { after: OVERLAP - MS }, []],
    ['once its overlap is over', { after: OVERLAP }, ['PREVIOUS']],
    ['not where it is Inactive', { after: OVERLAP, keys: INACTIVE }, []],
    ['not where it is gone', { after: OVERLAP, keys: { PREVIOUS: 'gone' } }, []],
    ['not where we deactivated it', { after: GRACE_END, previous: deactivated() }, []],
    [
      'not within the 6 h of one that was taken over',
      { after: HOUR, previous: takenOver(), settings: { overlapSeconds: 0 } },
      [],
    ],
  ])('%s', (_situation, given, ids) => {
    expect(needsLastUse(factsOf(given))).toEqual(ids);
  });
});

describe('what a person reads', () => {
  const reasonOf = (given: Given, word: string): string =>
    decide(factsOf(given)).decisions.find((decision) => inWords(decision).includes(word))!.reason;

  test('of a hold because of use: when, for what and where it was used, and since when it should not be', () => {
    expect(reasonOf({ after: OVERLAP, used: { PREVIOUS: 20 * HOUR } }, 'stillInUse')).toBe(
      'Still in use: last used at 2026-01-16T08:00:00.000Z for s3 in eu-west-1; it was replaced at 2026-01-15T12:00:00.000Z.',
    );
  });

  test('of a deactivation: when the overlap ended', () => {
    expect(reasonOf({ after: 3 * DAY }, 'deactivate')).toContain('2026-01-16T12:00:00.000Z');
  });

  test('of a deletion: when the grace period ended, or that it leaked', () => {
    const given = { after: GRACE_END, previous: deactivated(), keys: INACTIVE };
    expect(reasonOf(given, 'delete')).toContain('2026-01-23T12:00:00.000Z');
    expect(reasonOf({ ...given, previous: deactivated({ leaked: 'delete' }) }, 'delete')).toContain('leaked');
  });

  test('of an exemption: its reason and its end', () => {
    const given = { after: 0, settings: exemptedUntil(DAY) };
    expect(reasonOf(given, 'exempted')).toBe('Exempted until 2026-01-16T12:00:00.000Z: the yearly audit.');
    expect(reasonOf(given, 'exemptionEndsSoon')).toContain('ci-deployer');
  });

  test.each<[string, Given, string]>([
    ['both slots are taken', { after: HOUR }, 'both slots are taken'],
    ['rotation is off', { after: HOUR, previous: 'gone', rotationEnabled: false }, 'switched off'],
    [
      'another is stuck',
      { after: DAY, previous: 'gone', labels: { AWSCURRENT: 'v-current', AWSPENDING: 'v-new' } },
      'makes no progress',
    ],
  ])('of a rotation that waits: since when, why it is wanted, and that %s', (_why, given, obstacle) => {
    const reason = reasonOf({ ...given, wanted: { since: NOON, reason: 'a good one' } }, 'rotationWaits');
    expect(reason).toContain('2026-01-15T12:00:00.000Z (a good one)');
    expect(reason).toContain(obstacle);
  });

  test('of a foreign version: which it is', () => {
    expect(reasonOf({ after: HOUR, labels: { AWSCURRENT: 'v-foreign' } }, 'unknownState')).toContain(
      'v-foreign',
    );
    expect(reasonOf({ after: HOUR, labels: {} }, 'unknownState')).toContain('no version');
  });

  test('of a current key that does not work: what became of it', () => {
    const given = { after: HOUR };
    const inactive = reasonOf({ ...given, keys: { CURRENT: 'Inactive' } }, 'report currentNotWorking');
    expect(inactive).toBe('The current key is Inactive.');
    const gone = reasonOf({ ...given, keys: { CURRENT: 'gone' } }, 'report currentNotWorking');
    expect(gone).toBe('The current key is gone.');
  });

  test('of a key past the maximum age: how old it is', () => {
    expect(reasonOf({ after: 100 * DAY, previous: 'gone' }, 'keyPastMaximumAge')).toBe(
      'Active and 100 days old.',
    );
  });
});
