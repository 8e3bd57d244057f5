import { runYears, type YearFigures } from '../test/simulation/year/run-years';
import { defineBenchmark } from './support/benchmark';

const USERS = 1_000;
const SEED = 20260105;

async function measure(): Promise<YearFigures> {
  const { figures, broken } = await runYears({ users: USERS, seed: SEED });
  if (broken.length > 0)
    throw new Error(`A year broke a rule: npm run simulate -- --year --users ${USERS} --seed ${SEED}`);
  return figures;
}

export const year = defineBenchmark<YearFigures>({
  name: 'year',
  title: 'A year',
  measures:
    'A year of each of 1,000 users in the simulation of the tests, in virtual time: a rotation every 60 days, sweeps and deliveries, with ' +
    'faults of AWS and of processes far more often than at AWS, what people do by hand and undo, and leaks. After every step the rules ' +
    'are checked; one that breaks ends the benchmark with an error. The figures are the same on every machine.',
  byName: 'it takes ten minutes',
  limits: [
    {
      what: 'days for which a key that people left alone was Active, at the most',
      atMost: 90,
      why: 'It is the maximum key age of the policy.',
      found: ({ oldestKeyLeftAlone }) => oldestKeyLeftAlone,
    },
  ],
  measure,
  show: (figures) => [
    {
      text:
        'Where people were at work, a key is left alone as long as they want it: one that somebody re-activated is not deactivated again ' +
        'by itself. Each leak is reported twice, as AWS does.',
    },
    {
      rows: [
        ['what', 'how often'],
        ['users', figures.users],
        ['of them left alone by people', figures.leftAlone],
        ['calls to AWS', figures.calls],
        ['calls with a fault, or whose process died', figures.faults],
        ['acts of people', figures.actsOfPeople],
        ['reports of leaks', figures.leaks],
        ['keys made', figures.keysMade],
        ['moves of AWSCURRENT', figures.promotions],
        ['keys deactivated', figures.deactivations],
        ['keys deleted', figures.deletions],
        ['days of the oldest Active key that people left alone', figures.oldestKeyLeftAlone],
        ['days of the oldest Active key of the others', figures.oldestKeyTouched],
      ],
    },
  ],
});
