import { setTimeout as sleep } from 'node:timers/promises';

import type {
  AwsCredentialIdentity,
  FinalizeHandler,
  FinalizeHandlerArguments,
  FinalizeHandlerOutput,
  FinalizeRequestMiddleware,
  HandlerExecutionContext,
  Pluggable,
} from '@smithy/types';

import type { RotatedCredentialsProvider } from './from-rotated-secret';
import { rejectionOf } from './rejection';

/** What every client of the AWS SDK for JavaScript v3 has. */
export interface SdkClient {
  readonly middlewareStack: {
    // The stack is typed by the inputs and outputs of its service, and this works for every one of them.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    use(plugin: Pluggable<any, any>): void;
  };
  readonly config: {
    readonly credentials: (options?: { forceRefresh?: boolean }) => Promise<AwsCredentialIdentity>;
  };
}

/** A key that some servers do not know yet may be known to the next one. */
const PAUSE_BEFORE_THE_SAME_KEY = 1_000;

/**
 * Has a client survive the sudden end of a key (an overlap of 0, an emergency rotation): when AWS refuses the key, the
 * secret is read at once, and the call is made once more, with the new key. For a call with a stream as its body only
 * the first, because a stream cannot be sent twice.
 *
 * @param client any client of the SDK; it is changed, and given back
 * @param credentials what the client was made with
 */
export function refreshOnRejectedKey<Client extends SdkClient>(
  client: Client,
  credentials: RotatedCredentialsProvider,
): Client {
  client.middlewareStack.use(plugin(client, credentials));
  return client;
}

type Middleware = FinalizeRequestMiddleware<object, object>;

const plugin = (client: SdkClient, credentials: RotatedCredentialsProvider): Pluggable<object, object> => {
  const retry: Middleware = (next, context) => (args) =>
    sendTwiceIfRejected({ client, credentials, next, context, args });
  const remember: Middleware = (next, context) => (args) => {
    signedWith.set(context, keyIn(args.request));
    return next(args);
  };
  const signing = { toMiddleware: 'httpSigningMiddleware', override: true };
  return {
    applyToStack(stack) {
      // Inside the SDK's own retries, and outside the signing, so that the second try is signed again.
      stack.addRelativeTo(retry, { ...signing, relation: 'before', name: 'refreshOnRejectedKey' });
      stack.addRelativeTo(remember, { ...signing, relation: 'after', name: 'rememberSigningKey' });
    },
  };
};

interface Attempt {
  readonly client: SdkClient;
  readonly credentials: RotatedCredentialsProvider;
  readonly next: FinalizeHandler<object, object>;
  readonly context: HandlerExecutionContext;
  readonly args: FinalizeHandlerArguments<object>;
}

/** Which key a request was really signed with; the provider may serve another one by now. */
const signedWith = new WeakMap<HandlerExecutionContext, string | undefined>();
const retried = new WeakSet<HandlerExecutionContext>();

async function sendTwiceIfRejected(attempt: Attempt): Promise<FinalizeHandlerOutput<object>> {
  const { client, credentials, next, context, args } = attempt;
  try {
    return await next(args);
  } catch (error) {
    const rejection = rejectionOf(error);
    const keyId = signedWith.get(context);
    if (rejection === undefined || keyId === undefined || retried.has(context)) throw error;
    retried.add(context);
    const isReplaced = await credentials.keyRejected(keyId, rejection);
    if (!isReplaced && rejection === 'possible') throw error;
    if (!canBeSentAgain(args.request)) throw error;
    if (!isReplaced) await sleep(PAUSE_BEFORE_THE_SAME_KEY);
    // Older versions of the SDK keep credentials themselves, until they are told not to.
    const identity = await client.config.credentials({ forceRefresh: true });
    replaceIdentity(context, identity);
    return next(args);
  }
}

/** `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/…` */
function keyIn(request: unknown): string | undefined {
  const { headers } = request as { readonly headers?: Readonly<Record<string, string>> };
  const authorization = headers?.['authorization'] ?? headers?.['Authorization'] ?? '';
  return /Credential=([^/,=\s]+)\//.exec(authorization)?.[1];
}

function canBeSentAgain(request: unknown): boolean {
  const { body } = request as { readonly body?: unknown };
  return body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array;
}

/** The SDK chooses the identity before its retries, and some of its signers use that one. */
function replaceIdentity(context: HandlerExecutionContext, identity: AwsCredentialIdentity): void {
  const { __smithy_context: smithy } = context as {
    readonly __smithy_context?: { readonly selectedHttpAuthScheme?: { identity: unknown } };
  };
  const scheme = smithy?.selectedHttpAuthScheme;
  if (scheme !== undefined && isAwsIdentity(scheme.identity)) scheme.identity = identity;
}

const isAwsIdentity = (identity: unknown): boolean =>
  typeof identity === 'object' && identity !== null && 'accessKeyId' in identity;
