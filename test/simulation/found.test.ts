import { FOUND, WEATHER_SEEDS } from './found';
import { linesOf } from './history-lines';
import { runHistory } from './run-history';

describe('what broke a rule once does so no more', () => {
  it.each(Object.entries(FOUND))('%s', async (_what, history) => {
    for (let seed = 0; seed < WEATHER_SEEDS; seed += 1) {
      const replayed = { ...history, weather: { ...history.weather, seed } };
      const { violations, transcript } = await runHistory(replayed, { transcript: true });
      if (violations.length === 0) continue;
      const rules = violations.map(({ rule, what }) => `${rule} is broken: ${what}`);
      throw new Error([...rules, ...linesOf(replayed), ...transcript].join('\n'));
    }
  });
});
