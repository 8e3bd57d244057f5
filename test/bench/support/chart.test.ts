import { svgOf, type Chart } from '../../../bench/support/chart';

const chart = (change: Partial<Chart> = {}): Chart => ({
  name: 'a-chart',
  title: 'Seconds & <limits>',
  x: { label: 'users' },
  y: { label: 'seconds' },
  lines: [
    {
      name: 'measured',
      points: [
        [0, 0],
        [50, 2],
        [100, 4],
      ],
    },
  ],
  ...change,
});

const points = (svg: string): string[] =>
  [...svg.matchAll(/points="([^"]*)"/g)].map(([, found]) => found ?? '');

it('a line goes from the corner of both zeros to the other corner', () => {
  expect(points(svgOf(chart()))).toEqual(['74,354 387,206 700,58']);
});

it('on a logarithmic axis each step is ten times the one before', () => {
  const lines = [
    {
      name: 'measured',
      points: [
        [10, 1],
        [100, 1],
        [1000, 1],
      ] as const,
    },
  ];
  expect(points(svgOf(chart({ x: { label: 'users', scale: 'log' }, lines })))).toEqual([
    '74,58 387,58 700,58',
  ]);
});

it('the axes have their labels, and round numbers', () => {
  const svg = svgOf(chart());
  for (const label of ['users', 'seconds', '0', '20', '80', '100', '4'])
    expect(svg).toContain(`>${label}</text>`);
});

it('the name of each line is above the plot, where it hides nothing', () => {
  const names = ['first', 'second', 'third'];
  const svg = svgOf(chart({ lines: names.map((name) => ({ ...chart().lines[0]!, name })) }));
  const topOfPlot = Math.min(
    ...points(svg).flatMap((line) => line.split(' ').map((at) => Number(at.split(',')[1]))),
  );
  const heights = names.map((name) => Number(new RegExp(`y="(\\d+)"[^>]*>${name}<`).exec(svg)?.[1]));
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  expect(heights.at(-1)).toBeLessThan(topOfPlot);
  expect(heights[0]).toBeGreaterThan(22);
});

it('a limit is dashed', () => {
  const limit = {
    name: 'limit',
    isLimit: true,
    points: [
      [0, 3],
      [100, 3],
    ] as const,
  };
  const svg = svgOf(chart({ lines: [...chart().lines, limit] }));
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2); // The line, and its sample beside the name.
});

it('what XML takes for markup stays text', () => {
  expect(svgOf(chart())).toContain('>Seconds &amp; &lt;limits&gt;</text>');
});

it.each([
  ['nothing to draw', { lines: [] }, 'The axis "users" needs numbers, and at least one.'],
  [
    'a figure that is no number',
    { lines: [{ name: 'measured', points: [[1, Number.NaN]] as const }] },
    'The axis "seconds" needs numbers, and at least one.',
  ],
  [
    'the logarithm of 0',
    { x: { label: 'users', scale: 'log' } },
    'The axis "users" is logarithmic: it has no 0.',
  ],
] as const)('a chart with %s is an error', (_what, change, message) => {
  expect(() => svgOf(chart(change))).toThrow(message);
});
