import { fromEnv } from '@aws-sdk/credential-provider-env';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { STSClient } from '@aws-sdk/client-sts';
import { parseKnownFiles } from '@smithy/core/config';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import { type Command, InvalidArgumentError } from 'commander';

import { createRequestHandler } from '../client/request-handler';
import { DEFAULT_PREFIX } from '../contract/names';
import { PREFIX } from '../modules/aws/aws-values';
import { NO_REGION } from './explain-error';

/*
 * The options that every command has that talks to AWS, and the one place where the clients of commands get their region,
 * their credentials and their way to AWS. A new command takes `withAwsOptions`, or `withStackOptions` where it is about a
 * stack, and `withJson` where programs read its result, and makes its clients of `clientConfig(await connect(options))`.
 */

/** Where, and as whom, a command talks to AWS. */
export interface AwsOptions {
  readonly region?: string;
  readonly profile?: string;
}

/** Which stack a command is about. */
export interface StackOptions extends AwsOptions {
  readonly prefix: string;
}

export interface JsonOption {
  readonly json?: boolean;
}

export const withAwsOptions = (command: Command): Command =>
  command
    .option(
      '--region <region>',
      'the region; without it AWS_REGION, AWS_DEFAULT_REGION, or the region of the profile',
    )
    .option(
      '--profile <profile>',
      'the profile of ~/.aws whose credentials are used; without it what the AWS CLI would use',
    );

export const withStackOptions = (command: Command): Command =>
  withAwsOptions(command).option('--prefix <prefix>', 'the prefix of the stack', toPrefix, DEFAULT_PREFIX);

function toPrefix(text: string): string {
  if (PREFIX.test(text)) return text;
  throw new InvalidArgumentError(
    'It is `prefix` of the stack: a prefix begins with a letter and has letters, digits, _ and -, at least 3 of them.',
  );
}

export const withJson = (command: Command): Command => command.option('--json', 'print the result as JSON');

/** Where and as whom a client works. */
export interface AwsConnection {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
}

/**
 * Chooses as the AWS CLI does. Region: that of what is named (such as a secret's ARN), `--region`, AWS_REGION,
 * AWS_DEFAULT_REGION, the profile's. Credentials: those of `--profile`, those in the environment, those of AWS_PROFILE, and
 * whatever else the machine has.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html#configure-precedence
 *
 * @param regionOfWhatIsNamed goes before all others.
 * @throws Error where no region is set, or where the profile does not exist: the SDK would go on to the machine's own role
 */
export async function connect(
  { region, profile }: AwsOptions,
  regionOfWhatIsNamed?: string,
): Promise<AwsConnection> {
  await requireProfile(profile ?? (hasKeys() ? undefined : process.env['AWS_PROFILE']));
  const chosen =
    [regionOfWhatIsNamed, region, process.env['AWS_REGION'], process.env['AWS_DEFAULT_REGION']].find(
      Boolean,
    ) ?? (await regionOfProfile(profile));
  return { region: chosen, credentials: credentialsOf(profile) };
}

/** A person waits: what does not answer is tried again by the SDK, and then said. In milliseconds. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true } as const;

/** What every client of a command is made of. */
export const clientConfig = (
  { region, credentials }: AwsConnection,
  limits: Parameters<typeof createRequestHandler>[0] = PATIENCE,
): AwsConnection & { readonly requestHandler: NodeHttpHandler } => ({
  region,
  credentials,
  requestHandler: createRequestHandler(limits),
});

const hasKeys = (): boolean =>
  Boolean(process.env['AWS_ACCESS_KEY_ID']) && Boolean(process.env['AWS_SECRET_ACCESS_KEY']);

async function requireProfile(profile: string | undefined): Promise<void> {
  if (!profile || Object.hasOwn(await parseKnownFiles({}), profile)) return;
  throw new Error(
    `There is no profile '${profile}' in ~/.aws/config or ~/.aws/credentials. Name one that is there with --profile or AWS_PROFILE.`,
  );
}

async function regionOfProfile(profile: string | undefined): Promise<string> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch (error) {
    throw new Error(NO_REGION, { cause: error });
  }
}

const SILENT = { debug: none, info: none, warn: none, error: none };

function none(): void {
  // Nothing is said.
}

function credentialsOf(profile: string | undefined): Provider<AwsCredentialIdentity> {
  // The SDK would take AWS_PROFILE before them, with a warning; the AWS CLI does not.
  if (profile === undefined && hasKeys()) return fromEnv();
  return defaultProvider({
    // Without the SDK's warning that the environment has credentials, too: --profile is what was asked for.
    ...(profile === undefined ? {} : { profile, logger: SILENT }),
    // Also IAM Identity Center and AWS STS are asked through the proxy, where a profile gets its credentials there.
    clientConfig: { requestHandler: createRequestHandler() },
  });
}
