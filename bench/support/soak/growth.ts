/** What was measured at a moment, in minutes since the beginning. */
export interface Measured {
  readonly minute: number;
  readonly megabytes: number;
}

/** From the mean of the first minutes to the mean of the last: what a collection does to one sample matters little. */
export function growthBetween(
  samples: readonly Measured[],
  { from, to, minutes }: { readonly from: number; readonly to: number; readonly minutes: number },
): number {
  const first = samples.filter(({ minute }) => minute >= from && minute < from + minutes);
  const last = samples.filter(({ minute }) => minute > to - minutes && minute <= to);
  return mean(last) - mean(first);
}

/** The slope of the line with the least squares. */
export function growthPerHour(samples: readonly Measured[]): number {
  if (samples.length < 2) throw new Error('A line needs two samples.');
  const middle = samples.reduce((sum, { minute }) => sum + minute, 0) / samples.length;
  const [level, of] = [mean(samples), (minute: number) => minute - middle];
  const together = samples.reduce((sum, { minute, megabytes }) => sum + of(minute) * (megabytes - level), 0);
  return (60 * together) / samples.reduce((sum, { minute }) => sum + of(minute) ** 2, 0);
}

/** The sample that is nearest to a minute. */
export function at(samples: readonly Measured[], minute: number): number {
  const [first, ...others] = samples;
  if (first === undefined) throw new Error('Nothing was measured.');
  const distance = (sample: Measured): number => Math.abs(sample.minute - minute);
  return others.reduce((near, sample) => (distance(sample) < distance(near) ? sample : near), first)
    .megabytes;
}

function mean(samples: readonly Measured[]): number {
  if (samples.length === 0) throw new Error('Nothing was measured in these minutes.');
  return samples.reduce((sum, { megabytes }) => sum + megabytes, 0) / samples.length;
}
