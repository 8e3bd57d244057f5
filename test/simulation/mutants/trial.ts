import { everyFault, SCENARIOS } from '../exhaustive';
import { FOUND } from '../found';
import { hunt } from '../hunt';
import { runHistory } from '../run-history';

/** Why a core is not safe, or undefined if nothing was found in it. */
export type Trial = () => Promise<string | undefined>;

/** What is likely to find something comes first. */
export const trial: Trial = async () => {
  try {
    return (await byHistoriesFoundBefore()) ?? (await byEveryFault()) ?? (await byRandomHistories());
  } catch (error) {
    // A core that never ends, or waits for ever, is not safe either.
    return error instanceof Error ? error.message : String(error);
  }
};

async function byHistoriesFoundBefore(): Promise<string | undefined> {
  for (const [name, history] of Object.entries(FOUND)) {
    for (let seed = 0; seed < 12; seed += 1) {
      const { violations } = await runHistory({ ...history, weather: { ...history.weather, seed } });
      if (violations[0] !== undefined) return `${violations[0].rule}: ${violations[0].what} (${name})`;
    }
  }
  return undefined;
}

async function byEveryFault(): Promise<string | undefined> {
  for (const scenario of SCENARIOS) {
    const { found } = await everyFault(scenario);
    const violation = found?.outcome.violations[0];
    if (violation !== undefined) return `${violation.rule}: ${violation.what} (${scenario.name})`;
  }
  return undefined;
}

async function byRandomHistories(): Promise<string | undefined> {
  for (const [runs, people] of [
    [1_000, false],
    [4_000, true],
    [2_000, false],
  ] as const) {
    const { found } = await hunt({ runs, seed: 1, people, withoutShrinking: true });
    const violation = found?.outcome.violations[0];
    if (violation !== undefined) return `${violation.rule}: ${violation.what} (at random)`;
  }
  return undefined;
}
