import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { type AwsConnection, type AwsOptions, clientConfig, connect } from '../aws-options';
import { explainError } from '../explain-error';
import { tell } from '../print';
import type { FirstUser } from './configuration-text';

/** The account that the credentials in use are of. */
export interface Surroundings {
  readonly accountId: string;
  readonly region: string;
  readonly connection: AwsConnection;
}

/** Undefined where there are no credentials that work: all can be answered by hand, and AWS is not needed. */
export async function lookAround(aws: AwsOptions): Promise<Surroundings | undefined> {
  try {
    const connection = await connect(aws);
    const { Account } = await new STSClient(clientConfig(connection)).send(new GetCallerIdentityCommand({}));
    return Account === undefined ? undefined : { accountId: Account, region: connection.region, connection };
  } catch (error) {
    if (aws.profile !== undefined) throw error;
    tell(`The account is not known: ${explainError(error)}`);
    return undefined;
  }
}

/** Which of the users are in the account already. */
export async function lookForUsers(
  userNames: readonly string[],
  accountId: string,
  surroundings: Surroundings | undefined,
): Promise<readonly FirstUser[]> {
  if (surroundings?.accountId !== accountId) {
    tell(
      `It was not looked whether the users exist, because no credentials of account ${accountId} are in use. They are written as ` +
        'users that Terraform makes: write existing: true for each that is there already.',
    );
    return userNames.map((userName) => ({ userName, exists: false }));
  }
  const iam = new IAMClient(clientConfig(surroundings.connection));
  return Promise.all(userNames.map(async (userName) => ({ userName, exists: await exists(iam, userName) })));
}

async function exists(iam: IAMClient, userName: string): Promise<boolean> {
  try {
    await iam.send(new GetUserCommand({ UserName: userName }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return false;
    throw new Error(
      `It cannot be told whether the IAM user ${userName} exists (iam:GetUser): ${explainError(error)}. Nothing was written.`,
      { cause: error },
    );
  }
}
