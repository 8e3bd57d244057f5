import type { AwsCredentialIdentity } from '@smithy/types';
import { type Command, Option } from 'commander';

import { SecretReader } from '../../client/secret-reader';
import { secretRegion } from '../../client/secret-region';
import { type AwsConnection, connect, type AwsOptions, withAwsOptions } from '../aws-options';

/** Which secret a command reads, and with whose right. */
export interface SecretOptions extends AwsOptions {
  readonly secretId: string;
  /** What `--profile` was called in version 0.1: it stands in files that nobody looks at. */
  readonly readerProfile?: string;
}

export const withSecretOptions = (command: Command): Command =>
  withAwsOptions(
    command.requiredOption(
      '--secret-id <name or ARN>',
      'the secret that holds the key; an ARN also says the region',
    ),
  ).addOption(new Option('--reader-profile <profile>').conflicts('profile').hideHelp());

/** @throws Error where no region is set, or the file of AWS_CA_BUNDLE cannot be read */
export async function secretReader(
  options: SecretOptions,
  ownKey: () => AwsCredentialIdentity | undefined = () => undefined,
): Promise<SecretReader> {
  return new SecretReader({
    secretId: options.secretId,
    clientConfig: await connectToSecret(options),
    ownKey,
  });
}

/** Where the secret is, and as whom it is read. */
export function connectToSecret({ secretId, readerProfile, ...aws }: SecretOptions): Promise<AwsConnection> {
  const options = readerProfile === undefined ? aws : { ...aws, profile: readerProfile };
  return connect(options, secretRegion(secretId));
}
