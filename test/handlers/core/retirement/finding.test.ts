import { FINDING_KINDS, type FindingKind } from '../../../../contract/faults';
import { HOUR, MINUTE } from '../../../../contract/instant';
import type { Decision } from '../../../../handlers/core/retirement/decision';
import {
  compareFindings,
  findingsOf,
  type Finding,
  type OpenFinding,
  type VisitReach,
} from '../../../../handlers/core/retirement/finding';
import { keyId, NOON } from '../../support/fixtures';

const ID = keyId();
const OTHER = `${ID.slice(0, -1)}X`;
const found = (kind: Finding['kind'], id?: string): Finding => ({
  kind,
  keyId: id,
  what: 'as found',
});
const open = (kind: Finding['kind'], id?: string, change: Partial<OpenFinding> = {}): OpenFinding => ({
  kind,
  keyId: id,
  what: 'as found',
  since: NOON - HOUR,
  told: true,
  ...change,
});

interface Case {
  readonly before?: readonly OpenFinding[];
  readonly found?: readonly Finding[];
  readonly reach?: VisitReach;
}

const UNMANAGED = found('unmanagedKey', ID);
const OVERDUE = open('rotationOverdue');
const failedBefore = (minutes: number): OpenFinding =>
  open('visitFailed', undefined, { told: false, since: NOON - minutes * MINUTE });
const FAILS = { found: [found('visitFailed')], reach: 'nothing' } as const;

test.each<
  [title: string, given: Case, became: { began?: string; ended?: string; open?: string; changed: boolean }]
>([
  ['nothing begins or ends where nothing was and is found', {}, { changed: false }],
  [
    'a finding that is new begins',
    { found: [UNMANAGED] },
    { began: 'unmanagedKey', open: 'unmanagedKey', changed: true },
  ],
  [
    'a finding that is there still is not told again',
    { before: [open('unmanagedKey', ID)], found: [UNMANAGED] },
    { open: 'unmanagedKey', changed: false },
  ],
  [
    'a finding of another key is another one',
    { before: [open('unmanagedKey', OTHER)], found: [UNMANAGED] },
    { began: 'unmanagedKey', ended: 'unmanagedKey', open: 'unmanagedKey', changed: true },
  ],
  ['a finding that is gone ends', { before: [OVERDUE] }, { ended: 'rotationOverdue', changed: true }],
  [
    'a finding of a key does not end with a visit that did not come to the keys',
    { before: [open('stillInUse', ID), OVERDUE], reach: 'userOnly' },
    { ended: 'rotationOverdue', open: 'stillInUse', changed: true },
  ],
  [
    'a finding does not end with a visit that failed, which is told only when it fails again',
    { before: [OVERDUE], ...FAILS },
    { open: 'visitFailed rotationOverdue', changed: true },
  ],
  [
    'a visit that fails the second time is told',
    { before: [failedBefore(45)], ...FAILS },
    { began: 'visitFailed', open: 'visitFailed', changed: true },
  ],
  [
    'a visit that fails again within minutes is not told yet',
    { before: [failedBefore(5)], ...FAILS },
    { open: 'visitFailed', changed: false },
  ],
  ['a finding that was never told does not end aloud', { before: [failedBefore(60)] }, { changed: true }],
  [
    'a finding that is found twice is one',
    { found: [UNMANAGED, UNMANAGED] },
    { began: 'unmanagedKey', open: 'unmanagedKey', changed: true },
  ],
])('%s', (_title, { before = [], found: now = [], reach = 'everything' }, became) => {
  const changes = compareFindings(before, now, reach, NOON);
  const kinds = (findings: readonly OpenFinding[]) => findings.map(({ kind }) => kind).join(' ');
  expect({
    began: kinds(changes.began),
    ended: kinds(changes.ended),
    open: kinds(changes.open),
    changed: changes.changed,
  }).toEqual({ began: '', ended: '', open: '', ...became });
});

test('a finding that goes on keeps when it began, and what was found then', () => {
  const before = [open('keyPastMaximumAge', ID, { what: '91 days old' })];
  const changes = compareFindings(
    before,
    [{ ...found('keyPastMaximumAge', ID), what: '92 days old' }],
    'everything',
    NOON,
  );
  expect(changes.open).toEqual(before);
});

const report = (fault: FindingKind): Decision => ({ kind: 'report', fault, reason: 'so it is', keyId: ID });

test.each(FINDING_KINDS)('a report of %s is a finding of the same name', (kind) => {
  expect(findingsOf([report(kind)])).toEqual([{ kind, keyId: ID, what: 'so it is' }]);
});

test('acts and what the configuration asks for are no findings', () => {
  expect(
    findingsOf([
      { kind: 'act', what: 'delete', reason: 'it is due', keyId: ID },
      { kind: 'notice', about: 'exempted', reason: 'a migration' },
      { kind: 'notice', about: 'retiredWhileInUse', reason: 'as configured', keyId: ID },
    ]),
  ).toEqual([]);
});

test.each(['stillInUse', 'reactivatedByPerson'] as const)('a hold because of %s is a finding', (cause) => {
  expect(findingsOf([{ kind: 'hold', keyId: ID, cause, reason: 'so it is' }])).toEqual([
    { kind: cause, keyId: ID, what: 'so it is' },
  ]);
});

test('a current key that does not work is one finding, whatever is held because of it', () => {
  const held: Decision = {
    kind: 'hold',
    keyId: OTHER,
    cause: 'currentNotWorking',
    reason: 'the only way back',
  };
  expect(findingsOf([report('currentNotWorking'), held])).toEqual([
    { kind: 'currentNotWorking', keyId: ID, what: 'so it is' },
  ]);
});
