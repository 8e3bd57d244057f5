import type { Operation } from '../front/api-call';
import { jsonAnswer } from '../front/answers';
import type { Functions } from './functions';
import type { Invoker } from './invoker';

const TAIL_BYTES = 4096;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeOperation(functions: Functions, invoker: Invoker): Operation {
  return async (call) => {
    const fn = functions.require(String(call.parameters['FunctionName']));
    const run = () => invoker.invoke(fn, call.body.length > 0 ? call.body.toString('utf8') : '{}', call.id);
    switch (call.headers['x-amz-invocation-type']) {
      case 'DryRun':
        return jsonAnswer('', 204);
      case 'Event':
        // Answered at once. Lambda would also repeat a failed one; nothing here relies on that.
        run().catch((error: unknown) => console.error(`The local AWS could not run ${fn.name}:`, error));
        return { status: 202, headers: {}, body: Buffer.alloc(0) };
      default: {
        const result = await run();
        const tail = Buffer.from(result.log.slice(-TAIL_BYTES)).toString('base64');
        return {
          status: 200,
          headers: {
            'content-type': 'application/json',
            'x-amz-executed-version': '$LATEST',
            ...(result.failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
            ...(call.headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': tail } : {}),
          },
          body: Buffer.from(result.payload),
        };
      }
    }
  };
}
