import { decideLeaks, type LeakFacts } from '../../../../handlers/core/retirement/decide-leaks';
import { RetirementWorld } from '../../../support/retirement-world';

const LEAKED = 'AKIAMMMMMMMM9EXAMPLE';

async function facts(change: Partial<LeakFacts> = {}): Promise<LeakFacts> {
  const world = await RetirementWorld.withCurrentKey();
  const keys = await world.process().ports.keys.list(world.settings.userName);
  return {
    journal: { ...world.journal, leaks: [{ keyId: LEAKED, reportedAt: 0 }] },
    ...{ keys, settings: world.retirement, deliveries: undefined },
    ...change,
  };
}

const decide = async (change?: Partial<LeakFacts>, currentWorks = true) =>
  decideLeaks(await facts(change), { currentWorks });

it('with nothing left the leak is over', async () => {
  expect(await decide()).toMatchObject([{ kind: 'act', what: 'endLeak', keyId: LEAKED }]);
  expect(await decide({ quarantine: [] })).toMatchObject([{ what: 'endLeak' }]);
});

it.each<[what: string, change: Partial<LeakFacts>, currentWorks: boolean, says: string]>([
  [
    'the key is Active',
    { keys: [{ id: LEAKED, status: 'Active', createdAt: 0 }] },
    true,
    'the key is Active',
  ],
  ['no current key works', {}, false, 'no current key works'],
  ['a quarantine is attached', { quarantine: ['AWSCompromisedKeyQuarantineV4'] }, true, 'stays denied'],
  ['nobody knows about the quarantine', { quarantine: 'unknown' }, true, 'could not be looked up'],
])('while %s it is reported', async (_what, change, currentWorks, says) => {
  const [decision] = await decide(change, currentWorks);
  expect(decision).toMatchObject({ kind: 'report', fault: 'keyLeaked', keyId: LEAKED });
  expect(decision!.reason).toContain(says);
});
