import { everyDrill } from '../drills/every-drill';
import { EmergencyRun } from '../emergency/emergency-run';
import { everyFault, SCENARIOS, type Coverage } from '../exhaustive';
import { FOUND } from '../found';
import { hunt } from '../hunt';
import { everyRace, RIVALS } from '../races';
import { NOTIFICATION_CHECKS } from '../notifications/exhaustive';
import { runHistory, type Outcome } from '../run-history';

/** Why a core is not safe, and which check said so; undefined if none did. */
export type Trial = (caughtBy: string | undefined) => Promise<string | undefined>;

interface Check {
  readonly name: string;
  run(): Promise<
    { readonly violations: readonly { readonly rule: string; readonly what: string }[] } | undefined
  >;
}

/** Every check that the simulation knows, what is quick first. The one that is expected to notice comes before all. */
export const trial: Trial = async (caughtBy) => {
  if (caughtBy !== undefined && CHECKS.every(({ name }) => name !== caughtBy)) {
    throw new Error(
      `No check is called "${caughtBy}"; there are: ${CHECKS.map(({ name }) => name).join(', ')}`,
    );
  }
  for (const check of CHECKS.toSorted((a, b) => Number(b.name === caughtBy) - Number(a.name === caughtBy))) {
    const why = await whatBroke(check);
    if (why !== undefined) return `${why} (${check.name})`;
  }
  return undefined;
};

async function whatBroke(check: Check): Promise<string | undefined> {
  try {
    const [violation] = (await check.run())?.violations ?? [];
    return violation === undefined ? undefined : `${violation.rule}: ${violation.what}`;
  } catch (error) {
    // A core that never ends, or waits for ever, is not safe either.
    return error instanceof Error ? error.message : String(error);
  }
}

const outcomeOf = ({ found }: Pick<Coverage, 'found'>): Outcome | undefined => found?.outcome;

/** Enough weathers for a mutant to be noticed in; `found.test.ts` runs each history in more. */
const WEATHERS = 12;

const CHECKS: readonly Check[] = [
  ...Object.entries(FOUND).map(([name, history]) => ({
    name,
    run: async () => {
      for (let seed = 0; seed < WEATHERS; seed += 1) {
        const outcome = await runHistory({ ...history, weather: { ...history.weather, seed } });
        if (outcome.violations.length > 0) return outcome;
      }
      return undefined;
    },
  })),
  {
    name: 'every drill',
    run: async () => ({ violations: (await everyDrill()).map((what) => ({ rule: 'R15', what })) }),
  },
  ...SCENARIOS.map((scenario) => ({
    name: scenario.name,
    run: async () => outcomeOf(await everyFault(scenario)),
  })),
  {
    name: 'an emergency of many users, killed again and again',
    run: async () => {
      for (let seed = 1; seed <= 3; seed += 1) {
        const broken = await new EmergencyRun(20, 3, seed).toTheEnd();
        if (broken.length > 0) return { violations: broken.map((what) => ({ rule: 'Emergency', what })) };
      }
      return undefined;
    },
  },
  ...[1_000, 4_000].flatMap((runs) =>
    [false, true].map((people) => ({
      name: `${runs} random histories ${people ? 'with' : 'without'} people`,
      run: async () => (await hunt({ runs, seed: 1, people, withoutShrinking: true })).found?.outcome,
    })),
  ),
  ...SCENARIOS.flatMap((scenario) =>
    Object.entries(RIVALS).map(([rival, move]) => ({
      name: `${scenario.name} against ${rival}`,
      run: async () => outcomeOf(await everyRace(scenario, move)),
    })),
  ),
  ...Object.entries(NOTIFICATION_CHECKS).map(([name, check]) => ({
    name,
    run: async () => {
      const broken = (await check()).found?.outcome.broken ?? [];
      return { violations: broken.map((what) => ({ rule: 'Notifications', what })) };
    },
  })),
];
