import { planDrill } from '../../../cli/drill/plan-drill';
import type { Settings } from '../../../contract/settings';
import type { Journal } from '../../../handlers/core/model/journal';
import { RetirementWorld } from '../../support/retirement-world';

const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

interface Own {
  readonly world?: RetirementWorld;
  readonly settings?: Partial<Settings> | Error;
  readonly journal?: Partial<Journal> | Error | 'none';
}

async function plan({ world: given, settings = {}, journal = {} }: Own = {}) {
  const world = given ?? (await RetirementWorld.withCurrentKey());
  const { ports } = world.process();
  const keysBefore = world.keys;
  const entry = {
    stableKey: 'drills',
    settings: settings instanceof Error ? settings : { ...world.retirement, ...settings },
    journal:
      journal === 'none' ? undefined : journal instanceof Error ? journal : { ...world.journal, ...journal },
  };
  try {
    return await planDrill({ ports: ports as never }, entry);
  } finally {
    expect(world.keys).toEqual(keysBefore);
  }
}

it('says which key is replaced, by what, and who gets the new one', async () => {
  const { leakedKeyId, steps, targets } = await plan({
    settings: { deliver: [{ kind: 'parameter', name: '/drills/key' }] },
  });
  expect(leakedKeyId).toBe(FIRST);
  expect(targets).toEqual(['parameter /drills/key']);
  expect(steps.join('\n')).toMatch(
    new RegExp(
      `^The current key ${FIRST} of IAM user .+ is treated as leaked.+\\nA new key is made, proved and current\\.\\nThe new key is delivered to parameter /drills/key\\.\\nPeople get the messages.+"Drill:"\\.$`,
    ),
  );
});

it('says what becomes of the key in the other slot', async () => {
  const { leakedKeyId, steps } = await plan({ world: await RetirementWorld.afterRotation() });
  expect(leakedKeyId).toBe(SECOND_KEY);
  expect(steps[1]).toContain(`The other slot holds ${FIRST}, a former key`);
});

it('says that a rotation under way is abandoned', async () => {
  const attempt = { keysBefore: [FIRST] } as unknown as Journal['attempt'];
  expect((await plan({ journal: { attempt } })).steps).toContain(
    'A rotation is under way, and is abandoned.',
  );
});

describe('begins nothing, and says what to do,', () => {
  it.each<[string, Own, string]>([
    ['there is no journal', { journal: 'none' }, 'It has no current key yet'],
    ['there is no current key', { journal: { current: undefined } }, 'It has no current key yet'],
    ['the settings cannot be read', { settings: new Error('no userId') }, 'no userId'],
    ['the journal cannot be read', { journal: new Error('no version') }, 'no version'],
  ])('where %s', async (_what, own, says) => {
    await expect(plan(own)).rejects.toThrow(says);
  });

  it('where the current key leaked already', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const current = { ...world.journal.current!, leaked: 'deactivate' as const };
    await expect(plan({ world, journal: { current } })).rejects.toThrow(
      `${FIRST} is marked as leaked already: replace it with \`emergency\` first. Nothing was changed.`,
    );
  });

  it('where the other slot holds a key that this product did not make', async () => {
    const world = await RetirementWorld.afterRotation();
    await expect(plan({ world, journal: { previous: [] } })).rejects.toThrow(
      `holds ${FIRST}, which this product did not make and never removes`,
    );
  });

  it('where a person stopped the previous key', async () => {
    const world = await RetirementWorld.afterRotation();
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Inactive', world.now, { by: 'person' });
    await expect(plan({ world })).rejects.toThrow(`holds ${FIRST}, which a person made Inactive`);
  });
});
