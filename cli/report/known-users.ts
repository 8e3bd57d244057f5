import { stableKeyOfSecretName } from '../../contract/names';
import { STABLE_KEY } from '../../contract/stable-key';

/** Whose secret, or whose key, a record is about. Undefined: nobody's of this stack. */
export interface KnownUsers {
  ofSecret(secretId: string | undefined): string | undefined;
  ofIamUser(userName: string | undefined): string | undefined;
  ofKey(keyId: string | undefined): string | undefined;
}

/** What of a stack has to be known; a document of `status` has it. */
export interface StackUsers {
  readonly stack: string;
  readonly users: readonly {
    /** How the answers call the user. */
    readonly user: string;
    readonly secretArn?: string | undefined;
    readonly userName?: string | undefined;
    readonly keys: readonly { readonly id: string }[];
  }[];
}

/** A caller names a secret by its ARN, by the ARN without its last seven characters, or by its name. */
export function knownUsers({ stack, users }: StackUsers): KnownUsers {
  const secrets = new Map<string, string>();
  const iamUsers = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const { user, secretArn, userName, keys: ofUser } of users) {
    if (secretArn !== undefined) {
      for (const id of [secretArn, withoutEnd(secretArn), nameIn(secretArn)]) secrets.set(id, user);
    }
    // IAM's names differ in more than their case, and a record has what the caller wrote.
    if (userName !== undefined) iamUsers.set(userName.toLowerCase(), user);
    for (const { id } of ofUser) keys.set(id, user);
  }
  return {
    ofSecret: (secretId) =>
      secretId === undefined ? undefined : (secrets.get(secretId) ?? formerUser(secretId, stack)),
    ofIamUser: (userName) => (userName === undefined ? undefined : iamUsers.get(userName.toLowerCase())),
    ofKey: (keyId) => (keyId === undefined ? undefined : keys.get(keyId)),
  };
}

/** A user that the configuration has no more is still one of the stack in the period. */
function formerUser(secretId: string, stack: string): string | undefined {
  const stableKey = stableKeyOfSecretName(nameIn(secretId), stack);
  return stableKey !== undefined && STABLE_KEY.test(stableKey) ? stableKey : undefined;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen */
const withoutEnd = (arn: string): string => arn.replace(/-[A-Za-z0-9]{6}$/, '');

const nameIn = (secretId: string): string =>
  secretId.startsWith('arn:') ? withoutEnd(secretId.split(':').slice(6).join(':')) : secretId;
