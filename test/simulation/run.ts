import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { silenceNodeVersionWarning } from '../../handlers/aws/sdk-node-version';
import { everyFault, everyPair, SCENARIOS, type Coverage } from './exhaustive';
import type { History } from './history';
import { linesOf } from './history-lines';
import { hunt, reportOf } from './hunt';
import { everyRace, RIVALS } from './races';
import { NOTIFICATION_CHECKS } from './notifications/exhaustive';
import { runHistory, type Outcome } from './run-history';
import { runYears } from './year/run-years';

const USAGE =
  'npm run simulate -- [--runs N] [--seed S] [--path P] [--without-people] [--leaks] | --every crash|race|notification | --year --users N [--seed S] | --replay FILE';

/** Runs many histories, or one again, and says what broke. */
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string' },
      path: { type: 'string' },
      'without-people': { type: 'boolean', default: false },
      leaks: { type: 'boolean', default: false },
      every: { type: 'string' },
      year: { type: 'boolean', default: false },
      users: { type: 'string', default: '1000' },
      replay: { type: 'string' },
    },
  });
  if (values.replay !== undefined) return replayFile(values.replay);
  if (values.every === 'crash') return everyCrash();
  if (values.every === 'race') return everyRaceOfTwo();
  if (values.every === 'notification') return everyNotification();
  if (values.every !== undefined)
    throw new Error(`--every ${values.every}: expected crash, race or notification. ${USAGE}`);

  const seed =
    values.seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : wholeNumber('seed', values.seed);
  if (values.year) return aYear(wholeNumber('users', values.users), seed);
  const runs = wholeNumber('runs', values.runs);
  const people = !values['without-people'];
  const took = stopwatch();
  const result = await hunt({ runs, seed, path: values.path, people, leaks: values.leaks });
  if (result.found !== undefined) {
    console.error(reportOf(result.found));
    process.exitCode = 1;
  }
  console.log(
    `simulation: ${result.runs} random histories ${people ? 'with' : 'without'} people${values.leaks ? ' and with leaks' : ''}, ${result.steps} calls ` +
      `in ${took()} s, seed ${seed}: ${result.found === undefined ? 'every rule held' : 'a rule broke'}`,
  );
}

async function aYear(users: number, seed: number): Promise<void> {
  const took = stopwatch();
  const { figures, broken } = await runYears({ users, seed }, (done) => {
    if (done % 50 === 0) console.error(`${done} of ${users} users`);
  });
  for (const { history, why } of broken) {
    process.exitCode = 1;
    console.error([...why, ...linesOf(history).slice(0, 2)].join('\n'));
    console.error(`Again: npm run simulate -- --year --users 1 --seed ${history.weather.seed}`);
  }
  console.log(JSON.stringify(figures, undefined, 2));
  console.log(
    `simulation: a year of ${users} users, ${figures.calls} calls in ${took()} s, seed ${seed}: ` +
      (broken.length === 0
        ? `every rule held, and no key that people left alone was Active for longer than ${figures.oldestKeyLeftAlone} days`
        : `${broken.length} years broke a rule`),
  );
}

async function everyCrash(): Promise<void> {
  const took = stopwatch();
  let points = 0;
  let histories = 0;
  for (const scenario of SCENARIOS) {
    const faults = await everyFault(scenario);
    const pairs = await everyPair(scenario);
    report(scenario.name, faults, pairs);
    points += faults.crashPoints;
    histories += faults.histories + pairs.histories;
  }
  console.log(
    `simulation: ${points} crash points, each alone and in pairs: ${histories} histories in ${took()} s`,
  );
}

async function everyRaceOfTwo(): Promise<void> {
  const took = stopwatch();
  let histories = 0;
  for (const scenario of SCENARIOS) {
    const races = await Promise.all(Object.values(RIVALS).map((rival) => everyRace(scenario, rival)));
    report(scenario.name, ...races);
    histories += races.reduce((sum, race) => sum + race.histories, 0);
  }
  console.log(`simulation: every two at work at a time: ${histories} histories in ${took()} s`);
}

async function everyNotification(): Promise<void> {
  const took = stopwatch();
  let histories = 0;
  for (const [name, check] of Object.entries(NOTIFICATION_CHECKS)) {
    const coverage = await check();
    histories += coverage.histories;
    console.log(
      `${name}: ${coverage.histories} histories, ${coverage.found === undefined ? 'every rule held' : 'a rule broke'}`,
    );
    if (coverage.found === undefined) continue;
    process.exitCode = 1;
    const { history, outcome } = coverage.found;
    console.error([JSON.stringify(history), ...outcome.transcript, ...outcome.broken].join('\n'));
  }
  console.log(`simulation: what people are told: ${histories} histories in ${took()} s`);
}

/** Says of a scenario what was run, and shows the first history that broke a rule. */
function report(name: string, ...coverages: readonly Coverage[]): void {
  const histories = coverages.reduce((sum, coverage) => sum + coverage.histories, 0);
  const found = coverages.find((coverage) => coverage.found !== undefined)?.found;
  console.log(`${name}: ${histories} histories, ${found === undefined ? 'every rule held' : 'a rule broke'}`);
  if (found === undefined) return;
  process.exitCode = 1;
  console.error([...linesOf(found.history), ...found.outcome.transcript].join('\n'));
  showViolations(found.outcome);
  console.error(
    `Save this line to a file, and: npm run simulate -- --replay FILE\n${JSON.stringify(found.history)}`,
  );
}

async function replayFile(file: string): Promise<void> {
  const history = JSON.parse(readFileSync(file, 'utf8')) as History;
  const outcome = await runHistory(history, { transcript: true });
  console.log(outcome.transcript.join('\n'));
  showViolations(outcome);
}

function showViolations({ violations }: Outcome): void {
  for (const { rule, what } of violations) console.error(`${rule} is broken: ${what}`);
  if (violations.length > 0) process.exitCode = 1;
}

function stopwatch(): () => string {
  const began = process.hrtime.bigint();
  return () => (Number(process.hrtime.bigint() - began) / 1e9).toFixed(1);
}

function wholeNumber(option: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new Error(`--${option} ${text}: expected a whole number. ${USAGE}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
