import { DAY } from '../../contract/instant';
import type { Line } from '../print';
import { table } from '../table';
import { countsOf } from './adopt-document';
import type { Finding } from './survey';
import { ADVICE, VERDICTS } from './verdict';

/** The findings as a person reads them: a table for each verdict, the most urgent first, and the counts at the end. */
export function findingsText(findings: readonly Finding[], now: number): readonly Line[] {
  const counts = countsOf(findings);
  const tables = VERDICTS.filter((name) => counts[name] !== undefined).flatMap((name): readonly Line[] => [
    [{ text: `${name} (${counts[name] ?? 0})`, colour: 'bold' }, `: ${ADVICE[name]}`],
    ...table(
      ['  user', 'key', 'age', 'last used', 'sure', 'why'],
      findings.filter(({ verdict }) => verdict === name).map((finding) => row(finding, now)),
    ),
    '',
  ]);
  const total = VERDICTS.flatMap((name) => (counts[name] === undefined ? [] : [`${counts[name]} ${name}`]));
  return [
    ...tables,
    findings.length === 0 ? 'No access keys.' : `${findings.length} access keys: ${total.join(', ')}.`,
  ];
}

function row(
  { user, key, lastUse, certainty, evidence }: Finding,
  now: number,
): readonly (string | { text: string })[] {
  const [why = ''] = evidence;
  return [
    `  ${user.userName}`,
    key.id,
    days(now - key.createdAt),
    lastUse === undefined ? 'never' : days(now - lastUse.at),
    certainty === 'guess' ? 'guess' : 'yes',
    why,
  ];
}

/** Whole days: `0d` is within the last one. */
const days = (age: number): string => `${Math.max(0, Math.floor(age / DAY))}d`;
