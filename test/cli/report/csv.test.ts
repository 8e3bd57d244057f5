import { writeCsv } from '../../../cli/report/csv';
import { reportOf, type ReportFacts } from '../../../cli/report/report';
import { someFacts } from './support/facts';

function csvOf(facts: ReportFacts): string {
  const lines: string[] = [];
  writeCsv(reportOf(facts), (line) => lines.push(line));
  return lines.join('');
}

const withReason = (reason: string): ReportFacts => {
  const facts = someFacts(3);
  const users = facts.status.users.map((user) =>
    user.exemption === undefined ? user : { ...user, exemption: { ...user.exemption, reason } },
  );
  return { ...facts, status: { ...facts.status, users } };
};

const reasonIn = (csv: string): string => /^"exemption",.*?,("(?:'|[^"]|"")*"),"[^"]*"\r$/m.exec(csv)![1]!;

describe('the CSV file of a report', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '"=1', '＝1'])(
    'has an apostrophe before %j, so that no spreadsheet takes it for a formula',
    (text) => {
      expect(reasonIn(csvOf(withReason(text)))).toMatch(/^"'/);
    },
  );

  it.each(['a;=1+1;', 'a; @SUM(A1)', 'a;"=1+1";b'])(
    'has an apostrophe in %j, too, where a comma is the decimal sign and a semicolon begins a cell',
    (text) => {
      for (const cell of csvOf(withReason(text)).split(';').slice(1))
        expect(cell).not.toMatch(/^[\s"]*[=@+-]/);
    },
  );

  it('leaves other text as it is, and doubles quotes', () => {
    expect(reasonIn(csvOf(withReason('a, "b" = c')))).toBe('"a, ""b"" = c"');
  });

  it('has no line break within a cell', () => {
    expect(reasonIn(csvOf(withReason('a\r\n=b')))).toBe('"a\\u{d}\\u{a}=b"');
  });

  it('has as many cells in every line as there are names of columns, and every row of the document', () => {
    const facts = someFacts(40);
    const lines = csvOf(facts).trimEnd().split('\r\n');
    const cells = lines.map((line) => line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,)(?=,|$)/g)!.length);
    expect(new Set(cells)).toEqual(new Set([9]));
    const document = reportOf(facts);
    const of = (section: string): number => lines.filter((line) => line.startsWith(`"${section}"`)).length;
    expect(of('key')).toBe(document.keys.length);
    expect(of('rotation')).toBe(document.rotations.length);
    expect(of('number')).toBe(Object.keys(document.numbers).length);
  });
});
