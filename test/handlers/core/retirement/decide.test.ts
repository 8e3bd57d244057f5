import type { AccessKey, AccessKeyStatus, LastUse } from '../../../../handlers/core/model/access-key';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Milliseconds } from '../../../../contract/instant';
import type { TargetRecord } from '../../../../handlers/core/model/delivery-journal';
import type { Attempt, CurrentKey, Journal, PreviousKey } from '../../../../handlers/core/model/journal';
import { decide, needsLastUse, type UserFacts } from '../../../../handlers/core/retirement/decide';
import type { SecretDescription } from '../../../../handlers/core/model/ports';
import type { Decision } from '../../../../handlers/core/retirement/decision';
import type { Settings } from '../../../../contract/settings';
import { descriptionOf, journalWith, NOON, settingsOf } from '../../support/fixtures';

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
  /** For which service. */
  readonly usedFor?: string;
  readonly labels?: SecretDescription['labels'];
  readonly rotationEnabled?: boolean | 'unknown';
  /** The name of the function that rotates the secret. */
  readonly rotatedBy?: string;
  readonly deletedDate?: Instant;
  /** The status of the copy in eu-central-1. */
  readonly copy?: SecretDescription['copies'][number]['status'];
  readonly acknowledged?: readonly string[];
  readonly deliveries?: UserFacts['deliveries'];
}

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
    stack: 'iam-key-rotation',
    secret: descriptionOf({
      labels: given.labels ?? { AWSCURRENT: 'v-current', AWSPREVIOUS: 'v-previous' },
      rotationEnabled: given.rotationEnabled === 'unknown' ? undefined : (given.rotationEnabled ?? true),
      rotationFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${given.rotatedBy ?? 'iam-key-rotation-ci-deployer'}`,
      deletedDate: given.deletedDate,
      copies: given.copy === undefined ? [] : [{ region: 'eu-central-1', status: given.copy }],
    }),
    deliveries: given.deliveries,
    acknowledgements: new Map((given.acknowledged ?? []).map((keyId) => [keyId, at(0)])),
    keys,
  };
  return { ...facts, lastUses: lookedUp(facts, given.used ?? {}, given.usedFor) };
}

/** Only what `needsLastUse` names is looked up; a decision that rests on anything else is a bug. */
function lookedUp(
  facts: Omit<UserFacts, 'lastUses'>,
  used: NonNullable<Given['used']>,
  service = USE.service,
) {
  const needed = new Set(needsLastUse(facts));
  const lastUses = new Map<string, LastUse | undefined>();
  lastUses.get = (keyId) => {
    if (!needed.has(keyId)) throw new Error(`the last use of ${keyId} was never looked up`);
    const after = used[keyId];
    return after === undefined ? undefined : { ...USE, service, at: at(after) };
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

type Change = Omit<Partial<Given>, 'after'>;

const lists = (keys: Given['keys']): Change => ({ keys });
const used = (after: Milliseconds): Change => ({ used: { PREVIOUS: after } });
const deactivated = (change: Partial<PreviousKey> = {}): Partial<PreviousKey> => ({
  phase: 'deactivated',
  deactivatedAt: at(DEACTIVATED_AT),
  ...change,
});
/** We deactivated PREVIOUS, and it is Inactive. */
const retired = (change?: Partial<PreviousKey>): Change => ({
  previous: deactivated(change),
  keys: { PREVIOUS: 'Inactive' },
});
const leaked = (until: 'delete' | 'deactivate'): Change => ({ previous: { leaked: until } });
const takeOver = (which: Settings['takeOver']): Change => ({ settings: { takeOver: which } });
const moved = (AWSCURRENT?: string, AWSPENDING?: string): Change => ({ labels: { AWSCURRENT, AWSPENDING } });
const exempted = (end: Milliseconds): Change => ({
  settings: { exemption: { reason: 'the yearly audit', until: at(end) } },
});

const ACTIVE = lists({ PREVIOUS: 'Active' });
const INACTIVE = lists({ PREVIOUS: 'Inactive' });
const UNLISTED = lists({ PREVIOUS: 'gone' });
const UNKNOWN = lists({ PREVIOUS: 'Unknown' });
const CURRENT_INACTIVE = lists({ CURRENT: 'Inactive' });
const CURRENT_GONE = lists({ CURRENT: 'gone' });
const CURRENT_LEAKED: Change = { current: { leaked: true } };
const ALONE: Change = { previous: 'gone' };
const STRANGER: Change = { ...ALONE, keys: { STRANGER: 'Active' } };
const strangerOf = (createdAt: Instant): Change => ({ ...ALONE, keys: { STRANGER: { createdAt } } });
const OLDER_ACTIVE: Change = { older: deactivated(), keys: { OLDER: 'Active' } };

const DEACTIVATING: Change = { previous: { phase: 'deactivating' } };
const REACTIVATING: Change = { previous: { phase: 'reactivating' } };
const HELD: Change = { previous: { hold: { cause: 'stillInUse', since: at(DAY) } } };
const REACTIVATION_SEEN = retired({ reactivatedSeenAt: at(2 * DAY) });
const RETIRED_AGAIN = retired({ deactivatedAt: at(20 * DAY) });
const TAKEN_OVER: Change = { previous: { origin: 'takenOver', versionId: undefined } };
const TAKEN_OVER_AND_RETIRED = retired({ origin: 'takenOver', versionId: undefined });
const TO_DEACTIVATE = retired({ leaked: 'deactivate' });
const TO_DELETE = retired({ leaked: 'delete' });

const EXEMPTED = exempted(365 * DAY);
const SCHEDULED: Change = { settings: { rotatedWithinSeconds: (62 * DAY) / SECOND } };
const NO_OVERLAP: Change = { settings: { overlapSeconds: 0 } };
const NO_GRACE: Change = { settings: { gracePeriodSeconds: 0 } };
const RETIRE: Change = { settings: { whenStillInUse: 'retire' } };
const ALL = takeOver('all');

const ATTEMPT: Change = { attempt: {} };
const KEYLESS_ATTEMPT: Change = { attempt: { keyId: undefined } };
/** When an abandoned attempt has certainly made its last call, and IAM lists what that did. */
const ATTEMPT_OVER = MINUTE + 2 * SECOND + LISTING_LAG;
const WANTED: Change = { wanted: { since: NOON, reason: 'both key slots are taken' } };
const BACK = moved('v-previous');
const PENDING = moved('v-current', 'v-new');
const NO_LABEL = moved();
const DELETED: Change = { deletedDate: at(HOUR) };
const COPY_FAILED: Change = { copy: 'Failed' };
const OFF: Change = { rotationEnabled: false };

const holding = (keyId: string, after: Milliseconds, shape = ''): Partial<TargetRecord> => ({
  delivered: { keyId, versionId: `v-${keyId.toLowerCase()}`, at: at(after), shape },
});
/** The user has a parameter as its target, of which this is known. */
const target = (known?: Partial<TargetRecord>): Change => ({
  settings: { deliver: [{ kind: 'parameter', name: '/payments/aws-key' }] },
  deliveries: known && { targets: [{ target: 'parameter /payments/aws-key', announced: [], ...known }] },
});
const ANNOUNCED = { keyId: 'PREVIOUS', versionId: 'v-previous', at: at(-HOUR) };
const FAILING = { failing: { since: at(MINUTE), attempts: 3, error: 'It said no.' } };
const TARGET_HOLDS_PREVIOUS = target({ ...holding('PREVIOUS', -DAY), ...FAILING });

/** The user has to be acknowledged so, with a reminder after 3 days. */
const waitsFor = (
  by: NonNullable<Settings['acknowledgement']>['by'],
  atMaximumKeyAge: 'hold' | 'retire' = 'hold',
): Change => ({
  settings: { acknowledgement: { by, remindAfterSeconds: REMIND / SECOND, atMaximumKeyAge } },
});
const REMIND = 3 * DAY;
const NOTICE = 7 * DAY;
const WORD = waitsFor('command');
const USE_OF_CURRENT = waitsFor('use');
const EITHER = waitsFor('either');
const OR_RETIRE = waitsFor('command', 'retire');
const said = (...acknowledged: string[]): Change => ({ acknowledged });
const usedCurrent = (after: Milliseconds, usedFor = 's3'): Change => ({
  used: { CURRENT: after },
  usedFor,
});

/** A situation: how long after noon it is, and what is not as usual. */
type Situation = readonly [after: Milliseconds, ...changes: Change[]];

const givenIn = ([after, ...changes]: Situation): Given => ({
  after,
  ...changes.reduce(
    (given, change) => ({
      ...given,
      ...change,
      settings: { ...given.settings, ...change.settings },
      keys: { ...given.keys, ...change.keys },
    }),
    {},
  ),
});

/** What is due, and the situations in which that is due. */
const DUE: Readonly<Record<string, Readonly<Record<string, Situation>>>> = {
  nothing: {
    'CURRENT is acknowledged, and the overlap ends in one ms (R14)': [OVERLAP - MS, WORD, said('CURRENT')],
    'CURRENT is used, and the overlap ends in one ms (R14)': [
      OVERLAP - MS,
      USE_OF_CURRENT,
      usedCurrent(HOUR),
    ],
    'nobody waits for a word, because no key is in its overlap': [GRACE_END - MS, retired(), WORD],
    'there is no previous key that could wait': [20 * DAY, ALONE, WORD],
    'a target got CURRENT so lately that its overlap is not over': [
      OVERLAP + HOUR - MS,
      target(holding('CURRENT', HOUR)),
    ],
    'a delivery has had no time yet': [15 * MINUTE - MS, TARGET_HOLDS_PREVIOUS],
    'PREVIOUS was replaced this moment': [0],
    'the overlap ends in one ms': [OVERLAP - MS],
    'the function that users share rotates the secret': [HOUR, { rotatedBy: 'iam-key-rotation-rotate' }],
    'a version of its function rotates the secret': [HOUR, { rotatedBy: 'iam-key-rotation-ci-deployer:7' }],
    'a person deactivated PREVIOUS within its overlap': [OVERLAP - MS, INACTIVE],
    'IAM does not list PREVIOUS, maybe not yet': [LISTING_LAG, UNLISTED],
    'PREVIOUS is in use within its overlap': [OVERLAP - MS, used(20 * HOUR)],
    'the grace period ends in one ms': [GRACE_END - MS, retired()],
    'the grace period counts from our deactivation, not from the replacement': [20 * DAY, RETIRED_AGAIN],
    'we deactivated PREVIOUS again, and its new grace period ends in one ms': [
      20 * DAY + GRACE - MS,
      RETIRED_AGAIN,
    ],
    'PREVIOUS leaked and was to be deactivated, and its grace period ends in one ms': [
      GRACE_END - MS,
      TO_DEACTIVATE,
    ],
    'we moved AWSCURRENT a moment ago, and DescribeSecret may lag': [READ_LAG - MS, BACK],
    'an attempt is under way, whatever is overdue': [DAY - MS, ATTEMPT, PENDING, NO_OVERLAP],
    'the last call of an abandoned attempt may be on its way': [ATTEMPT_OVER - MS, ATTEMPT],
    'STRANGER may be the key of a rotation that has just begun': [5 * MINUTE - MS, strangerOf(NOON)],
    'the overlap of a key that was taken over ends in one ms': [OVERLAP - MS, TAKEN_OVER, ALL],
    '6 h of a key that was taken over without an overlap end in one ms': [
      6 * HOUR - MS,
      TAKEN_OVER,
      ALL,
      NO_OVERLAP,
    ],
    'a wanted rotation is on its way': [DAY - MS, ALONE, WANTED, PENDING],
    'CURRENT reaches the maximum age': [90 * DAY - HOUR, ALONE],
    'a key past the maximum age is Inactive': [TOO_OLD + MS, retired({ deactivatedAt: at(TOO_OLD) })],
    'the schedule and a day still allow for a rotation': [63 * DAY, ALONE, SCHEDULED],
    'an earlier version wrote the settings, which know no schedule': [80 * DAY, ALONE],
  },
  'deactivate PREVIOUS': {
    'the overlap since the last delivery ends': [OVERLAP + HOUR, target(holding('CURRENT', HOUR))],
    'the overlap ends': [OVERLAP],
    'the overlap ends, and the copy is in sync': [OVERLAP, { copy: 'InSync' }],
    'the overlap ended one ms ago': [OVERLAP + MS],
    'the sweep did not run for days': [OVERLAP + 5 * DAY],
    'the overlap is 0': [0, NO_OVERLAP],
    'a person deactivated PREVIOUS: only our own deactivation begins the grace period': [OVERLAP, INACTIVE],
    'a deactivation died before the call': [OVERLAP, DEACTIVATING],
    'a deactivation died after the call': [OVERLAP, DEACTIVATING, INACTIVE],
    'PREVIOUS was used only before it was replaced': [OVERLAP, used(-MS)],
    'PREVIOUS was used while applications refresh what they cached': [OVERLAP, used(REFRESH)],
    'PREVIOUS is quiet for the quiet time': [3 * DAY, used(3 * DAY - QUIET)],
    'PREVIOUS was held until now, and is quiet at last': [9 * DAY, HELD, used(5 * DAY)],
    'PREVIOUS is unused, and the configuration says retire': [OVERLAP, RETIRE],
    'PREVIOUS was in use, but a person deactivated it': [OVERLAP, used(20 * HOUR), INACTIVE],
    'nobody wrote down when PREVIOUS was deactivated': [20 * DAY, retired({ deactivatedAt: undefined })],
    'a person re-activated PREVIOUS and deactivated it again': [GRACE_END + DAY, REACTIVATION_SEEN],
    'PREVIOUS leaked and is to be deleted, within its overlap': [0, leaked('delete')],
    'PREVIOUS leaked and is to be deactivated, within its overlap': [0, leaked('deactivate')],
    'PREVIOUS leaked and is in use': [OVERLAP, leaked('delete'), used(OVERLAP)],
    'the overlap of a key that was taken over ends': [OVERLAP, TAKEN_OVER, ALL],
    '6 h of a key that was taken over without an overlap end': [6 * HOUR, TAKEN_OVER, ALL, NO_OVERLAP],
    'a key that was taken over is quiet for the quiet time': [
      OVERLAP,
      TAKEN_OVER,
      ALL,
      used(OVERLAP - QUIET),
    ],
    'a key that was taken over is named': [OVERLAP, TAKEN_OVER, takeOver(['PREVIOUS'])],
    'an exemption ends': [OVERLAP, exempted(OVERLAP)],
    'the overlap ends, and CURRENT is acknowledged by a word': [OVERLAP, WORD, said('CURRENT')],
    'the overlap ends, and CURRENT is acknowledged by a use': [
      OVERLAP,
      USE_OF_CURRENT,
      usedCurrent(15 * MINUTE + MS),
    ],
    'the overlap ends, and either is waited for: there was a word': [OVERLAP, EITHER, said('CURRENT')],
    'the overlap ends, and either is waited for: there was a use': [OVERLAP, EITHER, usedCurrent(HOUR)],
    'PREVIOUS leaked, and nobody has acknowledged CURRENT: the leak does not wait': [
      HOUR,
      leaked('deactivate'),
      WORD,
    ],
    'a deactivation died half-way, before somebody wanted a word': [OVERLAP, DEACTIVATING, WORD],
    'a person deactivated PREVIOUS, and CURRENT is acknowledged': [OVERLAP, WORD, INACTIVE, said('CURRENT')],
  },
  'deactivate PREVIOUS, notice retiredWhileInUse PREVIOUS': {
    'PREVIOUS is in use, and the configuration says retire': [OVERLAP, used(20 * HOUR), RETIRE],
  },
  'delete PREVIOUS': {
    'the grace period ends': [GRACE_END, retired()],
    'the grace period ended one ms ago': [GRACE_END + MS, retired()],
    'the grace period is 0': [OVERLAP, retired(), NO_GRACE],
    'we deactivated PREVIOUS again, and its new grace period ends': [20 * DAY + GRACE, RETIRED_AGAIN],
    'PREVIOUS leaked, to be deleted, and is deactivated': [DEACTIVATED_AT, TO_DELETE],
    'PREVIOUS leaked and was to be deactivated, and its grace period ends': [GRACE_END, TO_DEACTIVATE],
    'the grace period of a key that was taken over ends': [GRACE_END, TAKEN_OVER_AND_RETIRED, ALL],
  },
  'delete PREVIOUS, report rotationWaits': {
    'a rotation waits for the key whose grace period is over': [GRACE_END, retired(), WANTED],
  },
  'delete OLDER': {
    'two are due: the oldest comes first, one act at a time': [
      GRACE_END,
      OLDER_ACTIVE,
      lists({ OLDER: 'Inactive' }),
    ],
  },
  'forget PREVIOUS': {
    'IAM does not list PREVIOUS, and that is no lag any more': [LISTING_LAG + MS, UNLISTED],
    'a person deleted PREVIOUS within its grace period': [2 * DAY, retired(), UNLISTED],
    'a key that was taken over is no longer named': [0, TAKEN_OVER],
    'a key that was taken over is no longer named, and its grace period is over': [
      GRACE_END,
      TAKEN_OVER_AND_RETIRED,
      takeOver(['ANOTHER']),
    ],
  },
  'hold PREVIOUS: stillInUse': {
    'PREVIOUS was used one ms later than applications refresh': [OVERLAP, used(REFRESH + MS)],
    'PREVIOUS was used this moment': [3 * DAY, used(3 * DAY)],
    'PREVIOUS is quiet for one ms less than the quiet time': [3 * DAY, used(3 * DAY - QUIET + MS)],
    'PREVIOUS was held until now, and is in use': [9 * DAY, HELD, used(9 * DAY - HOUR)],
    'PREVIOUS is in use at the maximum key age': [TOO_OLD, used(TOO_OLD - HOUR)],
    'a key was used before it was taken over: nobody reads the secret instead': [
      OVERLAP,
      TAKEN_OVER,
      ALL,
      used(-HOUR),
    ],
    'a key that was taken over is in use, though the configuration says retire': [
      OVERLAP,
      TAKEN_OVER,
      ALL,
      RETIRE,
      used(HOUR),
    ],
  },
  'hold PREVIOUS: stillInUse, report heldPastMaximumAge PREVIOUS, report keyPastMaximumAge PREVIOUS': {
    'PREVIOUS is in use past the maximum key age': [TOO_OLD + MS, used(TOO_OLD - HOUR)],
  },
  'hold PREVIOUS: secretDeleted, report secretDeleted': {
    'the overlap is over, and the secret is scheduled for deletion': [OVERLAP, DELETED],
    'the grace period is over, and the secret is scheduled for deletion': [GRACE_END, retired(), DELETED],
    'a deactivation died half-way, and the secret is scheduled for deletion': [
      OVERLAP,
      DEACTIVATING,
      DELETED,
    ],
    'PREVIOUS leaked, and the secret is scheduled for deletion': [HOUR, leaked('delete'), DELETED],
  },
  'report secretDeleted': {
    'the secret is scheduled for deletion within the overlap': [2 * HOUR, DELETED],
  },
  'notice exempted, report secretDeleted': {
    'the user is exempted, and the secret is scheduled for deletion': [OVERLAP, EXEMPTED, DELETED],
  },
  'report unknownState, report secretDeleted': {
    'AWSCURRENT is on a foreign version, and the secret is scheduled for deletion': [
      HOUR,
      moved('v-foreign'),
      DELETED,
    ],
  },
  'report rotationWaits, report secretDeleted': {
    'a rotation is wanted, and the secret is scheduled for deletion': [2 * HOUR, ALONE, WANTED, DELETED],
  },
  'hold PREVIOUS: copyNotInSync, report copyNotInSync': {
    'the overlap is over, and a copy failed': [OVERLAP, COPY_FAILED],
    'the overlap is over, and a copy follows still': [OVERLAP, { copy: 'InProgress' }],
    'the overlap is over, and the status of a copy is unknown': [OVERLAP, { copy: 'Unknown' }],
    'the grace period is over, and a copy failed': [GRACE_END, retired(), COPY_FAILED],
  },
  'deactivate PREVIOUS, report copyNotInSync': {
    'PREVIOUS leaked, and a copy failed: the leak does not wait': [HOUR, leaked('delete'), COPY_FAILED],
  },
  'hold PREVIOUS: notDelivered, report notDelivered': {
    'the overlap is over, and neither a target nor a consumer has CURRENT': [
      OVERLAP,
      {
        settings: { ...TARGET_HOLDS_PREVIOUS.settings, ...WORD.settings },
        deliveries: TARGET_HOLDS_PREVIOUS.deliveries,
      },
    ],
    'the overlap is over, and a target holds PREVIOUS': [OVERLAP, TARGET_HOLDS_PREVIOUS],
    'the overlap is over, and nobody knows what a target holds': [OVERLAP, target()],
    'the overlap is over, and a target has another shape than the one delivered': [
      OVERLAP,
      target(holding('CURRENT', 0, 'another key')),
    ],
    'the overlap is over, and a target may hold PREVIOUS': [
      OVERLAP,
      target({ ...holding('CURRENT', 0), announced: [ANNOUNCED] }),
    ],
    'the grace period is over, and a target holds PREVIOUS': [GRACE_END, retired(), TARGET_HOLDS_PREVIOUS],
    'a deactivation died half-way, and a target holds PREVIOUS': [
      OVERLAP,
      DEACTIVATING,
      TARGET_HOLDS_PREVIOUS,
    ],
  },
  'report notDelivered': {
    'a target holds PREVIOUS within the overlap': [15 * MINUTE, TARGET_HOLDS_PREVIOUS],
    'a target got CURRENT under another version': [
      HOUR,
      target({ delivered: { keyId: 'CURRENT', versionId: 'v-former', at: NOON, shape: '' } }),
    ],
    'a target holds a key that IAM no longer lists': [HOUR, ALONE, target(holding('GONE', -DAY))],
  },
  'deactivate PREVIOUS, report notDelivered': {
    'PREVIOUS leaked, and a target holds it: the leak does not wait': [
      HOUR,
      leaked('delete'),
      TARGET_HOLDS_PREVIOUS,
    ],
    'the overlap is over, and a target holds an older key, which is gone': [
      OVERLAP,
      target(holding('GONE', -DAY)),
    ],
  },
  'hold PREVIOUS: notAcknowledged': {
    'the overlap is over, and nobody has said a word': [OVERLAP, WORD],
    'the overlap is over, and there was a word about PREVIOUS alone': [OVERLAP, WORD, said('PREVIOUS')],
    'the overlap is over, and there was a word about a key that is gone': [OVERLAP, EITHER, said('GONE')],
    'the overlap is over, and CURRENT is in use where a word is waited for': [
      OVERLAP,
      WORD,
      // `decide` does not even look.
      usedCurrent(HOUR),
    ],
    'the overlap is over, and there was a word where a use is waited for': [
      OVERLAP,
      USE_OF_CURRENT,
      said('CURRENT'),
    ],
    'the overlap is over, and CURRENT was never used': [OVERLAP, USE_OF_CURRENT],
    'the overlap is over, and CURRENT was used for STS, as by our own proofs': [
      OVERLAP,
      USE_OF_CURRENT,
      usedCurrent(HOUR, 'sts'),
    ],
    'the overlap is over, and IAM may have rounded the use of CURRENT up': [
      OVERLAP,
      USE_OF_CURRENT,
      usedCurrent(15 * MINUTE),
    ],
    'the overlap is over, and CURRENT was used when it was current before': [
      OVERLAP,
      EITHER,
      usedCurrent(-HOUR),
    ],
    'the overlap is over, and PREVIOUS alone is in use': [OVERLAP, USE_OF_CURRENT, used(OVERLAP)],
    'the overlap is 0': [0, WORD, NO_OVERLAP],
    'the overlap is over, and the configuration says retire of what is in use': [
      OVERLAP,
      WORD,
      RETIRE,
      used(OVERLAP),
    ],
    'the overlap is over, and a person deactivated PREVIOUS': [OVERLAP, WORD, INACTIVE],
    'the overlap of a key that was taken over is over': [OVERLAP, TAKEN_OVER, ALL, WORD],
    'PREVIOUS is held for that already, and the reminder comes in one ms': [REMIND - MS, WORD],
    'CURRENT is an old key again, and there was a word about the key that was current': [
      OVERLAP,
      WORD,
      { current: { since: at(0) }, acknowledged: ['PREVIOUS'] },
    ],
  },
  'hold PREVIOUS: notAcknowledged, report notAcknowledged': {
    'the reminder is due': [REMIND, WORD],
    'the reminder is due, and a person deactivated PREVIOUS, whatever its age': [
      TOO_OLD + DAY,
      WORD,
      INACTIVE,
    ],
    'PREVIOUS reaches the maximum key age in more than 7 days': [TOO_OLD - NOTICE - MS, WORD],
  },
  'report notAcknowledged': {
    'the reminder is due within the overlap': [
      REMIND,
      WORD,
      { settings: { overlapSeconds: (5 * DAY) / SECOND } },
    ],
  },
  'hold PREVIOUS: notAcknowledged, report notAcknowledged, report acknowledgementOverdue': {
    'PREVIOUS reaches the maximum key age in 7 days': [TOO_OLD - NOTICE, WORD],
    'PREVIOUS reaches the maximum key age in 7 days, and is retired then': [TOO_OLD - NOTICE, OR_RETIRE],
    'PREVIOUS is retired at the maximum key age, in one ms': [TOO_OLD - MS, OR_RETIRE],
    'PREVIOUS is at the maximum key age, and held on': [TOO_OLD, WORD],
  },
  'hold PREVIOUS: notAcknowledged, report heldPastMaximumAge PREVIOUS, report keyPastMaximumAge PREVIOUS, report notAcknowledged, report acknowledgementOverdue':
    {
      'PREVIOUS is held on past the maximum key age': [TOO_OLD + MS, WORD],
    },
  'deactivate PREVIOUS, notice retiredUnacknowledged PREVIOUS, report notAcknowledged, report acknowledgementOverdue':
    {
      'PREVIOUS is at the maximum key age, where it is retired then': [TOO_OLD, OR_RETIRE],
    },
  'deactivate PREVIOUS, notice retiredUnacknowledged PREVIOUS, report notAcknowledged': {
    'PREVIOUS is at the maximum key age, where it is retired then, and a person deactivated it': [
      TOO_OLD,
      OR_RETIRE,
      INACTIVE,
    ],
  },
  'hold PREVIOUS: stillInUse, report notAcknowledged, report acknowledgementOverdue': {
    'PREVIOUS is at the maximum key age, where it is retired then, and in use': [
      TOO_OLD,
      OR_RETIRE,
      used(TOO_OLD),
    ],
  },
  'report rotationDetached': {
    'rotation is switched off': [HOUR, OFF],
    'rotation was never configured': [HOUR, { rotationEnabled: 'unknown' }],
    'another function rotates the secret': [HOUR, { rotatedBy: 'rotate-databases' }],
  },
  'hold PREVIOUS: currentNotWorking': {
    'CURRENT is so new that IAM may not list it yet': [LISTING_LAG, CURRENT_GONE, NO_OVERLAP],
  },
  'hold PREVIOUS: currentNotWorking, report currentNotWorking CURRENT': {
    'the overlap is over, and CURRENT is Inactive': [OVERLAP, CURRENT_INACTIVE],
    'the overlap is over, and CURRENT is gone': [OVERLAP, CURRENT_GONE],
    'the overlap is over, and the status of CURRENT is unknown': [OVERLAP, lists({ CURRENT: 'Unknown' })],
    'CURRENT should be listed by now': [LISTING_LAG + MS, CURRENT_GONE, NO_OVERLAP],
    'CURRENT is Inactive, and a deactivation died half-way': [OVERLAP, DEACTIVATING, CURRENT_INACTIVE],
    'the grace period is over, and CURRENT is Inactive': [GRACE_END, retired(), CURRENT_INACTIVE],
    'CURRENT is gone, and a re-activated key is Inactive again': [3 * DAY, REACTIVATION_SEEN, CURRENT_GONE],
    'CURRENT is Inactive, and PREVIOUS leaked': [HOUR, leaked('delete'), CURRENT_INACTIVE],
  },
  'report currentNotWorking CURRENT': {
    'CURRENT is Inactive within the overlap': [HOUR, CURRENT_INACTIVE],
    'IAM lists no key at all: no answer to forget a key for': [LISTING_LAG + MS, UNLISTED, CURRENT_GONE],
  },
  'hold PREVIOUS: reactivatedByPerson': {
    'a person re-activated PREVIOUS within its grace period': [2 * DAY, retired(), ACTIVE],
    'a person re-activated PREVIOUS, and its grace period is over': [GRACE_END, retired(), ACTIVE],
    'the re-activation by a person was seen before': [GRACE_END, REACTIVATION_SEEN, ACTIVE],
    'a person re-activated PREVIOUS although it leaked': [2 * DAY, TO_DELETE, ACTIVE],
    'a person re-activated PREVIOUS although the configuration says retire': [
      GRACE_END,
      retired(),
      ACTIVE,
      RETIRE,
    ],
  },
  'hold PREVIOUS: reactivatedByPerson, report heldPastMaximumAge PREVIOUS, report keyPastMaximumAge PREVIOUS':
    {
      'a person re-activated PREVIOUS past the maximum key age': [TOO_OLD + MS, retired(), ACTIVE],
    },
  'hold OLDER: reactivatedByPerson, deactivate PREVIOUS': {
    'the hold of the one does not keep the other': [GRACE_END, OLDER_ACTIVE],
  },
  'hold OLDER: reactivatedByPerson, hold PREVIOUS: stillInUse': {
    'both keys are held': [GRACE_END, OLDER_ACTIVE, used(GRACE_END)],
  },
  'finish PREVIOUS': {
    'a rollback to PREVIOUS got no further': [DAY, REACTIVATING],
    'a rollback to PREVIOUS got no further than its announcement': [DAY, REACTIVATING, INACTIVE],
    'AWSCURRENT is back on PREVIOUS in its overlap': [HOUR, BACK],
    'AWSCURRENT was moved back longer ago than DescribeSecret may lag': [READ_LAG, BACK],
  },
  'finish OLDER': {
    'AWSCURRENT is back on the key before PREVIOUS': [
      OVERLAP,
      { older: {}, keys: { OLDER: 'Active' } },
      moved('v-older'),
    ],
  },
  'reactivate PREVIOUS': {
    'AWSCURRENT is back on a key whose deactivation died half-way': [DAY, DEACTIVATING, BACK],
    'AWSCURRENT is back on a key that we deactivated': [2 * DAY, retired(), BACK],
    'AWSCURRENT is back on a key that a person re-activated': [2 * DAY, retired(), ACTIVE, BACK],
    'AWSCURRENT is back on a key whose re-activation died half-way': [2 * DAY, REACTIVATING, INACTIVE, BACK],
    'AWSCURRENT is back on a key whose grace period is over': [GRACE_END, retired(), BACK],
  },
  'report unknownState': {
    'AWSCURRENT is on a version that the journal does not know': [GRACE_END, retired(), moved('v-foreign')],
    'AWSCURRENT is on no version': [OVERLAP, NO_LABEL],
    'AWSCURRENT is on no version, and PREVIOUS was never in the secret': [OVERLAP, TAKEN_OVER, ALL, NO_LABEL],
    'there is no first key yet': [OVERLAP, { current: 'none' }, ALONE, NO_LABEL],
  },
  'report unknownState PREVIOUS': {
    'the overlap is over, and the status of PREVIOUS is unknown': [OVERLAP, UNKNOWN],
    'the status of PREVIOUS is unknown within its overlap': [0, UNKNOWN],
    'the grace period is over, and the status of PREVIOUS is unknown': [GRACE_END, retired(), UNKNOWN],
  },
  'report rotationStuck NEW': {
    'an attempt has been under way for a day': [DAY, ATTEMPT, PENDING],
  },
  'report rotationStuck': {
    'an attempt is stuck before it made a key': [DAY, KEYLESS_ATTEMPT, PENDING],
  },
  'report rotationStuck NEW, report rotationOverdue': {
    'a rotation is overdue while an attempt gets no further': [
      63 * DAY + MS,
      ALONE,
      SCHEDULED,
      ATTEMPT,
      PENDING,
    ],
  },
  'report rotationOverdue': {
    'the schedule and a day no longer allow for a rotation': [63 * DAY + MS, ALONE, SCHEDULED],
  },
  'finish NEW': {
    'an attempt was promoted, and the journal does not know': [HOUR, ATTEMPT, moved('v-new')],
    'an attempt was promoted, and AWSPENDING was not taken off': [HOUR, ATTEMPT, moved('v-new', 'v-new')],
  },
  'reap NEW': {
    'an attempt was abandoned': [ATTEMPT_OVER, ATTEMPT],
    'an attempt was abandoned for another rotation': [HOUR, ATTEMPT, moved('v-current', 'v-newer')],
    'an attempt was abandoned, and AWSCURRENT moved: one thing after the other': [HOUR, ATTEMPT, BACK],
  },
  reap: {
    'an attempt was abandoned, and nobody knows its key': [HOUR, KEYLESS_ATTEMPT],
  },
  'report unmanagedKey STRANGER': {
    'STRANGER is Active': [HOUR, STRANGER],
    'STRANGER is Inactive': [HOUR, STRANGER, lists({ STRANGER: 'Inactive' })],
    'STRANGER is too old to be the key of a rotation that has just begun': [5 * MINUTE, strangerOf(NOON)],
    'another key than STRANGER is to be taken over': [HOUR, STRANGER, takeOver(['ANOTHER'])],
  },
  'report unmanagedKey STRANGER, report currentNotWorking CURRENT': {
    'STRANGER is to be taken over, and CURRENT is Inactive': [HOUR, STRANGER, CURRENT_INACTIVE, ALL],
  },
  'report unmanagedKey STRANGER, report keyPastMaximumAge STRANGER': {
    'STRANGER is past the maximum key age': [HOUR, strangerOf(at(HOUR - 90 * DAY - MS))],
  },
  'takeOver STRANGER': {
    'all keys are to be taken over': [HOUR, STRANGER, ALL],
    'STRANGER is to be taken over': [HOUR, STRANGER, takeOver(['STRANGER'])],
  },
  'requestRotation, report currentKeyLeaked CURRENT': {
    'CURRENT leaked, and a slot is free': [HOUR, CURRENT_LEAKED, ALONE],
  },
  'report rotationWaits, report currentKeyLeaked CURRENT': {
    'CURRENT leaked, and no slot is free': [HOUR, CURRENT_LEAKED],
  },
  requestRotation: {
    'a rotation is wanted, and a slot is free': [HOUR, ALONE, WANTED],
    'a rotation is wanted, and AWSPENDING stayed on the current version': [
      HOUR,
      ALONE,
      WANTED,
      moved('v-current', 'v-current'),
    ],
  },
  'requestRotation, report rotationDetached': {
    'a rotation is wanted, and Secrets Manager leaves out whether rotation is on': [
      HOUR,
      ALONE,
      WANTED,
      { rotationEnabled: 'unknown' },
    ],
  },
  'report rotationWaits, report rotationDetached': {
    'a rotation is wanted, and rotation is switched off': [HOUR, ALONE, WANTED, OFF],
  },
  'report rotationWaits': {
    'a rotation is wanted, and no slot is free': [HOUR, WANTED],
    'a wanted rotation has been on its way for a day': [DAY, ALONE, WANTED, PENDING],
  },
  'notice exempted': {
    'the user is exempted within the overlap': [0, EXEMPTED],
    'the user is exempted, and PREVIOUS is overdue': [OVERLAP, EXEMPTED],
    'the user is exempted, and nobody has acknowledged CURRENT': [
      REMIND,
      { settings: { ...EXEMPTED.settings, ...WORD.settings } },
    ],
    'the user is exempted, and PREVIOUS is in use': [OVERLAP, EXEMPTED, used(OVERLAP)],
    'the user is exempted, and the grace period is over': [GRACE_END, EXEMPTED, retired()],
    'the user is exempted, and wants a rotation': [HOUR, EXEMPTED, ALONE, WANTED],
    'the user is exempted, and has a key to take over': [HOUR, EXEMPTED, ALL, STRANGER],
    'the user is exempted, and a leaked key is deactivated': [GRACE_END, EXEMPTED, TO_DEACTIVATE],
    'the user is exempted, and the rotation did not come': [63 * DAY + MS, ALONE, SCHEDULED, EXEMPTED],
    'the exemption ends in more than 14 days': [OVERLAP, exempted(OVERLAP + 14 * DAY + MS)],
  },
  'notice exempted, report exemptionEndsSoon': {
    'the exemption ends in 14 days': [OVERLAP, exempted(OVERLAP + 14 * DAY)],
    'the exemption ends in one ms': [OVERLAP, exempted(OVERLAP + MS)],
  },
  'notice exempted, report keyPastMaximumAge PREVIOUS': {
    'the user is exempted from acts, not from reports, and PREVIOUS is too old': [TOO_OLD + MS, EXEMPTED],
  },
  'notice exempted, report currentNotWorking CURRENT': {
    'the user is exempted, and CURRENT is Inactive': [HOUR, EXEMPTED, CURRENT_INACTIVE],
  },
  'notice exempted, report currentKeyLeaked CURRENT': {
    'the user is exempted, and CURRENT leaked': [HOUR, EXEMPTED, CURRENT_LEAKED, ALONE],
  },
  'reap NEW, notice exempted': {
    'the user is exempted, and the key of an abandoned attempt would stay Active': [HOUR, EXEMPTED, ATTEMPT],
  },
  'finish NEW, notice exempted': {
    'the user is exempted, and an attempt was promoted': [HOUR, EXEMPTED, ATTEMPT, moved('v-new')],
  },
  'finish PREVIOUS, notice exempted': {
    'the user is exempted, and AWSCURRENT is back on PREVIOUS': [HOUR, EXEMPTED, BACK],
  },
  'reactivate PREVIOUS, notice exempted': {
    'the user is exempted, and we had deactivated the served key': [2 * DAY, EXEMPTED, retired(), BACK],
  },
  'deactivate PREVIOUS, notice exempted': {
    'the user is exempted, and PREVIOUS leaked, to be deleted': [HOUR, EXEMPTED, leaked('delete')],
    'the user is exempted, and PREVIOUS leaked, to be deactivated': [
      HOUR,
      EXEMPTED,
      { previous: { leaked: 'deactivate', phase: 'deactivating' } },
    ],
  },
  'delete PREVIOUS, notice exempted': {
    'the user is exempted, and PREVIOUS leaked and is deactivated': [DEACTIVATED_AT, EXEMPTED, TO_DELETE],
  },
  'report keyPastMaximumAge CURRENT': {
    'CURRENT exceeds the maximum age by one ms': [90 * DAY - HOUR + MS, ALONE],
  },
};

const ROWS = Object.entries(DUE).flatMap(([due, situations]) =>
  Object.entries(situations).map(([where, situation]) => ({ due, where, given: givenIn(situation) })),
);

test.each(ROWS)('$due is due where $where', ({ due, given }) => {
  expect(decide(factsOf(given)).decisions.map(inWords).join(', ') || 'nothing').toBe(due);
});

test('a decision has at most one act, and says why, whatever the situation', () => {
  for (const { given } of ROWS) {
    const { decisions } = decide(factsOf(given));
    expect(decisions.filter(({ kind }) => kind === 'act').length).toBeLessThanOrEqual(1);
    for (const { reason } of decisions) expect(reason).toMatch(/\S/);
  }
});

test.each<[where: string, situation: Situation, decided: boolean]>([
  ['are decided where it came to the previous keys', [OVERLAP], true],
  ['are not decided while an attempt is unsettled', [HOUR, ATTEMPT], false],
  ['are not decided while AWSCURRENT is on a foreign version', [HOUR, moved('v-foreign')], false],
  ['are not decided while the user is exempted', [OVERLAP, EXEMPTED], false],
])('holds %s', (_where, situation, decided) => {
  expect(decide(factsOf(givenIn(situation))).holdsDecided).toBe(decided);
});

test.each<[where: string, situation: Situation, ids: readonly string[]]>([
  ['is not looked up within its overlap', [OVERLAP - MS], []],
  ['is looked up once its overlap is over', [OVERLAP], ['PREVIOUS']],
  ['is not looked up where it is Inactive', [OVERLAP, INACTIVE], []],
  ['is not looked up where it is gone', [OVERLAP, UNLISTED], []],
  ['is not looked up where we deactivated it', [GRACE_END, retired(), ACTIVE], []],
  ['is not looked up within the 6 h of one that was taken over', [HOUR, TAKEN_OVER, NO_OVERLAP], []],
  [
    'is not looked up where a word is waited for, and that of CURRENT is not, either',
    [OVERLAP - MS, WORD],
    [],
  ],
  [
    'is looked up together with that of CURRENT, where a use is waited for',
    [OVERLAP, USE_OF_CURRENT],
    ['PREVIOUS', 'CURRENT'],
  ],
  [
    'is not looked up, nor that of CURRENT, where none waits for a use',
    [GRACE_END, retired(), USE_OF_CURRENT],
    [],
  ],
])('the last use of a previous key %s', (_where, situation, ids) => {
  expect(needsLastUse(factsOf(givenIn(situation)))).toEqual(ids);
});

const waits = (obstacle: string): unknown =>
  expect.stringMatching(`2026-01-15T12:00:00.000Z \\(both key slots are taken\\).*${obstacle}`);

test.each<[says: string, decision: string, situation: Situation, reason: unknown]>([
  [
    'a hold because of use says when, for what and where the key was used, and when it was replaced',
    'stillInUse',
    [OVERLAP, used(20 * HOUR)],
    'Still in use: last used at 2026-01-16T08:00:00.000Z for s3 in eu-west-1; it was replaced at 2026-01-15T12:00:00.000Z.',
  ],
  [
    'a hold for a word says since when, and for which key',
    'notAcknowledged',
    [2 * DAY, WORD],
    'Waits since 2026-01-16T12:00:00.000Z for an acknowledgement of the current key CURRENT: nobody has said that the consumers work with it.',
  ],
  [
    'a hold for a use says so',
    'notAcknowledged',
    [2 * DAY, USE_OF_CURRENT],
    expect.stringContaining('no use of it has been seen'),
  ],
  [
    'a reminder says since when the key is current, and which key waits',
    'report notAcknowledged',
    [REMIND, WORD],
    'Since 2026-01-15T12:00:00.000Z the current key CURRENT is not acknowledged: nobody has said that the consumers work with it. PREVIOUS waits for it.',
  ],
  [
    'a report before the maximum key age says when that is, and that the key is held on',
    'acknowledgementOverdue',
    [TOO_OLD - NOTICE, WORD],
    expect.stringMatching(
      /^PREVIOUS reaches the maximum key age at 2026-02-14T12:00:00.000Z, and .*CURRENT is not acknowledged: it is held on then/,
    ),
  ],
  [
    'a report before the maximum key age says that the key is retired',
    'acknowledgementOverdue',
    [TOO_OLD - NOTICE, OR_RETIRE],
    expect.stringContaining('it is retired then'),
  ],
  [
    'a deactivation says when the overlap ended',
    'deactivate',
    [3 * DAY],
    expect.stringContaining('2026-01-16T12:00:00.000Z'),
  ],
  [
    'a deletion says when the grace period ended',
    'delete',
    [GRACE_END, retired()],
    expect.stringContaining('2026-01-23T12:00:00.000Z'),
  ],
  [
    'a deletion says that the key leaked',
    'delete',
    [GRACE_END, TO_DELETE],
    expect.stringContaining('leaked'),
  ],
  [
    'an exemption says its reason and its end',
    'notice exempted',
    [0, exempted(DAY)],
    'Exempted until 2026-01-16T12:00:00.000Z: the yearly audit.',
  ],
  [
    'an exemption that ends soon says whose it is',
    'exemptionEndsSoon',
    [0, exempted(DAY)],
    expect.stringContaining('ci-deployer'),
  ],
  [
    'a rotation that waits says since when and why it is wanted, and that both slots are taken',
    'rotationWaits',
    [HOUR, WANTED],
    waits('both slots are taken'),
  ],
  [
    'a rotation that waits says that rotation is off',
    'rotationWaits',
    [HOUR, ALONE, WANTED, { rotationEnabled: false }],
    waits('switched off'),
  ],
  [
    'a rotation that waits says that another is stuck',
    'rotationWaits',
    [DAY, ALONE, WANTED, PENDING],
    waits('makes no progress'),
  ],
  [
    'a report of a deleted secret says until when it can be restored for certain, and how',
    'report secretDeleted',
    [DAY, DELETED],
    expect.stringMatching(
      /until 2026-01-22T13:00:00.000Z for certain.*aws secretsmanager restore-secret --secret-id arn:.*`terraform apply`/,
    ),
  ],
  [
    'a report of a deleted secret says the date that AWS names, where that is to come',
    'report secretDeleted',
    [DAY, { deletedDate: at(8 * DAY) }],
    expect.stringContaining('It can be restored until 2026-01-23T12:00:00.000Z:'),
  ],
  [
    'a report of a copy says where it is, and its status',
    'copyNotInSync',
    [DAY, COPY_FAILED],
    expect.stringContaining('eu-central-1 (Failed)'),
  ],
  [
    'a report of a target says what it is called, and what it answered',
    'report notDelivered',
    [DAY - MS, TARGET_HOLDS_PREVIOUS],
    expect.stringMatching(
      /parameter \/payments\/aws-key \(tried 3 times since 2026-01-15T12:01:00.000Z: It said no.\)/,
    ),
  ],
  [
    'a report of a foreign function says which it is, and which it should be',
    'rotationDetached',
    [DAY, { rotatedBy: 'rotate-databases' }],
    expect.stringMatching(
      /function:rotate-databases.*iam-key-rotation-ci-deployer or iam-key-rotation-rotate/,
    ),
  ],
  [
    'a report names the foreign version that AWSCURRENT is on',
    'unknownState',
    [HOUR, moved('v-foreign')],
    expect.stringContaining('v-foreign'),
  ],
  [
    'a report says that AWSCURRENT is on no version',
    'unknownState',
    [HOUR, NO_LABEL],
    expect.stringContaining('no version'),
  ],
  [
    'a report says that the current key is Inactive',
    'report currentNotWorking',
    [HOUR, CURRENT_INACTIVE],
    'The current key is Inactive.',
  ],
  [
    'a report says that the current key is gone',
    'report currentNotWorking',
    [HOUR, CURRENT_GONE],
    'The current key is gone.',
  ],
  ['a report says how old a key is', 'keyPastMaximumAge', [100 * DAY, ALONE], 'Active and 100 days old.'],
])('%s', (_says, decision, situation, reason) => {
  const { decisions } = decide(factsOf(givenIn(situation)));
  expect(decisions.find((one) => inWords(one).includes(decision))!.reason).toEqual(reason);
});
