import type { RotationPorts } from '../../../handlers/core/ports';
import { rotate } from '../../../handlers/core/rotate';
import { functionEventSchema } from '../../../handlers/core/rotation-event';
import type { Subject } from '../subject';
import { plainSweep } from './plain-sweep';

/** The product's own core, called as its entry calls it. */
export const product: Subject = {
  handle: (ports: RotationPorts, stableKey, call) => rotate(ports, stableKey, functionEventSchema.parse(call)),
  sweep: plainSweep,
};
