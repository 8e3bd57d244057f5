import { createHash } from 'node:crypto';

import { writePage } from '../../../cli/report/page';
import { reportOf } from '../../../cli/report/report';
import { reportDocument, type ReportDocument } from '../../../cli/report/report-document';
import { someFacts } from './support/facts';

function pageOf(document: ReportDocument): string {
  const pieces: string[] = [];
  writePage(document, (piece) => pieces.push(piece));
  return pieces.join('');
}

/** The document with other text in every place where the text is somebody else's: owners, names, principals, programs, … */
function withTexts(document: ReportDocument, text: string): ReportDocument {
  const ENUMS = [
    'role',
    'status',
    'verdict',
    'result',
    'act',
    'cause',
    'kind',
    'severity',
    'when',
    'evidence',
  ];
  const replaced = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => replaced(one, name));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, key)]));
    const isOurs = typeof value !== 'string' || ENUMS.includes(name) || /^\d{4}-\d{2}-\d{2}T/.test(value);
    return isOurs ? value : text;
  };
  return reportDocument.parse(replaced(document, ''));
}

const tagsOf = (page: string): readonly string[] => page.match(/<[^>]*>/g) ?? [];
const namesOf = (page: string): readonly string[] => tagsOf(page).map((tag) => tag.split(/[\s>]/)[0]!);

describe('the page of a report', () => {
  const document = reportOf(someFacts(80));
  const page = pageOf(document);

  it.each([
    `<script>alert(1)</script>`,
    `"><img src=x onerror=alert(1)>`,
    `' onmouseover='alert(1)`,
    `</td></table></style></title><svg onload=alert(1)>`,
    `<!-- `,
    `javascript:alert(1)`,
    `</span\n><iframe srcdoc="&lt;script>">`,
  ])('has the same tags and attributes when every text of others is %s', (text) => {
    const attributesOf = (html: string): readonly string[] =>
      tagsOf(html).map((tag) => tag.replaceAll(/="[^"]*"/g, '=""'));
    const benign = pageOf(withTexts(document, 'text'));
    const attacked = pageOf(withTexts(document, text));

    expect(namesOf(attacked)).toEqual(namesOf(benign));
    expect(attributesOf(attacked)).toEqual(attributesOf(benign));
  });

  it('has no script, no handler, no form and no picture', () => {
    expect(
      [...new Set(namesOf(page))].filter((name) =>
        /^<(script|img|iframe|object|embed|form|link|base)/.test(name),
      ),
    ).toEqual([]);
    expect(tagsOf(page).filter((tag) => /\son\w+=/i.test(tag))).toEqual([]);
    // An attribute style would need 'unsafe-inline' in the policy.
    expect(tagsOf(page).filter((tag) => /\sstyle=/i.test(tag))).toEqual([]);
  });

  it('names nothing outside of itself', () => {
    const links = tagsOf(page).flatMap(
      (tag) => tag.match(/\s(?:href|src|srcset|action|data|poster)="[^"]*"/g) ?? [],
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !/^ href="#[a-z]+"$/.test(link))).toEqual([]);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    expect(style).not.toMatch(/url\(|@import|@font-face/);
  });

  it('allows its own style by its hash, and nothing else', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const [, policy] = /<meta\s+http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    // What comes before it would not be held by it.
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('has a link to each of its parts, and each link leads somewhere', () => {
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    const targets = new Set([...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id));
    expect([...targets].filter((target) => !ids.has(target))).toEqual([]);
    expect(targets.size).toBe(10);
  });

  it('has every key, every rotation and every reader', () => {
    for (const { keyId } of document.keys) expect(page).toContain(keyId);
    const rows = page.match(/<tr role="row">/g)!.length;
    const parts = [
      'keys',
      'rotations',
      'keyActs',
      'journal',
      'holds',
      'exemptions',
      'reads',
      'faults',
      'unseen',
    ] as const;
    const told = parts.map((part) => document[part].length);
    expect(rows).toBe(told.reduce((all, one) => all + one, 0) + parts.length);
  });

  it('says of a stack without users that there is nothing to show', () => {
    const nothing = pageOf(
      reportOf({
        ...someFacts(0),
        ...{ endedFaults: [], unseen: [] },
      }),
    );
    expect(nothing).toContain('IAM lists no key, or could not be asked.');
    expect(nothing).toContain('Everything was seen.');
    expect(nothing).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('does not say of anything that it meets a requirement', () => {
    expect(page).not.toMatch(/\b(is |are |fully )?compliant\b|\bpassed\b/i);
  });
});
