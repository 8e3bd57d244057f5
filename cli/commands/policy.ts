import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Command, InvalidArgumentError } from 'commander';

import { ACCOUNT_ID, KMS_KEY_ARN, partitionOf, REGION, SECRET_PREFIX } from '../../modules/aws/aws-values';
import { type StackOptions, clientConfig, connect, withStackOptions } from '../aws-options';
import { describeCommand, describedAs } from '../help';
import { policyOf } from '../policy/permission';
import { printJson } from '../print';

interface Options extends StackOptions {
  readonly account?: string;
  readonly secretPrefix?: string;
  readonly kmsKey?: readonly string[];
}

/** `policy <command>`: the least that whoever runs a command needs. */
export function newCommand(): Command {
  return describeCommand(withStackOptions(new Command('policy')), {
    summary: 'print the least IAM policy that a command needs',
    description:
      'Print the IAM policy that allows what a command does in a stack, and nothing else; of several commands, for all of them ' +
      'together. Nobody is given it: attach it yourself.',
    examples: [
      {
        title: 'Make a policy for whoever looks at the state and rotates',
        text: 'iam-key-rotation policy status rotate --account 111122223333 --region eu-west-1',
      },
    ],
  })
    .argument('<commands...>', 'the names of commands, such as status')
    .option(
      '--account <account id>',
      'the account of the stack; without it that of the credentials',
      toAccount,
    )
    .option('--secret-prefix <prefix>', '`secretPrefix` of the configuration, if it has one', toSecretPrefix)
    .option(
      '--kms-key <arn>',
      'a customer key that encrypts the table or secrets; may be given more than once',
      toKmsKeys,
    )
    .action(
      async (
        names: string[],
        { prefix, account, secretPrefix, kmsKey, ...aws }: Options,
        command: Command,
      ) => {
        const permissions = names.flatMap((name) => permissionsOf(name, command.parent));
        const connection = await connect(aws);
        requireRegion(connection.region);
        const { partition, accountId } =
          account === undefined
            ? await caller(connection)
            : { partition: partitionOf(connection.region), accountId: account };
        const place = { partition, region: connection.region, account: accountId };
        printJson(
          policyOf(permissions, { ...place, prefix, secretPrefix: secretPrefix ?? prefix }, kmsKey),
          2,
        );
      },
    );
}

function permissionsOf(name: string, program: Command | null) {
  const commands = program?.commands ?? [];
  const found = commands.find((command) => command.name() === name);
  const permissions = found === undefined ? undefined : describedAs(found)?.permissions;
  if (permissions !== undefined && permissions.length > 0) return permissions;
  const known = commands.filter((command) => (describedAs(command)?.permissions?.length ?? 0) > 0);
  const list = known.map((command) => command.name()).join(', ');
  throw new Error(
    found === undefined
      ? `There is no command ${name}. Those that call AWS are: ${list}.`
      : `The command ${name} has no policy: it does not call AWS, or its page in the docs says what it needs. Those that have one are: ${list}.`,
  );
}

async function caller(
  connection: Parameters<typeof clientConfig>[0],
): Promise<{ readonly partition: string; readonly accountId: string }> {
  const sts = new STSClient(clientConfig(connection));
  const { Arn = '', Account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { partition: Arn.split(':')[1] ?? 'aws', accountId: Account };
}

function toAccount(text: string): string {
  if (ACCOUNT_ID.test(text)) return text;
  throw new InvalidArgumentError('The id of an account has 12 digits.');
}

function toKmsKeys(text: string, before: readonly string[] | undefined): readonly string[] {
  if (KMS_KEY_ARN.test(text)) return [...(before ?? []), text];
  throw new InvalidArgumentError(
    'It is the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab. A policy takes no alias.',
  );
}

function toSecretPrefix(text: string): string {
  if (SECRET_PREFIX.test(text)) return text;
  throw new InvalidArgumentError(
    'It is `secretPrefix` of the configuration: 3 to 100 letters, digits and _+=.@-, in parts that single slashes separate.',
  );
}

/** In a policy, a `*` would be more than this stack. @throws Error where it is no name that a region can have */
function requireRegion(region: string): void {
  if (!REGION.test(region))
    throw new Error(`${region} is no name of a region, such as eu-west-1. Give one with --region.`);
}
