import type { Line } from '../print';
import type { DoctorDocument } from './doctor-document';

const COLOURS = { problem: 'red', warning: 'yellow' } as const;

/** What was found first, then what nobody knows, then what is fine. */
export function doctorLines({ checks, accountId, region, prefix }: DoctorDocument): readonly Line[] {
  const findings = checks.flatMap((check) => check.findings);
  const unseen = checks.filter(({ outcome }) => outcome === 'couldNotLook');
  const fine = checks.filter(({ outcome }) => outcome === 'fine');
  return [
    ...findings.flatMap(({ severity, subject, found, remedy }): Line[] => [
      [{ text: severity, colour: COLOURS[severity] }, '  ', { text: subject, colour: 'bold' }],
      `  ${found}`,
      `  What to do: ${remedy}`,
      '',
    ]),
    ...unseen.flatMap(({ looksAt, reason }): Line[] => [
      [{ text: 'could not look', colour: 'yellow' }, `  at ${looksAt}`],
      `  ${reason ?? ''}`,
      '',
    ]),
    ...fine.map(({ looksAt }): Line => [{ text: 'fine', colour: 'green' }, `  ${looksAt}`]),
    '',
    `${prefix} in account ${accountId}, ${region}: ${counted(findings.length, 'finding')}, ` +
      `${counted(fine.length, 'check')} fine, ${unseen.length} could not look.`,
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
