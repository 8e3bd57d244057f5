import { ReadCounter } from '../../../cli/report/count-reads';
import { histogramOf, withAge } from '../../../cli/report/age-chart';
import { reportOf } from '../../../cli/report/report';
import { reportDocument, SECTIONS } from '../../../cli/report/report-document';
import { DAY, SECOND } from '../../../contract/instant';
import { NOW, someFacts } from './support/facts';

describe('the document of a report', () => {
  const facts = someFacts(120);
  const document = reportOf(facts);

  it('is what its schema says', () => {
    expect(reportDocument.parse(document)).toEqual(document);
  });

  it('judges an active key by the policy of its user, and no inactive one', () => {
    for (const { status, ageSeconds, maximumAgeSeconds, verdict } of document.keys) {
      const expected =
        status === 'Inactive' ? 'inactive' : ageSeconds > maximumAgeSeconds! ? 'over' : 'within';
      expect(verdict).toBe(expected);
    }
    expect(document.keys[0]!.verdict).toBe('over');
    expect(document.numbers.overAge).toBe(document.keys.filter(({ verdict }) => verdict === 'over').length);
  });

  it('does not count a key as fine whose user cannot be read', () => {
    const [first, ...others] = facts.status.users;
    const unknown = { ...first! };
    delete unknown.maximumKeyAgeSeconds;
    const users = [unknown, ...others];
    const [key] = reportOf({ ...facts, status: { ...facts.status, users } }).keys.filter(
      ({ user }) => user === unknown.user,
    );
    expect(key!.verdict).toBe('noPolicy');
  });

  it('leaves out what was before the period and after it', () => {
    const period = { from: NOW - 10 * DAY, until: NOW - 5 * DAY };
    const short = reportOf({ ...facts, period });
    const moments = [...short.keyActs, ...short.journal].map(({ at }) => Date.parse(at));
    expect(moments.length).toBeGreaterThan(0);
    expect(moments.filter((at) => at < period.from || at > period.until)).toEqual([]);
    expect(short.rotations.length).toBeLessThan(document.rotations.length);
    expect(short.keys).toEqual(document.keys);
  });

  it('does not count an act that AWS refused as done', () => {
    expect(document.keyActs.some(({ act, refused }) => act === 'deleted' && refused !== undefined)).toBe(
      true,
    );
    expect(document.numbers.keysDeleted).toBe(0);
  });

  it('names for each control what was found, and where in the report', () => {
    for (const { found, evidence } of document.controls) {
      expect(found.length).toBeGreaterThan(0);
      expect(evidence.filter((section) => !SECTIONS.includes(section))).toEqual([]);
    }
    const iam3 = document.controls.find(({ id }) => id === 'IAM.3')!;
    const old = document.keys.filter(
      ({ status, ageSeconds }) => status === 'Active' && ageSeconds * SECOND > 90 * DAY,
    );
    expect(iam3.found[0]).toBe(
      `${old.length} of ${document.numbers.activeKeys} active keys ${old.length === 1 ? 'is' : 'are'} older than 90 days.`,
    );
  });
});

describe('the chart of ages', () => {
  it.each([30, 500])('has every active key of %i users in one of at most 20 bins', (users) => {
    const keys = withAge(reportOf(someFacts(users)).keys);
    const { bins } = histogramOf(keys);
    expect(bins.length).toBeLessThanOrEqual(20);
    const sum = (of: 'within' | 'over'): number => bins.reduce((all, bin) => all + bin[of], 0);
    expect(sum('over')).toBe(keys.filter(({ verdict }) => verdict === 'over').length);
    expect(sum('within') + sum('over')).toBe(keys.length);
  });
});

describe('reads', () => {
  it('are counted by reader and secret, with few examples of where they came from', () => {
    const counter = new ReadCounter();
    for (let at = 0; at < 50; at += 1)
      counter.add({
        ...{ at, user: at % 2 ? 'a' : 'b', principal: 'p', isRefused: at === 7 },
        ...{ address: `10.0.0.${at}`, userAgent: 'sdk' },
      });
    const [ofB, ofA] = counter.counts();
    expect(ofA).toMatchObject({
      user: 'a',
      reads: 24,
      refused: 1,
      firstAt: 1,
      lastAt: 49,
      userAgents: ['sdk'],
    });
    expect(ofB).toMatchObject({ user: 'b', reads: 25, refused: 0 });
    expect(ofA!.addresses).toHaveLength(10);
  });
});
