import { ApiError, type Operation, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { EventBus } from './event-bus';
import { InvalidPattern, readPattern } from './match-pattern';

/** moto keeps the rules; the bus has to know when they are others. */
export function ruleOperations(moto: Moto, bus: EventBus): OperationTable {
  const changing: Operation = async (call) => {
    try {
      return await moto.forward(call);
    } finally {
      bus.rulesChanged(call.region);
    }
  };
  return {
    'events:PutRule': (call) => {
      requireValid(call.parameters['EventPattern']);
      return changing(call);
    },
    'events:DeleteRule': changing,
    'events:EnableRule': changing,
    'events:DisableRule': changing,
  };
}

/** A schedule has no pattern. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
function requireValid(pattern: unknown): void {
  if (typeof pattern !== 'string') return;
  try {
    readPattern(JSON.parse(pattern));
  } catch (error) {
    if (!(error instanceof InvalidPattern || error instanceof SyntaxError)) throw error;
    const message = `Event pattern is not valid. Reason: ${error.message}`;
    throw new ApiError('InvalidEventPatternException', message);
  }
}
