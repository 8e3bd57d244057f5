import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

import type { ReplaceLeakedKeyInput } from '../../contract/function-events';
import { LEAK_OUTCOMES } from '../../contract/leaks';
import type { LeakAnswered } from '../core/leaks/answer-leak';
import type { RotationFunctions } from '../core/leaks/respond';
import type { CallName } from '../core/model/call-errors';
import { callAws, incomplete } from './call-aws';

const answeredSchema = z.object({
  leaked: z.array(z.object({ accessKeyId: z.string(), outcome: z.enum(LEAK_OUTCOMES) })),
  currentAccessKeyId: z.optional(z.string()),
});

/** What a function that ended with an error returns: our own errors, which name no secret. */
const errorSchema = z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) });

/** Invokes the rotation functions of a stack, and waits for their answer. */
export class LambdaRotationFunctions implements RotationFunctions {
  /**
   * @param client one that sends once, and waits as long as a rotation function may run
   * @param nameOf the name of the function that rotates a user
   */
  constructor(
    private readonly client: LambdaClient,
    private readonly nameOf: (stableKey: string) => string,
    private readonly longestInvocation: number,
  ) {}

  async replaceLeakedKey(stableKey: string, input: ReplaceLeakedKeyInput): Promise<LeakAnswered> {
    const call: CallName = { service: 'Lambda', action: 'Invoke' };
    const { FunctionError, Payload } = await callAws(
      call,
      'changes',
      (options) =>
        this.client.send(
          new InvokeCommand({ FunctionName: this.nameOf(stableKey), Payload: JSON.stringify(input) }),
          options,
        ),
      { limit: AbortSignal.timeout(this.longestInvocation) },
    );
    const answer = parsed(Payload);
    if (FunctionError !== undefined) throw failed(this.nameOf(stableKey), answer);
    const answered = answeredSchema.safeParse(answer);
    if (!answered.success) throw incomplete(call, 'the function did not say what it did');
    const { leaked, currentAccessKeyId } = answered.data;
    return { leaked, currentAccessKeyId };
  }
}

function parsed(payload: { transformToString(): string } | undefined): unknown {
  try {
    return JSON.parse(payload?.transformToString() ?? '') as unknown;
  } catch {
    // Whoever needs it says that it is missing.
    return undefined;
  }
}

function failed(name: string, answer: unknown): Error {
  const { errorType = 'an error', errorMessage = 'no message' } = errorSchema.safeParse(answer).data ?? {};
  return new Error(`Function ${name} ended with ${errorType}: ${errorMessage}`);
}
