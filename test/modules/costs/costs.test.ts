import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { COUNTERS, DURATIONS, GAUGES, PER_USER_GAUGES } from '../../../contract/telemetry-names';
import { costTables } from '../../../modules/costs/cost-tables';
import { costLines, FURTHER_LINES } from '../../../modules/costs/monthly-costs';
import { partsOf } from '../../../modules/costs/stack-parts';

const PROJECT = join(__dirname, '../../..');

/** Cells without the blanks that prettier lines them up with. */
const rowsOf = (markdown: string): readonly string[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ -:|]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    );

describe('what a stack costs', () => {
  const parts = partsOf('per-user');
  const lines = costLines(parts);
  const dollarsOf = (what: string, users: number): number =>
    lines.find((line) => line.what === what)!.dollars(users);

  it('is what docs/costs.md says; else run npm run generate', () => {
    const page = readFileSync(join(PROJECT, 'docs/costs.md'), 'utf8');
    const written = page.slice(page.indexOf('<!-- costs:start -->'), page.indexOf('<!-- costs:end -->'));

    expect(rowsOf(written)).toEqual(rowsOf(costTables()));
  });

  it('is counted in what is synthesized: a secret for each user, a dashboard for all', () => {
    for (const layout of ['per-user', 'shared'] as const) {
      expect(partsOf(layout)).toMatchObject({
        secrets: { perStack: 0, perUser: 1 },
        dashboards: { perStack: 1, perUser: 0 },
      });
    }
  });

  it('is reckoned as a person would: secrets, reads and metrics of 100 users', () => {
    expect(dollarsOf('the secrets', 100)).toBeCloseTo(40, 6);
    expect(dollarsOf('applications that read them', 100)).toBeCloseTo(86.4 * 0.05, 6);
    expect(dollarsOf('metrics', 100)).toBeCloseTo(
      (COUNTERS.length + DURATIONS.length + GAUGES.length + 1) * 0.3,
      6,
    );
    expect(FURTHER_LINES.at(-1)!.dollars(100)).toBeCloseTo(100 * PER_USER_GAUGES.length * 0.3, 6);
  });

  it('does not grow with the users but for their secrets, what is asked of those, and what the runs take', () => {
    const grows = lines.filter(({ dollars }) => dollars(1_000) > 1.5 * dollars(10)).map(({ what }) => what);

    expect(grows).not.toContain('metrics');
    expect(grows).not.toContain('the dashboard');
  });

  it('is said in short in the README, rounded', () => {
    const total = lines.reduce((sum, { dollars }) => sum + dollars(100), 0);
    const [, said] = /comes to some \$(\d+) a month/.exec(readFileSync(join(PROJECT, 'README.md'), 'utf8'))!;

    expect(Math.abs(total - Number(said))).toBeLessThan(5);
  });
});
