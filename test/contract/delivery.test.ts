import { targetName, targetShape, type DeliveryTarget } from '../../contract/delivery';

test.each<[target: DeliveryTarget, name: string]>([
  [{ kind: 'secret', id: 'payments/env', fields: {} }, 'secret payments/env'],
  [{ kind: 'parameter', name: '/payments/aws-key' }, 'parameter /payments/aws-key'],
  [
    { kind: 'restart', ecsService: 'arn:aws:ecs:eu-west-1:111122223333:service/payments/api' },
    'ECS service payments/api',
  ],
])('a target is called by its kind and its name: %#', (target, name) => {
  expect(targetName(target)).toBe(name);
});

test('services of one name in two clusters are two targets', () => {
  const names = ['payments', 'mail'].map((cluster) =>
    targetName({
      kind: 'restart',
      ecsService: `arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/api`,
    }),
  );
  expect(new Set(names).size).toBe(2);
});

test('what a service gets has one shape alone: it is not restarted again because of the configuration', () => {
  const services = ['api', 'worker'].map((name) =>
    targetShape({
      kind: 'restart',
      ecsService: `arn:aws:ecs:eu-west-1:111122223333:service/payments/${name}`,
    }),
  );
  expect(services).toEqual(['', '']);
});
