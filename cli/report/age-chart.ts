import { DAY, SECOND } from '../../contract/instant';
import { html, type Html, type Value } from './html';
import type { ReportKey } from './report-document';

/*
 * The ages of active keys, drawn without a library. Places across are in percent and heights in pixels, so that the drawing takes
 * the width of the page and its letters keep their size on a phone.
 */

/** So many keys get a bar each; of more, the chart shows how many are how old. */
const MOST_BARS = 24;

const MOST_BINS = 20;
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 90, 180, 365] as const;

/** Keys of at least `from` and less than `from + width` days. */
export interface Bin {
  readonly from: number;
  readonly within: number;
  readonly over: number;
}

export interface Histogram {
  /** Of each bin, in days. */
  readonly width: number;
  readonly bins: readonly Bin[];
}

const daysOf = (length: number): number => (length * SECOND) / DAY;

/** What has an age that the policy asks for. */
export const withAge = (keys: readonly ReportKey[]): readonly ReportKey[] =>
  keys.filter(({ verdict }) => verdict !== 'inactive');

/** Bins up to the oldest key and the longest limit, whichever is more. */
export function histogramOf(keys: readonly ReportKey[]): Histogram {
  const longest = longestOf(keys);
  const width = WIDTHS.find((one) => longest / one < MOST_BINS) ?? Math.ceil(longest / MOST_BINS);
  const bins = Array.from({ length: Math.floor(longest / width) + 1 }, (_, index) => ({
    ...{ from: index * width, within: 0, over: 0 },
  }));
  for (const { ageSeconds, verdict } of keys) {
    const bin = bins[Math.floor(daysOf(ageSeconds) / width)];
    if (bin !== undefined) bin[verdict === 'over' ? 'over' : 'within'] += 1;
  }
  return { width, bins };
}

/** In days. */
const longestOf = (keys: readonly ReportKey[]): number =>
  keys.reduce(
    (longest, { ageSeconds, maximumAgeSeconds = 0 }) =>
      Math.max(longest, daysOf(ageSeconds), daysOf(maximumAgeSeconds)),
    1,
  );

/** Undefined: there is no active key. */
export function ageChart(all: readonly ReportKey[]): Html | undefined {
  const keys = withAge(all);
  if (keys.length === 0) return undefined;
  return keys.length <= MOST_BARS ? barOfEach(keys) : histogram(keys);
}

const percent = (part: number): string => `${Number((part * 100).toFixed(2))}%`;
const inDays = (length: number): string =>
  daysOf(length) < 1 ? 'under 1 d' : `${Math.floor(daysOf(length))} d`;

function barOfEach(keys: readonly ReportKey[]): Html {
  const longest = longestOf(keys);
  const row = 38;
  const bars = keys.map(({ user, role, ageSeconds, maximumAgeSeconds, verdict }, index) => {
    const top = index * row;
    const [age, limit] = [daysOf(ageSeconds) / longest, daysOf(maximumAgeSeconds ?? 0) / longest];
    return html`<text class="label" x="0" y="${top + 13}">${shortened(user)}, ${role}</text>
      <text x="100%" y="${top + 13}" text-anchor="end"
        >${inDays(ageSeconds)}${maximumAgeSeconds === undefined ? '' : ` of ${inDays(maximumAgeSeconds)}`}</text
      >
      <rect class="rail" x="0" y="${top + 19}" width="100%" height="9" />
      <rect
        class="${verdict === 'over' ? 'beyond' : 'within'}"
        x="0"
        y="${top + 19}"
        width="${percent(age)}"
        height="9"
      />
      ${maximumAgeSeconds === undefined ? undefined : html`<line class="tick" x1="${percent(limit)}" x2="${percent(limit)}" y1="${top + 16}" y2="${top + 31}" />`}`;
  });
  return figure(
    html`<svg class="chart rows" height="${keys.length * row}" role="img" aria-labelledby="chart-title">
      <title id="chart-title">The age of each active key, and the limit of its policy</title>
      ${bars}
    </svg>`,
    html`<li>
      <svg width="3" height="11" aria-hidden="true">
        <line class="tick" x1="1.5" x2="1.5" y1="0" y2="11" /></svg
      >limit of the policy
    </li>`,
    'One bar for each active key, those over their policy first.',
  );
}

/** A bar has to keep some place for itself on a phone. */
const shortened = (text: string): string => (text.length > 28 ? `${text.slice(0, 27)}…` : text);

const HEIGHT = 190;
const TOP = 34;

