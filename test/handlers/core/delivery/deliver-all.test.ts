import type { DeliverAllPorts } from '../../../../handlers/core/delivery/delivery-ports';
import { deliverAll } from '../../../../handlers/core/delivery/deliver-all';
import type { AllPorts } from '../../../support/in-memory-aws/in-memory-ports';
import { processIn, RetirementWorld } from '../../../support/retirement-world';

const WITH_TARGET = { deliver: [{ kind: 'parameter' as const, name: '/payments/aws-key' }] };

const portsOf = (world: RetirementWorld): DeliverAllPorts => processIn(world).ports as AllPorts;
const options = (world: RetirementWorld) => ({ concurrency: 2, stopAt: world.gate.now() + 60_000 });

test('a run delivers to the users with targets, and one that cannot be read stops no other (R8)', async () => {
  const world = await RetirementWorld.withCurrentKey(WITH_TARGET);
  world.aws.table.setSettingsText('another', '{"stableKey": 7');
  await expect(deliverAll(portsOf(world), options(world))).resolves.toEqual({
    users: 2,
    delivered: 1,
    pending: 0,
    failed: 0,
    usersFailed: 1,
    notReached: 0,
  });
  expect(world.log.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { user: 'another' } }]);
});

test('a run over users without targets does nothing', async () => {
  const world = await RetirementWorld.withCurrentKey();
  await expect(deliverAll(portsOf(world), options(world))).resolves.toMatchObject({ users: 0, delivered: 0 });
});

test('a run that has no time left begins with no user, and says how many it did not reach', async () => {
  const world = await RetirementWorld.withCurrentKey(WITH_TARGET);
  await expect(
    deliverAll(portsOf(world), { concurrency: 2, stopAt: world.gate.now() }),
  ).resolves.toMatchObject({ delivered: 0, notReached: 1 });
  expect(world.aws.targets.text('parameter /payments/aws-key')).toBeUndefined();
});
