import { DAY } from '../../../../contract/instant';
import { decideLeaks, type LeakFacts } from '../../../../handlers/core/retirement/decide-leaks';
import { RetirementWorld } from '../../../support/retirement-world';

const LEAKED = 'AKIAMMMMMMMM9EXAMPLE';

async function facts(change: Partial<LeakFacts> = {}): Promise<LeakFacts> {
  const world = await RetirementWorld.withCurrentKey();
  const keys = await world.process().ports.keys.list(world.settings.userName);
  return {
    now: 2 * DAY,
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

it('a leak that is over is told once, and forgotten after a day: AWS may report it again until then', async () => {
  const leaks = [{ keyId: LEAKED, reportedAt: 0, isOver: true as const }];
  const { journal } = await facts();
  const over = { journal: { ...journal, leaks } };
  expect(await decide({ ...over, now: DAY - 1 })).toEqual([]);
  expect(await decide({ ...over, now: DAY })).toMatchObject([{ what: 'endLeak' }]);
});

it('a quarantine that comes after that is told', async () => {
  const leaks = [{ keyId: LEAKED, reportedAt: 0, isOver: true as const }];
  const { journal } = await facts();
  const quarantine = ['AWSCompromisedKeyQuarantineV3'];
  const [decision] = await decide({ journal: { ...journal, leaks }, quarantine, now: DAY - 1 });
  expect(decision).toMatchObject({ kind: 'report', fault: 'keyLeaked' });
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

it('of a drill nobody says that AWS reported it', async () => {
  const { journal } = await facts();
  const leaks = [{ keyId: LEAKED, reportedAt: 0, drill: true as const }];
  const [decision] = await decide({ journal: { ...journal, leaks } }, false);
  expect(decision!.reason).toMatch(/^A drill plays that it leaked at 1970-/);
  expect(decision!.reason).not.toContain('AWS');
});