function histogram(keys: readonly ReportKey[]): Html {
  const { width, bins } = histogramOf(keys);
  const span = bins.length * width;
  const most = Math.max(...bins.map(({ within, over }) => within + over));
  const step = niceStep(most);
  const top = Math.ceil(most / step) * step;
  const yOf = (count: number): number => TOP + HEIGHT - (count / top) * HEIGHT;
  const lines = Array.from({ length: top / step + 1 }, (_, index) => index * step).map(
    (count) =>
      html`<line
          class="${count === 0 ? 'axis' : 'grid'}"
          x1="0"
          x2="100%"
          y1="${yOf(count)}"
          y2="${yOf(count)}"
        />
        <text x="-8" y="${yOf(count) + 4}" text-anchor="end">${count}</text>`,
  );
  const gap = 0.08 / bins.length;
  const bars = bins.map(({ within, over }, index) => {
    const [x, wide] = [percent(index / bins.length + gap), percent(1 / bins.length - 2 * gap)];
    const bar = (name: string, from: number, to: number): Html | undefined =>
      from === to
        ? undefined
        : html`<rect
            class="${name}"
            x="${x}"
            width="${wide}"
            y="${yOf(to)}"
            height="${yOf(from) - yOf(to)}"
          />`;
    const count = within + over;
    return html`${bar('within', 0, within)}${bar('beyond', within, count)}${count === 0 ? undefined : html`<text class="tally" x="${percent((index + 0.5) / bins.length)}" y="${yOf(count) - 5}" text-anchor="middle">${count}</text>`}`;
  });
  const every = Math.ceil(bins.length / 10);
  const labels = Array.from({ length: bins.length + 1 }, (_, index) => index)
    .filter((index) => index % every === 0)
    .map(
      (index, at) =>
        html`<text
          class="${at % 2 === 1 ? 'minor' : ''}"
          x="${percent(index / bins.length)}"
          y="${TOP + HEIGHT + 17}"
          text-anchor="middle"
          >${index * width}</text
        >`,
    );
  return figure(
    html`<svg class="chart" height="${TOP + HEIGHT + 40}" role="img" aria-labelledby="chart-title">
      <title id="chart-title">How many active keys are how old, in days</title>
      ${lines} ${bars} ${limitLines(keys, span)} ${labels}
      <text x="50%" y="${TOP + HEIGHT + 36}" text-anchor="middle">age in days</text>
    </svg>`,
    html`<li>
      <svg width="16" height="11" aria-hidden="true"><line class="limit" x1="0" x2="16" y1="6" y2="6" /></svg
      >limit of the policy
    </li>`,
    `Active keys by age, in steps of ${width === 1 ? 'a day' : `${width} days`}. The table has every key.`,
  );
}

/** Users may have policies of their own: the limits of most keys have a line. */
const MOST_LIMITS = 3;

function limitLines(keys: readonly ReportKey[], span: number): Value {
  const counts = new Map<number, number>();
  for (const { maximumAgeSeconds } of keys) {
    if (maximumAgeSeconds !== undefined)
      counts.set(maximumAgeSeconds, (counts.get(maximumAgeSeconds) ?? 0) + 1);
  }
  const common = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MOST_LIMITS);
  return common
    .map(([limit]) => limit)
    .sort((a, b) => a - b)
    .map((limit, index) => {
      const x = daysOf(limit) / span;
      const y = 9 + index * 13;
      // The text stands where it has room.
      const [anchor, shift] = x > 0.7 ? ['end', -5] : ['start', 5];
      return html`<line
          class="limit"
          x1="${percent(x)}"
          x2="${percent(x)}"
          y1="${y - 8}"
          y2="${TOP + HEIGHT}"
        />
        <text class="limit" x="${percent(x)}" dx="${shift}" y="${y}" text-anchor="${anchor}"
          >limit ${inDays(limit)}</text
        >`;
    });
}

/** 1, 2, 5, 10, 20, … so that there are five lines or fewer. */
function niceStep(most: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (most / (factor * power) <= 5) return factor * power;
    }
  }
}

const figure = (chart: Html, limit: Html, caption: string): Html =>
  html`<figure>
    <ul class="legend">
      <li>
        <svg width="11" height="11" aria-hidden="true"><rect class="within" width="11" height="11" /></svg
        >within the policy
      </li>
      <li>
        <svg width="11" height="11" aria-hidden="true"><rect class="beyond" width="11" height="11" /></svg
        >older than the policy
      </li>
      ${limit}
    </ul>
    ${chart}
    <figcaption>${caption}</figcaption>
  </figure>`;
