import type { Operation, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { EventBus } from './event-bus';

/** moto keeps the rules; the bus has to know when they are others. */
export function ruleOperations(moto: Moto, bus: EventBus): OperationTable {
  const changing: Operation = async (call) => {
    try {
      return await moto.forward(call);
    } finally {
      bus.rulesChanged();
    }
  };
  return {
    'events:PutRule': changing,
    'events:DeleteRule': changing,
    'events:EnableRule': changing,
    'events:DisableRule': changing,
  };
}
