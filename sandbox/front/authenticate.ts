import type { AccessKeys } from '../iam/access-keys';
import { globalArn } from '../partitions';
import type { Sessions } from '../sts/sessions';
import { ApiError, type ApiCall } from './api-call';
import type { Principal } from './principal';
import { claimedSignature, isSignedWith } from './signature';

/** Long-lived credentials, as the AWS CLI and Terraform take them from the environment. */
export interface AdminCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Authenticator {
  readonly accountId: string;
  readonly admin: AdminCredentials;
  readonly keys: AccessKeys;
  readonly sessions: Sessions;
}

/** Finds out who calls, or refuses in the words of the service. */
export async function authenticate(call: ApiCall, known: Authenticator): Promise<Principal> {
  const claim = claimedSignature(call);
  if (!claim) {
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const { accessKeyId } = claim;
  if (accessKeyId === known.admin.accessKeyId) {
    await requireSignature(call, claim, known.admin);
    const arn = globalArn(call.region, 'iam', known.accountId, 'root');
    return { type: 'admin', arn, callerArn: arn, userId: known.accountId };
  }
  const session = known.sessions.find(accessKeyId);
  if (session) {
    if (call.headers['x-amz-security-token'] !== session.sessionToken) throw unknownKey(call);
    await requireSignature(call, claim, session);
    return session.principal;
  }
  const key = known.keys.findAccepted(accessKeyId);
  if (!key) throw unknownKey(call);
  await requireSignature(call, claim, key);
  known.keys.recordUse(key, call.service, call.region);
  return { type: 'user', arn: key.user.arn, callerArn: key.user.arn, userId: key.user.userId };
}

async function requireSignature(
  call: ApiCall,
  claim: Parameters<typeof isSignedWith>[1],
  secret: { readonly secretAccessKey: string; readonly sessionToken?: string },
): Promise<void> {
  if (await isSignedWith(call, claim, secret)) return;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';
  const isJson = call.protocol === 'json' || call.protocol === 'rest-json';
  throw new ApiError(
    isJson ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
    message,
    refusedStatus(call),
  );
}

/** What the services say of a key that is unknown, not known yet, inactive or deleted: they do not tell apart. */
function unknownKey(call: ApiCall): ApiError {
  if (call.service === 's3') {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return new ApiError('InvalidAccessKeyId', message, 403);
  }
  const code = call.protocol === 'query' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
  return new ApiError(code, 'The security token included in the request is invalid.', refusedStatus(call));
}

const refusedStatus = (call: ApiCall): number => (call.protocol === 'json' ? 400 : 403);
