import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { History } from './history';
import { hunt, reportOf } from './hunt';
import { runHistory } from './run-history';

/** `npm run simulate -- --runs N --seed S [--path P] [--without-people] [--replay FILE]` */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string' },
      path: { type: 'string' },
      'without-people': { type: 'boolean', default: false },
      replay: { type: 'string' },
    },
  });
  if (values.replay !== undefined) return replayFile(values.replay);

  const seed =
    values.seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : wholeNumber('seed', values.seed);
  const runs = wholeNumber('runs', values.runs);
  const began = process.hrtime.bigint();
  const result = await hunt({ runs, seed, path: values.path, people: !values['without-people'] });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (result.found !== undefined) {
    console.error(reportOf(result.found));
    process.exitCode = 1;
  }
  console.log(
    `simulation: ${result.runs} histories, ${result.steps} calls in ${seconds.toFixed(1)} s, seed ${seed}: ` +
      (result.found === undefined ? 'every rule held' : 'a rule broke'),
  );
}

async function replayFile(file: string): Promise<void> {
  const history = JSON.parse(readFileSync(file, 'utf8')) as History;
  const outcome = await runHistory(history, { transcript: true });
  console.log(outcome.transcript.join('\n'));
  for (const { rule, what } of outcome.violations) console.error(`${rule} is broken: ${what}`);
  if (outcome.violations.length > 0) process.exitCode = 1;
}

function wholeNumber(option: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new Error(`--${option} ${text}: expected a whole number.`);
}

void main();
