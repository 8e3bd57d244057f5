import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

import { CallRefusedError } from '../core/errors';

/** A condition that does not hold is an answer, `undefined`, however often the SDK asked. */
export async function unlessConditionFails<Answer>(send: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await send();
  } catch (error) {
    const isConflict = error instanceof CallRefusedError && error.kind === 'conflict';
    if (isConflict || (error instanceof Error && error.cause instanceof ConditionalCheckFailedException)) {
      return undefined;
    }
    throw error;
  }
}
