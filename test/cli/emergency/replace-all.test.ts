import { planEmergency } from '../../../cli/emergency/plan';
import { beginEmergency, replaceAll } from '../../../cli/emergency/replace-all';
import { SECOND } from '../../../contract/instant';
import { LISTING_LAG } from '../../../handlers/core/model/timing';
import { EmergencyStack } from '../../simulation/emergency/stack';
import { call, refusal } from '../../support/in-memory-aws/refusals';

/** All users of a stack, the first of whose keys IAM throttles once. */
async function emergencyOf(users: number) {
  const stack = new EmergencyStack(users, { perSecond: 1000, burst: 1000 });
  await stack.begin();
  const { time } = stack;
  const { ports } = stack.process();
  let refusedAt: number | undefined;
  const keys: typeof ports.keys = {
    ...ports.keys,
    create: (userName) => {
      if (refusedAt !== undefined) return ports.keys.create(userName);
      refusedAt = time.now();
      return Promise.reject(refusal(call.createAccessKey, 'throttled', 'Throttling', 'Rate exceeded'));
    },
  };
  const doneAt: number[] = [];
  const work = async () => {
    const plan = await planEmergency(ports, {
      whose: 'all',
      entries: await ports.directory.list(),
      anew: false,
    });
    await beginEmergency(ports, plan);
    return replaceAll({ ...ports, keys }, plan, { atATime: 2, onDone: () => doneAt.push(time.now()) });
  };
  const results = await time.passUntil(work());
  return { outcomes: new Set(results.map(({ outcome }) => outcome)), refusedAt: refusedAt!, doneAt };
}

test('who is tried again stands behind the others, and waits no longer than until his own minute is over', async () => {
  const { outcomes, refusedAt, doneAt } = await emergencyOf(40);

  expect(outcomes).toEqual(new Set(['replaced']));
  expect(doneAt).toHaveLength(40);
  // Long after his minute: he began at once when the others had begun.
  expect(doneAt.at(-1)! - refusedAt).toBeGreaterThan(LISTING_LAG);
  expect(doneAt.at(-1)! - doneAt.at(-3)!).toBeLessThan(40 * SECOND);
});

test('who is tried again waits for his minute, also where nobody else is left', async () => {
  const { outcomes, refusedAt, doneAt } = await emergencyOf(1);

  expect(outcomes).toEqual(new Set(['replaced']));
  expect(doneAt).toHaveLength(1);
  expect(doneAt[0]! - refusedAt).toBeGreaterThan(LISTING_LAG);
});
