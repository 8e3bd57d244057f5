import type { FindingKind } from './telemetry-names';

/*
 * Everything that people are told of. The name of a kind is published: it stands in the message attribute `kind`, in
 * kebab case at the end of its alarm's name, and as the heading of its section in docs/runbook.md.
 */

/** What CloudWatch watches, in alarms called `<prefix>/<kind>` or `<prefix>/<stable key>/<kind>`. */
export const ALARM_KINDS = [
  'rotationFailed',
  'rotationOverdue',
  'rotationStuck',
  'keyPastMaximumAge',
  'heldPastMaximumAge',
  'unmanagedKey',
  'visitFailed',
  'sweepFailed',
  'sweepNotRunning',
  'deletionCapReached',
  'deadLetters',
  'functionThrottled',
  'notificationsFailed',
] as const;

export type AlarmKind = (typeof ALARM_KINDS)[number];

/** What Secrets Manager itself reports of a rotation, besides that it failed. */
export type ReportedByAws = 'rotationAbandoned' | 'rotationTestFailed';

/** What somebody else did, as the audit trail tells it. */
export type ReportedByTrail = 'suspiciousAct';

export type FaultKind = AlarmKind | FindingKind | ReportedByAws | ReportedByTrail;

/** `critical`: a key has stopped working, or will, or somebody else has one, or nobody watches any more. */
export type Severity = 'critical' | 'warning';

interface FaultWords {
  /** As it begins a message. */
  readonly title: string;
  readonly severity: Severity;
}

const critical = (title: string): FaultWords => ({ title, severity: 'critical' });
const warning = (title: string): FaultWords => ({ title, severity: 'warning' });

export const FAULTS: Readonly<Record<FaultKind, FaultWords>> = {
  rotationFailed: warning('A rotation failed'),
  rotationAbandoned: warning('Secrets Manager abandoned a rotation'),
  rotationTestFailed: warning('Secrets Manager could not test the rotation'),
  rotationOverdue: critical('A rotation is overdue'),
  rotationStuck: warning('A rotation is stuck'),
  rotationWaits: warning('A rotation waits'),
  keyPastMaximumAge: critical('A key is older than the policy allows'),
  heldPastMaximumAge: critical('A key that is held is older than the policy allows'),
  stillInUse: warning('A previous key is still in use'),
  reactivatedByPerson: warning('A retired key was re-activated by a person'),
  unmanagedKey: warning('A key that nobody rotates'),
  currentNotWorking: critical('The current key does not work'),
  currentKeyLeaked: critical('The current key has leaked'),
  exemptionEndsSoon: warning('An exemption ends soon'),
  unknownState: warning('A user is in a state that is not understood'),
  visitFailed: warning('A user could not be visited'),
  sweepFailed: warning('The retirement function failed'),
  sweepNotRunning: critical('The retirement function does not run'),
  deletionCapReached: warning('Deletions wait'),
  deadLetters: warning('A run of the retirement function was lost'),
  functionThrottled: warning('A function was throttled'),
  suspiciousAct: critical('Somebody else touched what is rotated'),
  notificationsFailed: critical('Notifications do not get through'),
};

/** `rotationFailed` as `rotation-failed`. */
export const kebabCase = (kind: string): string =>
  kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const isAlarmKind = (word: string): word is AlarmKind =>
  (ALARM_KINDS as readonly string[]).includes(word);
