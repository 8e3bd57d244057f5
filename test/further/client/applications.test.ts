import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import {
  CHAPTERS,
  RETRYING,
  runApplications,
  type RunReport,
  STATIC,
  tableOf,
  WITHOUT_RETRY,
} from '../../e2e/client/support/run-applications';

/** Large, in a quarter of an hour: `npm run bench:applications`. */
const SMALL = {
  rotations: 1,
  rotationsWithoutOverlap: 1,
  outageSeconds: 6,
  refreshSeconds: 4,
  propagationSeconds: 0.5,
  farPropagationSeconds: 2.5,
};

const WITH_OVERLAP = ['rotations', 'outage', 'rollback'] as const;

/** The tests look at one run from different sides. */
describeWithTools('applications at work while their keys are rotated, replaced and rolled back', () => {
  let report: RunReport;
  beforeAll(async () => {
    report = await runApplications(SMALL);
    console.info(tableOf(report));
  });
  const total = (application: string, what: 'calls' | 'failed' | 'refused'): number =>
    report.chapters.filter((one) => one.application === application).reduce((sum, one) => sum + one[what], 0);
  const chapter = (application: string, name: string) =>
    report.chapters.find((one) => one.application === application && one.chapter === name)!;

  it('see no call fail with the provider and the one retry, in any chapter', () => {
    expect(CHAPTERS.map((name) => chapter(RETRYING, name).failed)).toEqual([0, 0, 0, 0, 0]);
    expect(total(RETRYING, 'calls')).toBeGreaterThan(500);
    // It did go through every key, and the retry was needed.
    expect(report.keysUsed).toBeGreaterThanOrEqual(SMALL.rotations + SMALL.rotationsWithoutOverlap + 5);
    expect(chapter(RETRYING, 'emergency').refused).toBeGreaterThan(0);
    expect(chapter(RETRYING, 'no overlap').refused).toBeGreaterThan(0);
  });

  it('see no call fail with the provider alone while the old key works on, and some where it ends at once', () => {
    expect(WITH_OVERLAP.map((name) => chapter(WITHOUT_RETRY, name).failed)).toEqual([0, 0, 0]);
    expect(chapter(WITHOUT_RETRY, 'emergency').failed).toBeGreaterThan(0);
    expect(chapter(WITHOUT_RETRY, 'no overlap').failed).toBeGreaterThan(0);
  });

  it('fail for good with what the SDK keeps of a credential_process', () => {
    expect(chapter(STATIC, 'outage').failed).toBe(chapter(STATIC, 'outage').calls);
    expect(total(STATIC, 'failed')).toBeGreaterThan(total(STATIC, 'calls') / 2);
  });
});
