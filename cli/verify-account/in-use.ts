import { paginateListUsers } from '@aws-sdk/client-iam';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';

import { TAG_KEYS } from '../../contract/tags';
import type { Caller } from './account';
import type { Clients } from './clients';
import { IAM_PATH } from './resources';

/** What shows that an account is no throw-away one. */
export interface InUse {
  /** Names of IAM users, without the caller and what this command makes. */
  readonly users: readonly string[];
  /** Names of secrets of a stack of this product, in this region. */
  readonly secrets: readonly string[];
}

export async function lookForUse({ iam, secrets }: Clients, caller: Caller): Promise<InUse> {
  const found = { users: [] as string[], secrets: [] as string[] };
  for await (const { Users = [] } of paginateListUsers({ client: iam }, {})) {
    found.users.push(
      // One of our own that was just removed may still be listed.
      ...Users.filter(({ Arn, Path }) => Arn !== caller.arn && Path !== IAM_PATH).flatMap(
        ({ UserName }) => UserName ?? [],
      ),
    );
  }
  for await (const { SecretList = [] } of paginateListSecrets({ client: secrets }, {})) {
    const ofStack = SecretList.filter(({ Tags }) => Tags?.some(({ Key }) => Key === TAG_KEYS.stack) === true);
    found.secrets.push(...ofStack.flatMap(({ Name }) => Name ?? []));
  }
  return found;
}

/**
 * The rule: in an account with other IAM users, or with a stack of this product, the command makes nothing, unless the
 * person names that account. IAM has no regions, so the users of a stack elsewhere count, too.
 *
 * @param named the account that the person says may be used although it is in use.
 * @throws Error if the account may not be used.
 */
export function requireThrowAway(
  { users, secrets }: InUse,
  accountId: string,
  named: string | undefined,
): void {
  if (named !== undefined && named !== accountId) {
    throw new Error(
      `--although-in-use names the account ${named}, and the credentials are of ${accountId}. Nothing was made.`,
    );
  }
  if (named !== undefined || (users.length === 0 && secrets.length === 0)) return;
  throw new Error(
    [
      `Account ${accountId} is in use, so nothing was made:`,
      ...(users.length > 0 ? [`  it has ${users.length} IAM users: ${some(users)}`] : []),
      ...(secrets.length > 0
        ? [`  it has a stack of iam-key-rotation, with the secrets ${some(secrets)}`]
        : []),
      'This command makes and removes users, keys, secrets, roles and a function. It touches nothing that it did not make. ' +
        'But it takes a share of the rates at which IAM and CloudTrail answer, and its events reach whoever watches the account. ' +
        'Use an account that you can throw away.',
      `If this account is meant, name it: --although-in-use ${accountId}`,
    ].join('\n'),
  );
}

const SHOWN = 5;

const some = (names: readonly string[]): string =>
  names.length > SHOWN
    ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
    : names.join(', ');
