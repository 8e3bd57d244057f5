import { visible } from '../../contract/visible';
import type { ReportDocument } from './report-document';

const HEAD = ['section', 'user', 'key', 'from', 'until', 'state', 'count', 'what', 'who'] as const;
type Row = Readonly<Partial<Record<(typeof HEAD)[number], string | number | undefined>>>;

/**
 * The document as one table, for spreadsheets: a row says in `section` what it is. Lines end as RFC 4180 has it.
 */
export function writeCsv(document: ReportDocument, write: (text: string) => void): void {
  write(line(HEAD));
  for (const row of rowsOf(document)) write(line(HEAD.map((column) => row[column] ?? '')));
}

function* rowsOf(document: ReportDocument): Generator<Row> {
  const { period, madeAt } = document;
  yield {
    section: 'report',
    ...{ from: period.from, until: period.until, who: document.madeBy },
    what: `Stack ${document.stack} in ${document.region}, account ${document.accountId}, as of ${madeAt}, by ${document.product}`,
  };
  for (const [name, count] of Object.entries(document.numbers))
    yield { section: 'number', what: name, count };
  for (const { user, userName, owner, lastRotatedAt, nextRotationAt } of document.users) {
    yield {
      ...{ section: 'user', user, from: lastRotatedAt, until: nextRotationAt, who: owner },
      what: userName === undefined ? undefined : `IAM user ${userName}`,
    };
  }
  for (const key of document.keys) {
    yield {
      ...{ section: 'key', user: key.user, key: key.keyId, from: key.createdAt, until: key.lastUsedAt },
      ...{ state: `${key.status}, ${key.verdict}`, count: key.ageSeconds, what: key.role },
    };
  }
  for (const { user, startedAt, endedAt, result, failures, why } of document.rotations)
    yield {
      section: 'rotation',
      user,
      from: startedAt,
      until: endedAt,
      state: result,
      count: failures,
      what: why,
    };
  for (const { at, user, act, keyId, by, refused } of document.keyActs)
    yield { section: 'act', user, key: keyId, from: at, state: refused ?? 'done', what: act, who: by };
  for (const { at, user, what } of document.journal) yield { section: 'journal', user, from: at, what };
  for (const { user, keyId, cause, why, since } of document.holds)
    yield { section: 'hold', user, key: keyId, from: since, state: cause, what: why };
  for (const { user, owner, reason, until } of document.exemptions)
    yield { section: 'exemption', user, until, what: reason, who: owner };
  for (const { principal, user, reads, refused, firstAt, lastAt } of document.reads) {
    const read = { section: 'read', user, from: firstAt, until: lastAt, who: principal };
    if (reads > 0) yield { ...read, state: 'done', count: reads };
    if (refused > 0) yield { ...read, state: 'refused', count: refused };
  }
  for (const { user, kind, severity, title, what, keyId, since, endedAt } of document.faults) {
    yield {
      ...{ section: 'fault', user, key: keyId, from: since, until: endedAt },
      ...{
        state: `${severity}, ${endedAt === undefined ? 'open' : 'over'}`,
        what: `${title}. ${what}`,
        who: kind,
      },
    };
  }
  for (const { framework, id, found } of document.controls)
    yield { section: 'control', state: id, what: found.join(' '), who: framework };
  for (const { what, why, when } of document.unseen)
    yield { section: 'unseen', state: when, what: `${what} ${why}` };
}

const line = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(',')}\r\n`;

/**
 * Where a program for tables takes what follows for a formula, and runs it: at the beginning of a cell, and behind a semicolon, at which
 * Excel begins a cell wherever the comma is the decimal sign, and quotation marks then are none. With an apostrophe there, it is text.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const BEFORE_FORMULA = /(?<=^|;)(?=[\s'"]*[=+\-@＝＋－＠])/gu;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return `"${visible(value).replaceAll(BEFORE_FORMULA, "'").replaceAll('"', '""')}"`;
}
