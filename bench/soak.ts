import { defineBenchmark, rounded, type Part } from './support/benchmark';
import { at, growthPerHour, type Measured } from './support/soak/growth';
import { runSoak } from './support/soak/run-soak';
import { figuresOf, growthOf, samplesOf, warmUpOf, type SoakFigures } from './support/soak/soak-figures';

/** `SOAK_MINUTES=3 npm run bench -- soak` shows in a few minutes that it works. */
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 60);
const USERS = 6;

const measure = async (): Promise<SoakFigures> =>
  figuresOf(await runSoak({ minutes: MINUTES, users: USERS }, (line) => console.log(`soak: ${line}`)));

const most = (all: SoakFigures['heaps'], run: SoakFigures): number =>
  Math.max(...all.map((one) => growthOf(samplesOf(one), run)));

export const soak = defineBenchmark<SoakFigures>({
  name: 'soak',
  title: 'An hour of rotations',
  measures:
    `${USERS} users of a stack that Terraform has applied to the local AWS are rotated without a pause: keys are made, proved, made current, ` +
    'and delivered to another secret and a parameter each; the clock of the local AWS is set ahead, and the sweep deactivates the ' +
    'previous keys and deletes them. An application holds its credentials by `fromRotatedSecret` and makes five calls a second. The functions ' +
    'run as they are deployed, in processes that are kept. The memory of every process is read each 30 seconds. A rotation, ' +
    'a sweep or a run of deliveries that fails ends the benchmark with an error.',
  byName: 'it takes an hour, and needs Terraform and Python',
  limits: [
    {
      what: 'MB that resident memory has grown after the warm-up, of the process that grew most',
      atMost: 10,
      why:
        'A function has 256 MB and needs some 100. With less growth in so many rotations none comes near its limit before Lambda ends its ' +
        'process, after some hours.',
      found: (run) => most(run.processes, run),
      missed:
        'The table says which process it is. Whether it keeps something, or its memory is only given back late, its live heap says.',
    },
    {
      what: 'MB that live heap has grown after the warm-up, of the local AWS or the application',
      atMost: 1,
      why: 'What were kept of each rotation would add up here, whatever the collection of garbage does with the memory of the process.',
      found: (run) => most(run.heaps, run),
      missed: 'See the table. What is kept of each rotation has to be found in a snapshot of the heap.',
    },
  ],
  measure,
  show,
});

/** With the functions all of which have about the same, no line could be told from another: one stands for them. */
function onChart(run: SoakFigures): SoakFigures['processes'] {
  const functions = run.processes.filter(({ name }) => name.startsWith('function'));
  const [first] = functions.toSorted((a, b) => growthOf(samplesOf(b), run) - growthOf(samplesOf(a), run));
  const others = ['moto', 'local AWS', 'application'];
  return run.processes.filter((one) => others.includes(one.name) || one === first);
}

function show(run: SoakFigures): readonly Part[] {
  const row = (name: string, samples: readonly Measured[]): readonly (string | number)[] => [
    name,
    ...[0, run.minutes / 6, run.minutes / 2, run.minutes].map((minute) => rounded(at(samples, minute), 1)),
    rounded(growthOf(samples, run), 1),
    // No -0.
    rounded(growthPerHour(samples.filter(({ minute }) => minute >= warmUpOf(run))), 1) + 0,
  ];
  return [
    {
      rows: [
        ['what', 'how often'],
        ['rotations, each with a new key', run.rotations],
        ['of them failed', 0],
        ['deliveries to a target', run.deliveries],
        ['invocations for an event that failed, and were repeated', run.failedInvocations],
        ['keys deactivated', run.keysDeactivated],
        ['keys deleted', run.keysDeleted],
        ['keys left in the end, of all users', run.keysLeft.reduce((sum, keys) => sum + keys, 0)],
        ['calls of the application', run.applicationCalls],
        ['of them failed', run.applicationCallsFailed],
        ['days that have passed in the local AWS', run.daysPassed],
      ],
    },
    {
      rows: [
        [
          'process',
          'MB at the start',
          ...[run.minutes / 6, run.minutes / 2, run.minutes].map((minute) => `${minute} min`),
          'growth',
          'MB per hour',
        ],
        ...run.processes.map((one) =>
          row(one.count === 1 ? one.name : `${one.name}, of ${one.count}`, samplesOf(one)),
        ),
        ...run.heaps.map((one) => row(`live heap of ${one.name}`, samplesOf(one))),
      ],
    },
    {
      text:
        'Of several processes of one function, the one that grew most is shown. The warm-up is a quarter of the hour: caches fill, and the local ' +
        'AWS comes to have the calls of 90 days, as AWS has. The growth is from the ten minutes after it to the last ten, the MB per hour are the ' +
        'slope of the line with the least squares over the same time. V8 takes memory long before it looks for what is not needed any ' +
        'more, so resident memory goes up slowly and down at once; the live heap is what is left after such a search.',
    },
    {
      chart: {
        name: 'soak',
        title: 'Resident memory in an hour of rotations',
        x: { label: 'minutes' },
        y: { label: 'MB' },
        lines: onChart(run).map((one) => ({
          name: one.name,
          points: samplesOf(one).map(({ minute, megabytes }) => [minute, megabytes] as const),
        })),
      },
    },
  ];
}
