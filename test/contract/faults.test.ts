import {
  ALARM_KINDS,
  FAULT_KINDS,
  FAULTS,
  FINDING_KINDS,
  isAlarmKind,
  isFindingKind,
  kebabCase,
  placeholders,
} from '../../contract/faults';
import { GAUGE_ROWS, GAUGES, PER_USER_GAUGES } from '../../contract/telemetry-names';

/** As in a stack with a user. */
const FACTS = {
  prefix: 'iam-key-rotation',
  user: 'ci',
  userName: 'ci-user',
  secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-AbCdEf',
};

describe('the names of faults', () => {
  it('the names of faults are published, so a new version has all of them', () => {
    expect([...FAULT_KINDS].sort()).toEqual([
      'acknowledgementOverdue',
      'copyNotInSync',
      'currentKeyLeaked',
      'currentNotWorking',
      'deadLetters',
      'deletionCapReached',
      'exemptionEndsSoon',
      'functionThrottled',
      'heldPastMaximumAge',
      'keyLeaked',
      'keyPastMaximumAge',
      'keysLeftBehind',
      'leakReported',
      'notAcknowledged',
      'notDelivered',
      'notificationsFailed',
      'reactivatedByPerson',
      'rotationAbandoned',
      'rotationDetached',
      'rotationFailed',
      'rotationOverdue',
      'rotationStuck',
      'rotationTestFailed',
      'rotationWaits',
      'secretDeleted',
      'stillInUse',
      'suspiciousAct',
      'sweepFailed',
      'sweepNotRunning',
      'unknownState',
      'unmanagedKey',
      'visitFailed',
    ]);
  });

  it('the names of faults are spelled in kebab case in names and addresses', () => {
    expect(kebabCase('heldPastMaximumAge')).toBe('held-past-maximum-age');
  });

  it('the rows of faults say whether an alarm watches it, and whether a visit finds it', () => {
    expect(ALARM_KINDS).toContain('sweepFailed');
    expect(FINDING_KINDS).not.toContain('sweepFailed');
    expect(FINDING_KINDS).toContain('stillInUse');
    expect(ALARM_KINDS).not.toContain('stillInUse');
  });

  it.each(['toString', 'constructor', 'rotation-failed', ''])('"%s" is no name of a fault', (word) => {
    expect([isAlarmKind(word), isFindingKind(word)]).toEqual([false, false]);
  });
});

describe.each(FAULT_KINDS)('the row of %s', (kind) => {
  const { title, meaning, firstStep, alarm, gauge } = FAULTS[kind];

  it('a fault has a title that makes a subject: ASCII, short, no full stop', () => {
    expect(`Over: ${title}`).toMatch(/^[ -~]{16,70}$/);
    expect(title).not.toMatch(/\.$/);
  });

  it('a fault says in sentences what it means', () => {
    expect(meaning).toMatch(/^[A-Z][^\n]+[.]$/);
  });

  it('a fault says in sentences, or with a command at the end, what to do first', () => {
    expect(firstStep(FACTS)).toMatch(/^[A-Z][^\n]+$/);
    expect(firstStep(FACTS)).toMatch(/[.]$|: `(aws|npx) [^`]+`$/);
  });

  it('a fault marks every command and every placeholder as code', () => {
    const prose = [meaning, firstStep(placeholders())].join(' ').replaceAll(/`[^`]+`/g, '');
    expect(prose).not.toMatch(/[<>`]|\b(aws|npx|terraform) [a-z]/);
  });

  it('a fault names the user as the message does, and no placeholder that it knows', () => {
    expect(firstStep(FACTS)).not.toMatch(/<(prefix|user|IAM user)>/);
    expect(firstStep(placeholders())).not.toMatch(/undefined/);
  });

  it('a fault watches its gauge only if it has one, and goes off on one side', () => {
    if (alarm === undefined) return;
    expect(Number(alarm.above !== undefined) + Number(alarm.below !== undefined)).toBe(1);
    expect(alarm.watches !== 'gauge' || gauge !== undefined).toBe(true);
  });
});

describe('gauges', () => {
  it('gauges are one each, although two faults may share one', () => {
    expect(new Set(GAUGES).size).toBe(GAUGES.length);
    expect(FAULTS.stillInUse.gauge).toEqual(FAULTS.reactivatedByPerson.gauge);
  });

  it('gauges of each user are those that say something of one user', () => {
    expect(PER_USER_GAUGES).not.toContain('UsersWatched');
    expect(PER_USER_GAUGES.every((name) => GAUGE_ROWS[name].of === 'user')).toBe(true);
  });

  it('gauges that count findings belong to faults that a visit finds', () => {
    const counting = FAULT_KINDS.filter((kind) => FAULTS[kind].gauge?.counts === 'findings');
    expect(counting.filter((kind) => !isFindingKind(kind))).toEqual([]);
  });
});
