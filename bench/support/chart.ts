/** A line chart as SVG: no library, because the small ones draw in a browser only, and the others bring a browser. */
export interface Chart {
  /** The name of the file, without its end. */
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Axis {
  /** With the unit. */
  readonly label: string;
  /** `log`: each step is ten times the one before. @default linear, from 0 */
  readonly scale?: 'linear' | 'log';
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A limit or a baseline: dashed and grey. */
  readonly isLimit?: boolean;
}

const WIDTH = 720;
const [LEFT, RIGHT] = [74, WIDTH - 20];
/** Of the plot, without the title, the names and the axis. */
const PLOT_HEIGHT = 296;
/** The title and each name have their line above the plot: in it, a name would hide what is drawn. */
const [TITLE_HEIGHT, NAME_HEIGHT, AXIS_HEIGHT] = [40, 18, 56];
/** For eyes that tell few colours apart (Okabe and Ito), and dark enough on white. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
const GREY = '#59636e';

/** @throws Error where there is nothing to draw, or a logarithm of nothing. */
export function svgOf({ title, x, y, lines }: Chart): string {
  const top = TITLE_HEIGHT + lines.length * NAME_HEIGHT;
  const bottom = top + PLOT_HEIGHT;
  const height = bottom + AXIS_HEIGHT;
  const xs = scaleOf(x, valuesOf(lines, 0), LEFT, RIGHT);
  const ys = scaleOf(y, valuesOf(lines, 1), bottom, top);
  let coloured = 0;
  const looks = lines.map(({ isLimit = false }) =>
    isLimit
      ? { colour: GREY, dash: ' stroke-dasharray="6 4"' }
      : { colour: COLOURS[coloured++ % COLOURS.length]!, dash: '' },
  );
  const parts = [
    text(LEFT, 22, title, { size: 15, weight: 'bold' }),
    ...ys.ticks.flatMap((value) => [
      `<line x1="${LEFT}" y1="${ys.at(value)}" x2="${RIGHT}" y2="${ys.at(value)}" stroke="#d1d9e0"/>`,
      text(LEFT - 8, ys.at(value) + 4, label(value), { anchor: 'end' }),
    ]),
    ...xs.ticks.flatMap((value) => [
      `<line x1="${xs.at(value)}" y1="${bottom}" x2="${xs.at(value)}" y2="${bottom + 5}" stroke="${GREY}"/>`,
      text(xs.at(value), bottom + 20, label(value), { anchor: 'middle' }),
    ]),
    `<line x1="${LEFT}" y1="${bottom}" x2="${RIGHT}" y2="${bottom}" stroke="${GREY}"/>`,
    text((LEFT + RIGHT) / 2, height - 12, x.label, { anchor: 'middle' }),
    `<g transform="translate(16 ${(top + bottom) / 2}) rotate(-90)">${text(0, 0, y.label, { anchor: 'middle' })}</g>`,
    ...lines.map(({ points }, index) => {
      const { colour, dash } = looks[index]!;
      const path = points.map(([px, py]) => `${xs.at(px)},${ys.at(py)}`).join(' ');
      return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`;
    }),
    ...lines.flatMap(({ points, isLimit }, index) =>
      isLimit === true || points.length > 20
        ? []
        : points.map(
            ([px, py]) =>
              `<circle cx="${xs.at(px)}" cy="${ys.at(py)}" r="3" fill="${looks[index]!.colour}"/>`,
          ),
    ),
    ...lines.flatMap(({ name }, index) => {
      const { colour, dash } = looks[index]!;
      const at = TITLE_HEIGHT + index * NAME_HEIGHT;
      return [
        `<line x1="${LEFT}" y1="${at}" x2="${LEFT + 24}" y2="${at}" stroke="${colour}" stroke-width="2"${dash}/>`,
        text(LEFT + 30, at + 4, name),
      ];
    }),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

interface Scale {
  readonly ticks: readonly number[];
  /** Where a value is drawn, to a tenth of a point. */
  at(value: number): number;
}

const valuesOf = (lines: readonly Line[], axis: 0 | 1): readonly number[] =>
  lines.flatMap(({ points }) => points.map((point) => point[axis]));

function scaleOf(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value)))
    throw new Error(`The axis "${axis.label}" needs numbers, and at least one.`);
  return axis.scale === 'log' ? logScale(axis, values, from, to) : linearScale(values, from, to);
}

const place = (share: number, from: number, to: number): number =>
  Math.round((from + share * (to - from)) * 10) / 10;

function linearScale(values: readonly number[], from: number, to: number): Scale {
  const most = Math.max(...values, 0);
  const step = niceStep(most === 0 ? 1 : most / 5);
  const end = Math.max(step, Math.ceil(most / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => place(value / end, from, to) };
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least - 1e-9) ?? 10 * power;
}

function logScale({ label: name }: Axis, values: readonly number[], from: number, to: number): Scale {
  if (values.some((value) => value <= 0)) throw new Error(`The axis "${name}" is logarithmic: it has no 0.`);
  const [first, last] = [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ];
  const end = Math.max(first + 1, last);
  const ticks = Array.from({ length: end - first + 1 }, (_, index) => 10 ** (first + index));
  return { ticks, at: (value) => place((Math.log10(value) - first) / (end - first), from, to) };
}

const label = (value: number): string =>
  Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 });

interface TextLook {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: 'bold';
}

function text(x: number, y: number, content: string, { anchor, size, weight }: TextLook = {}): string {
  const attributes = [
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
    ...(weight === undefined ? [] : [`font-weight="${weight}"`]),
  ];
  return `<text x="${x}" y="${y}" ${[...attributes, 'fill="#1f2328"'].join(' ')}>${escaped(content)}</text>`;
}

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
