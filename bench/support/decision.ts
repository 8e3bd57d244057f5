import { NO_ACKNOWLEDGEMENTS } from '../../handlers/core/model/acknowledgements';
import type { LastUse } from '../../handlers/core/model/access-key';
import type { Journal } from '../../handlers/core/model/journal';
import { decide, needsLastUse, type UserFacts } from '../../handlers/core/retirement/decide';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import type { Settings } from '../../contract/settings';
import { NOON } from '../../test/handlers/support/fixtures';
import type { InMemoryAws } from '../../test/support/in-memory-aws/in-memory-aws';

const ROUNDS = 200;

/** What one decision costs on this machine, without the calls that its facts come from. */
export function microsecondsPerDecision({
  aws,
  entries,
}: {
  readonly aws: InMemoryAws;
  readonly entries: readonly TableEntry[];
}): { readonly microsecondsEach: number; readonly decisions: number } {
  const everyone = entries.map(({ settings, journal }) => factsOf(aws, settings, journal));
  const decideAll = (): number =>
    everyone.reduce((count, facts) => count + decide(facts).decisions.length, 0);
  for (let round = 0; round < ROUNDS / 10; round += 1) decideAll(); // Until it is compiled.
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) decideAll();
  const took = performance.now() - start;
  const decisions = ROUNDS * everyone.length;
  return { microsecondsEach: Math.round((took * 100_000) / decisions) / 100, decisions };
}

function factsOf(
  aws: InMemoryAws,
  settings: Settings | Error,
  journal: Journal | Error | undefined,
): UserFacts {
  if (settings instanceof Error || journal instanceof Error || journal === undefined) {
    throw new Error('Bug: the benchmark made a user that cannot be read.');
  }
  const secret = aws.secretsManager.describe(settings.secretArn, NOON);
  const keys = aws.iam.list(settings.userName, NOON);
  const facts = {
    now: NOON,
    stack: 'iam-key-rotation',
    settings,
    journal,
    secret,
    deliveries: undefined,
    acknowledgements: NO_ACKNOWLEDGEMENTS,
    keys,
  };
  const lastUses = new Map<string, LastUse | undefined>();
  for (const keyId of needsLastUse(facts)) lastUses.set(keyId, aws.iam.lastUsed(keyId, NOON));
  return { ...facts, lastUses };
}
