import { drillDocument } from '../../../cli/drill/drill-document';
import { followDrill } from '../../../cli/drill/follow-drill';
import type { Stack } from '../../../cli/stack';
import { MINUTE, SECOND } from '../../../contract/instant';
import type { DeliveryTarget } from '../../../contract/delivery';
import { targetName, targetShape } from '../../../contract/delivery';
import { journalWith, NOON, settingsOf } from '../../handlers/support/fixtures';

const OLD = 'AKIAMMMMMMMM1EXAMPLE';
const NEW = 'AKIAMMMMMMMM2EXAMPLE';
const TARGET: DeliveryTarget = { kind: 'parameter', name: '/drills/key' };

/** Seconds after the event; undefined: it does not happen. */
interface Happens {
  /** The journal names the new key. */
  readonly journaled?: number;
  /** AWSCURRENT is on its version. */
  readonly current?: number;
  readonly inactive?: number;
  readonly gone?: number;
  readonly delivered?: number;
  /** Until then the table does not answer. */
  readonly readable?: number;
}

/** A drill that is followed in virtual time. */
async function follow(
  happens: Happens,
  {
    deliver = [],
    wait = MINUTE,
  }: { readonly deliver?: readonly DeliveryTarget[]; readonly wait?: number } = {},
) {
  let now = NOON;
  const is = (seconds: number | undefined): boolean =>
    seconds !== undefined && now >= NOON + seconds * SECOND;
  const key = (keyId: string, versionId: string) => ({ keyId, versionId, since: NOON });
  const [former, fresh] = [key(OLD, 'version-1'), key(NEW, 'version-2')];
  const settings = settingsOf({ stableKey: 'drills', deliver: [...deliver] });
  const delivered = { ...fresh, at: NOON, shape: targetShape(TARGET) };
  const stack = {
    ...{ prefix: 'keys', region: 'eu-west-1' },
    clock: { now: () => now, sleep: async (time: number) => void (now += time) },
    ports: {
      journals: {
        read: async () => {
          if (!is(happens.readable ?? 0)) throw new Error('the table does not answer');
          return { journal: journalWith({ current: is(happens.journaled) ? fresh : former }) };
        },
      },
      secrets: {
        describe: async () => ({ labels: { AWSCURRENT: (is(happens.current) ? fresh : former).versionId } }),
      },
      keys: {
        list: async () =>
          is(happens.gone)
            ? []
            : [{ id: OLD, status: is(happens.inactive) ? 'Inactive' : 'Active', createdAt: 0 }],
      },
      deliveries: {
        read: async () => ({
          targets: is(happens.delivered)
            ? [{ target: targetName(TARGET), delivered, announced: [] }]
            : [
                {
                  ...{ target: targetName(TARGET), announced: [] },
                  failing: { since: NOON, attempts: 2, error: 'it is locked' },
                },
              ],
        }),
      },
    },
  } as unknown as Stack;
  const plan = { settings, leakedKeyId: OLD, steps: [], targets: deliver.map(targetName) };
  const steps: string[] = [];
  const onStep = (what: string, after: number): void => void steps.push(`${after / SECOND} ${what}`);
  const begun = { eventId: 'one', eventRegion: 'us-east-1', at: NOON };
  const document = await followDrill(stack, plan, begun, { wait, onStep });
  expect(drillDocument.parse(document)).toEqual(document);
  return { document, steps, passed: (now - NOON) / SECOND };
}

it('tells each part of it when it is seen, whichever comes first, and ends with the last one', async () => {
  const { document, steps, passed } = await follow(
    { journaled: 5, current: 7, inactive: 9, delivered: 12 },
    { deliver: [TARGET] },
  );
  expect(steps).toEqual([
    `7 ${NEW} is current`,
    `9 ${OLD} is Inactive`,
    '12 it is delivered to parameter /drills/key',
  ]);
  expect(document).toMatchObject({
    ...{ outcome: 'done', currentKeyId: NEW, targets: ['parameter /drills/key'] },
    seconds: { untilCurrent: 7, untilInactive: 9, untilDelivered: 12 },
  });
  expect(passed).toBe(12);
});

it('without targets it is done without a delivery', async () => {
  const { document } = await follow({ journaled: 1, current: 1, inactive: 1 });
  expect(document.outcome).toBe('done');
  expect(document.seconds).not.toHaveProperty('untilDelivered');
});

it('a key that is gone works no more', async () => {
  const { steps } = await follow({ journaled: 1, current: 1, gone: 2 });
  expect(steps).toContain(`2 ${OLD} is gone`);
});

it('what the journal says before the label is there does not count', async () => {
  const { document } = await follow({ journaled: 1, inactive: 1 });
  expect(document).toMatchObject({ outcome: 'notFinished', seconds: { untilInactive: 1 } });
  expect(document.seconds).not.toHaveProperty('untilCurrent');
});

it('after the time it says what is missing, and where to look', async () => {
  const { document } = await follow({ journaled: 1, current: 1 }, { deliver: [TARGET] });
  expect(document.outcome).toBe('notFinished');
  for (const what of [
    `${OLD} is Active`,
    'has not reached parameter /drills/key (tried twice',
    'it is locked',
    '1 min were waited',
    'the log group /aws/lambda/keys-respond for one',
    'the rules of us-east-1 and eu-west-1',
    'the queue keys-notify-failed',
  ])
    expect(document.why).toContain(what.replace('twice', '2 times'));
});

it('with no time at all it looks once', async () => {
  const { document, passed } = await follow({}, { wait: 0 });
  expect(document).toMatchObject({ outcome: 'notFinished', seconds: {} });
  expect(document.why).toContain('It was not waited for.');
  expect(passed).toBe(0);
});

it('a look that fails is told once, and the next one goes on', async () => {
  const { document, steps } = await follow({ readable: 3, journaled: 1, current: 1, inactive: 1 });
  expect(steps.filter((step) => step.includes('looked at again: the table does not answer.'))).toHaveLength(
    1,
  );
  expect(document).toMatchObject({ outcome: 'done', seconds: { untilCurrent: 3 } });
});

it('where nothing can be looked at to the end, that is said', async () => {
  const { document } = await follow({ readable: 100 });
  expect(document).toMatchObject({ outcome: 'notFinished' });
  expect(document.why).toMatch(/^the table does not answer\./);
});
