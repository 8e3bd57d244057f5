import { DAY, SECOND } from '../../contract/instant';
import type { ReportControl, ReportDocument } from './report-document';

/** What the controls are looked up in. */
export type ControlFacts = Pick<ReportDocument, 'numbers' | 'users' | 'keys' | 'rotations'>;

/** How old a key may be for AWS Security Hub, whatever this stack's policy says (F 7.4). */
const SECURITY_HUB_DAYS = 90;

const KEYS_MAPPED = 'Security Hub IAM.3';
const SECRETS_MAPPED = 'Security Hub SecretsManager.1';

/**
 * The controls that AWS's own documentation maps to IAM.3 and SecretsManager.1 (F 7.4), with what was found. Whether one is met is
 * the auditor's to say: this looks at the users of one stack, and a control is about more.
 */
export function controlsOf(facts: ControlFacts): ReportControl[] {
  const { keyAges, schedules, rotations, atPolicy, recorded, faults, unmanaged } = sentences(facts);
  const keysRotated = {
    asks: 'Active access keys of IAM users are replaced every 90 days or sooner.',
    found: [keyAges, atPolicy],
    evidence: ['ages', 'rotations', 'exemptions', 'holds'] as const,
    mappedBy: KEYS_MAPPED,
  };
  const controls: readonly Readonly<
    Omit<ReportControl, 'evidence'> & { evidence: readonly ReportControl['evidence'][number][] }
  >[] = [
    { framework: 'AWS Security Hub', id: 'IAM.3', ...keysRotated },
    {
      framework: 'AWS Security Hub',
      id: 'SecretsManager.1',
      mappedBy: SECRETS_MAPPED,
      asks: 'Secrets are rotated automatically.',
      found: [schedules, rotations],
      evidence: ['rotations'],
    },
    { framework: 'CIS AWS Foundations 5.0.0', id: '1.13', ...keysRotated },
    { framework: 'CIS AWS Foundations 3.0.0 and 1.4.0', id: '1.14', ...keysRotated },
    { framework: 'CIS AWS Foundations 1.2.0', id: '1.4', ...keysRotated },
    {
      framework: 'PCI DSS 4.0.1',
      id: '8.3.9',
      mappedBy: `${KEYS_MAPPED}, ${SECRETS_MAPPED}`,
      asks: 'What is the only proof of identity is changed at least every 90 days, or access is judged anew all the time.',
      found: [keyAges, rotations],
      evidence: ['ages', 'rotations', 'exemptions'],
    },
    {
      framework: 'PCI DSS 4.0.1',
      id: '8.6.3',
      mappedBy: `${KEYS_MAPPED}, ${SECRETS_MAPPED}`,
      asks: 'Credentials of applications are changed as often as a risk analysis says, and when they may be known to others.',
      found: [atPolicy, rotations, faults],
      evidence: ['ages', 'rotations', 'exemptions', 'faults'],
    },
    {
      framework: 'NIST SP 800-53 Rev. 5',
      id: 'AC-2(1)',
      mappedBy: `${KEYS_MAPPED}, ${SECRETS_MAPPED}`,
      asks: 'Accounts are managed with automated means.',
      found: [schedules, rotations, unmanaged],
      evidence: ['rotations', 'acts'],
    },
    {
      framework: 'NIST SP 800-53 Rev. 5',
      id: 'AC-2(3)',
      mappedBy: KEYS_MAPPED,
      asks: 'What has expired, or is no longer used, is disabled within a set time.',
      found: [recorded, atPolicy],
      evidence: ['acts', 'holds', 'exemptions'],
    },
    {
      framework: 'NIST SP 800-53 Rev. 5',
      id: 'AC-3(15)',
      mappedBy: `${KEYS_MAPPED}, ${SECRETS_MAPPED}`,
      asks: 'Access is enforced by mandatory and by discretionary policies.',
      found: [
        `${numbered(facts.numbers.readers, 'principal')} read secrets, and ${numbered(facts.numbers.readsRefused, 'read was refused', 'reads were refused')}. Policies themselves are not in this report.`,
      ],
      evidence: ['reads', 'unseen'],
    },
  ];
  return controls.map((control) => ({ ...control, evidence: [...control.evidence] }));
}

function sentences({ numbers, users, keys }: ControlFacts) {
  const active = keys.filter(({ status }) => status === 'Active');
  const old = active.filter(({ ageSeconds }) => ageSeconds > (SECURITY_HUB_DAYS * DAY) / SECOND).length;
  const unread = users.filter(({ keysSeen }) => !keysSeen).length;
  const scheduled = users.filter(({ rotationIsScheduled }) => rotationIsScheduled === true).length;
  const unknown = users.filter(({ rotationIsScheduled }) => rotationIsScheduled === undefined).length;
  const foreign = active.filter(({ role }) => role === 'unmanaged').length;
  return {
    keyAges: `${old} of ${numbered(active.length, 'active key')} ${old === 1 ? 'is' : 'are'} older than ${SECURITY_HUB_DAYS} days.${unread === 0 ? '' : ` The keys of ${numbered(unread, 'user')} could not be listed.`}`,
    atPolicy: `${numbers.overAge} of ${numbered(active.length, 'active key')} ${numbers.overAge === 1 ? 'is' : 'are'} older than the policy of the user. ${numbered(numbers.exemptions, 'user is', 'users are')} exempted, and ${numbered(numbers.holds, 'key is', 'keys are')} held.`,
    schedules: `${scheduled} of ${numbered(users.length, 'secret')} ${scheduled === 1 ? 'has' : 'have'} a date for the next rotation.${unknown === 0 ? '' : ` Of ${numbered(unknown, 'secret')} it could not be asked.`}`,
    rotations: `${numbered(numbers.rotationsSucceeded, 'rotation')} succeeded in the period, ${otherRotations(numbers)}.`,
    recorded: `${numbered(numbers.keysDeactivated, 'key was', 'keys were')} deactivated in the period, and ${numbers.keysDeleted} deleted.`,
    faults: `${numbered(numbers.faultsOpen, 'fault is', 'faults are')} open.`,
    unmanaged: `${numbered(foreign, 'active key was', 'active keys were')} made by somebody else.`,
  };
}

/**
 * What became of the rotations of the period that did not succeed: `2 failed`, or `none failed, of 1 no end was seen`. One
 * without an end may be under way: it is no failure.
 */
export const otherRotations = ({
  rotationsFailed,
  rotationsWithoutEnd,
}: Pick<ReportDocument['numbers'], 'rotationsFailed' | 'rotationsWithoutEnd'>): string =>
  [
    `${rotationsFailed === 0 ? 'none' : rotationsFailed} failed`,
    ...(rotationsWithoutEnd === 0 ? [] : [`of ${rotationsWithoutEnd} no end was seen`]),
  ].join(', ');

/** `1 user`, `2 users`. */
export const numbered = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;
