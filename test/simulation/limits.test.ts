import * as timing from '../../handlers/core/model/timing';
import { REMOVAL_LAG, WORST } from '../support/in-memory-aws/weather';
import * as limits from './engine/limits';

/** If one of these fails, the product relies on something that the simulated world does not keep to. */
describe('the world is as bad as the product expects it to be, and no worse', () => {
  it('calls end within LONGEST_CALL', () => {
    expect(limits.LONGEST_CALL).toBe(timing.LONGEST_CALL);
    expect(WORST.call).toBeLessThan(timing.LONGEST_CALL);
  });

  it('a call that was given up may be performed until the lease that it was sent under is nearly over', () => {
    const shortestLease = timing.LEASE - timing.FRESH;
    expect(limits.LATEST_PERFORMANCE).toBeLessThan(shortestLease - timing.CLOCK_SKEW);
    expect(limits.LATEST_PERFORMANCE).toBeGreaterThan(shortestLease - timing.CLOCK_SKEW - 10_000);
  });

  it('clocks are at most CLOCK_SKEW apart', () => {
    expect(limits.CLOCK_SKEW).toBe(timing.CLOCK_SKEW);
    expect(2 * WORST.skew).toBe(timing.CLOCK_SKEW);
  });

  it('listings lag behind by nearly LISTING_LAG', () => {
    expect(WORST.listing).toBeLessThan(timing.LISTING_LAG);
    expect(WORST.listing).toBeGreaterThan(timing.LISTING_LAG - 10_000);
  });

  it('answers about a secret lag behind by less than READ_LAG', () => {
    expect(WORST.secret).toBeLessThan(timing.READ_LAG);
    expect(WORST.value).toBeLessThan(timing.READ_LAG);
    expect(WORST.value).toBeGreaterThan(timing.READ_LAG - 10_000);
  });

  it('a new key works well within PROOF_WAIT, and a removed one stops within seconds', () => {
    expect(WORST.newKey).toBeLessThan(timing.PROOF_WAIT);
    expect(REMOVAL_LAG).toBeLessThan(10_000);
  });
});
