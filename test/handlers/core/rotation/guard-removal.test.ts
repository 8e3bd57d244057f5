import { RemovalRefusedError } from '../../../../handlers/core/model/refusals';
import type { GuardRemovalEvent } from '../../../../contract/function-events';
import { guardRemoval } from '../../../../handlers/core/rotation/guard-removal';
import { ARN } from '../../support/fixtures';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const guard = (action: GuardRemovalEvent['tf']['action'], Announced: boolean): void => {
  guardRemoval({ log }, 'ci-deployer', { Step: 'guardRemoval', SecretId: ARN, Announced, tf: { action } });
};

test.each(['create', 'update'] as const)('the guard allows %s, announced or not', (action) => {
  expect(() => {
    guard(action, false);
    guard(action, true);
  }).not.toThrow();
});

test('the guard allows a removal that was announced', () => {
  expect(() => {
    guard('delete', true);
  }).not.toThrow();
});

test('a removal that was not announced is refused, and the error says how it is announced', () => {
  const removal = (): void => {
    guard('delete', false);
  };
  expect(removal).toThrow(RemovalRefusedError);
  expect(removal).toThrow(
    /ci-deployer.*two applies.*`decommission: true`.*`protection: off`.*Nothing was destroyed/,
  );
});
