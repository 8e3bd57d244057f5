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

const cases: readonly {
  what: string;
  before?: readonly OpenFinding[];
  found?: readonly Finding[];
  reach?: VisitReach;
  began?: readonly string[];
  ended?: readonly string[];
  open?: readonly string[];
  changed: boolean;
}[] = [
  { what: 'nothing, as before', changed: false },
  {
    what: 'a new one begins',
    found: [found('unmanagedKey', ID)],
    began: ['unmanagedKey'],
    open: ['unmanagedKey'],
    changed: true,
  },
  {
    what: 'one that is there still is not told again',
    before: [open('unmanagedKey', ID)],
    found: [found('unmanagedKey', ID)],
    open: ['unmanagedKey'],
    changed: false,
  },
  {
    what: 'the same of another key is another one',
    before: [open('unmanagedKey', ID)],
    found: [found('unmanagedKey', OTHER)],
    began: ['unmanagedKey'],
    ended: ['unmanagedKey'],
    open: ['unmanagedKey'],
    changed: true,
  },
  {
    what: 'one that is gone ends',
    before: [open('rotationOverdue')],
    ended: ['rotationOverdue'],
    changed: true,
  },
  {
    what: 'one of the keys does not end with a visit that did not come to them',
    before: [open('stillInUse', ID), open('rotationOverdue')],
    reach: 'userOnly',
    ended: ['rotationOverdue'],
    open: ['stillInUse'],
    changed: true,
  },
  {
    what: 'nothing ends with a visit that failed, which is told only when it fails again',
    before: [open('rotationOverdue')],
    found: [found('visitFailed')],
    reach: 'nothing',
    open: ['visitFailed', 'rotationOverdue'],
    changed: true,
  },
  {
    what: 'a visit that fails the second time is told',
    before: [open('visitFailed', undefined, { told: false, since: NOON - 45 * MINUTE })],
    found: [found('visitFailed')],
    reach: 'nothing',
    began: ['visitFailed'],
    open: ['visitFailed'],
    changed: true,
  },
  {
    what: 'a visit that fails again within minutes is not told yet',
    before: [open('visitFailed', undefined, { told: false, since: NOON - 5 * MINUTE })],
    found: [found('visitFailed')],
    reach: 'nothing',
    open: ['visitFailed'],
    changed: false,
  },
  {
    what: 'what was never told does not end aloud',
    before: [open('visitFailed', undefined, { told: false })],
    changed: true,
  },
  {
    what: 'the same found twice is one',
    found: [found('keyPastMaximumAge', ID), found('keyPastMaximumAge', ID)],
    began: ['keyPastMaximumAge'],
    open: ['keyPastMaximumAge'],
    changed: true,
  },
];

test.each(cases)('$what', ({ before = [], found: now = [], reach = 'everything', changed, ...expected }) => {
  const changes = compareFindings(before, now, reach, NOON);
  const kinds = (findings: readonly OpenFinding[]): string[] => findings.map(({ kind }) => kind);
  expect(kinds(changes.began)).toEqual(expected.began ?? []);
  expect(kinds(changes.ended)).toEqual(expected.ended ?? []);
  expect(kinds(changes.open)).toEqual(expected.open ?? []);
  expect(changes.changed).toBe(changed);
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
