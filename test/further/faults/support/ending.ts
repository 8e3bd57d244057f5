import type { LocalAws } from '../../../../sandbox/local-aws';
import { Account, type StoredKey } from '../../../e2e/stack/support/account';
import type { RotatedTestUser } from '../../../e2e/support/deployed-function';

/** What can be seen from the outside, in plain AWS calls, once everything is over. */
export interface Ending {
  /** How many requests the mishaps befell. */
  readonly struck: number;
  /** Whose key the secret served, as STS knows it: after each failure, and at the end. */
  readonly served: readonly string[];
  /** All keys of the user, oldest first: `current`, `former` (current before), or the id of one that should not be. */
  readonly keys: readonly string[];
  /** All labels of the secret's versions. */
  readonly labels: readonly string[];
}

/** Whose key the secret serves: `the user`, `nobody yet`, or what is wrong. */
export async function whoIsServed(aws: LocalAws, { secretArn, userArn }: RotatedTestUser): Promise<string> {
  const account = new Account(aws);
  try {
    const arn = await account.whoIs(await account.storedKey(secretArn));
    return arn === userArn ? 'the user' : `somebody else: ${String(arn)}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.name === 'ResourceNotFoundException'
      ? 'nobody yet'
      : `a key that does not work: ${error.name}`;
  }
}

/** @param former the key that the secret served before; undefined if none. */
export async function endingOf(
  aws: LocalAws,
  user: RotatedTestUser,
  former: StoredKey | undefined,
): Promise<Pick<Ending, 'keys' | 'labels'>> {
  const account = new Account(aws);
  const current = await account.storedKey(user.secretArn);
  const nameOf = (id: string): string => {
    if (id === current.AccessKeyId) return id === former?.AccessKeyId ? 'former and current' : 'current';
    return id === former?.AccessKeyId ? 'former' : id;
  };
  return {
    keys: (await account.keysOf(user.userName)).map((key) => key.replace(/^\S+/, nameOf)),
    labels: await account.labelsOf(user.secretArn),
  };
}
