import { deliverUser } from '../../../handlers/core/delivery/deliver-user';
import { CallRefusedError } from '../../../handlers/core/model/call-errors';
import { replaceLeakedKey } from '../../../handlers/core/operator/replace-leaked-key';
import { rollBack } from '../../../handlers/core/operator/roll-back';
import type { SweepPorts } from '../../../handlers/core/retirement/retirement-ports';
import { sweep, type UserResult } from '../../../handlers/core/retirement/sweep';
import { rotate } from '../../../handlers/core/rotation/rotate';
import { MINUTE } from '../../../contract/instant';
import { functionEventSchema } from '../../../contract/function-events';
import type { Subject } from '../subject';

/** The product's own core, called as its entries call it. */
export const product: Subject = {
  handle: (ports, stableKey, call) => rotate(ports, stableKey, functionEventSchema.parse(call)),
  async sweep(allPorts) {
    const ports = asItsRoleAllows(allPorts);
    const now = ports.clock.now();
    const visits: UserResult[] = [];
    const summary = await sweep(ports, {
      stack: 'iam-key-rotation',
      mode: 'act',
      maximumDeletions: 10,
      concurrency: 1,
      stopAt: now + 10 * MINUTE,
      overAt: now + 15 * MINUTE,
      onVisited: (visit) => visits.push(visit),
    });
    // A failed visit stops no other visit and is only reported; here it has to be seen.
    for (const visit of visits) if ('failure' in visit) throw visit.failure;
    return summary;
  },
  deliver: deliverUser,
  rollBack,
  replaceLeakedKey,
};

/** The retirement function's role makes no key, reads no value and moves no label (R9). */
function asItsRoleAllows(ports: SweepPorts): SweepPorts {
  const refuse = (service: 'IAM' | 'Secrets Manager', action: string) => () =>
    Promise.reject(
      new CallRefusedError({ service, action }, 'accessDenied', 'AccessDenied', 'User is not authorized'),
    );
  return {
    ...ports,
    keys: { ...ports.keys, create: refuse('IAM', 'CreateAccessKey') },
    secrets: {
      describe: (secretArn) => ports.secrets.describe(secretArn),
      read: refuse('Secrets Manager', 'GetSecretValue'),
      put: refuse('Secrets Manager', 'PutSecretValue'),
      moveLabel: refuse('Secrets Manager', 'UpdateSecretVersionStage'),
      removeLabel: refuse('Secrets Manager', 'UpdateSecretVersionStage'),
    },
  };
}
