import { everyFault, everyPair, SCENARIOS, type Coverage } from './exhaustive';
import { linesOf } from './history-lines';
import { summarize } from './summary';

const total = { histories: 0, crashPoints: 0 };

function expectNothingFound({ found, histories }: Coverage): void {
  if (found !== undefined) {
    throw new Error(
      [
        ...found.outcome.violations.map(({ rule, what }) => `${rule} is broken: ${what}`),
        ...linesOf(found.history),
        ...found.outcome.transcript,
        JSON.stringify(found.history),
      ].join('\n'),
    );
  }
  total.histories += histories;
}

describe.each(SCENARIOS)('$name', (scenario) => {
  it('comes to a good end whichever call fails, in whichever way', async () => {
    const coverage = await everyFault(scenario);
    expectNothingFound(coverage);
    expect(coverage.crashPoints).toBeGreaterThan(10);
    total.crashPoints += coverage.crashPoints;
  }, 300_000);

  it('comes to a good end whichever two acts its processes die at', async () => {
    expectNothingFound(await everyPair(scenario));
  }, 300_000);
});

afterAll(() => {
  summarize(`${total.crashPoints} crash points, each alone and in pairs: ${total.histories} histories`);
});
