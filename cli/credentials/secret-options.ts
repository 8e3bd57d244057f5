import type { AwsCredentialIdentity } from '@smithy/types';
import type { Command } from 'commander';

import { SecretReader } from '../../client/secret-reader';

/** Which secret a command reads, and with whose right. */
export interface SecretOptions {
  readonly secretId: string;
  readonly region?: string;
  readonly readerProfile?: string;
}

export const withSecretOptions = (command: Command): Command =>
  command
    .requiredOption('--secret-id <name or ARN>', 'the secret that holds the key')
    .option('--region <region>', "the secret's region, where neither its ARN nor the environment says it")
    .option(
      '--reader-profile <profile>',
      'the profile that may read the secret; without it the usual credentials of this machine',
    );

export function secretReader(
  { secretId, region, readerProfile }: SecretOptions,
  ownKey: () => AwsCredentialIdentity | undefined = () => undefined,
): SecretReader {
  const clientConfig = {
    ...(region === undefined ? {} : { region }),
    ...(readerProfile === undefined ? {} : { profile: readerProfile }),
  };
  return new SecretReader({ secretId, clientConfig, ownKey });
}
