import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { type AwsOptions, clientConfig, connect } from '../aws-options';
import { openStack } from '../stack';
import { Account } from './account';
import type { Expected } from './expected';

/** @throws Error unless the caller's credentials are of the stack's account: another one has nothing of it. */
export async function openAccount(expected: Expected, aws: AwsOptions): Promise<Account> {
  const { accountId, region, prefix } = expected;
  if (aws.region !== undefined && aws.region !== region) {
    throw new Error(`The stack is in ${region}, not in ${aws.region}. Leave --region out.`);
  }
  const connection = await connect(aws, region);
  const caller = await new STSClient(clientConfig(connection)).send(new GetCallerIdentityCommand({}));
  if (caller.Account !== accountId) {
    throw new Error(
      `The stack belongs to account ${accountId}, and the credentials in use are of ${caller.Account ?? 'none'} (${caller.Arn ?? '?'}). ` +
        'Use credentials of that account: name a profile with --profile or AWS_PROFILE. Or correct accountId in the configuration, and synthesize again.',
    );
  }
  const { clock, ports } = await openStack({ ...aws, region, prefix });
  return new Account(connection, clock.offset, ports.keys, ports.journals, caller.Arn ?? '');
}
