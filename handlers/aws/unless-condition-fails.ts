import { CallRefusedError, CallUnansweredError } from '../core/model/call-errors';

/** A condition that does not hold is an answer, `undefined`, however often the SDK asked. */
export async function unlessConditionFails<Answer>(send: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await send();
  } catch (error) {
    const isConflict =
      (error instanceof CallRefusedError && error.kind === 'conflict') ||
      (error instanceof CallUnansweredError && error.code === 'ConditionalCheckFailedException');
    if (isConflict) return undefined;
    throw error;
  }
}
