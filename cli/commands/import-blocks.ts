import { join } from 'node:path';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Command } from 'commander';

import { visible } from '../../contract/visible';
import { type AwsConnection, type AwsOptions, clientConfig, connect, withAwsOptions } from '../aws-options';
import { describeCommand } from '../help';
import { createAwsLookUps } from '../import-blocks/aws-look-ups';
import { importBlocks, planRecovery } from '../import-blocks/recovery';
import { removeSettings } from '../import-blocks/remove-settings';
import { StackFacts } from '../import-blocks/stack-facts';
import { print, tell } from '../print';
import { readSynthesizedStack, type SynthesizedStack } from '../import-blocks/synthesized-stack';
import { writeWhole } from '../write-whole';

interface Options extends AwsOptions {
  readonly removeSettings?: string;
}

/** `import-blocks`: the way back from a lost state. */
export function newCommand(): Command {
  return describeCommand(withAwsOptions(new Command('import-blocks')), {
    summary: 'take back what is in AWS after a lost Terraform state',
    description:
      'After the Terraform state was lost: write imports.tf beside a synthesized stack, so that the next apply takes ' +
      'back what is in AWS instead of making it again. No key is touched.',
    examples: [
      { title: 'Write imports.tf', text: 'iam-key-rotation import-blocks cdktf.out/stacks/production' },
      {
        title: "Right before the apply, remove the users' settings, which it writes again",
        text: 'iam-key-rotation import-blocks cdktf.out/stacks/production --remove-settings iam-key-rotation',
      },
    ],
  })
    .argument('<folder>', 'the synthesized stack, such as cdktf.out/stacks/production')
    .option(
      '--remove-settings <table>',
      "instead, right before that apply: remove the users' settings from the stack's table, which is named to confirm it. " +
        'The apply writes them again; until then no key of the users is rotated or retired',
    )
    .action(async (folder: string, { removeSettings: table, ...aws }: Options) => {
      const stack = readSynthesizedStack(folder);
      if (aws.region !== undefined && aws.region !== stack.region)
        throw new Error(`The stack is in ${stack.region}, not in ${aws.region}. Nothing was done.`);
      const connection = await connect(aws, stack.region);
      const facts = new StackFacts(stack, await partitionOf(stack, connection), (region) =>
        createAwsLookUps({ ...connection, region }),
      );
      if (table === undefined) await writeImports(folder, stack, facts);
      else await removeItems(table, stack, facts, connection);
    });
}

/** @throws Error unless the caller's credentials are of the stack's account: another account's ids would be written. */
async function partitionOf({ accountId }: SynthesizedStack, connection: AwsConnection): Promise<string> {
  const { Account, Arn } = await new STSClient(clientConfig(connection)).send(
    new GetCallerIdentityCommand({}),
  );
  if (Account !== accountId) {
    throw new Error(
      `The stack belongs to account ${accountId}, and the credentials in use are of ${Account ?? 'none'} (${Arn ?? '?'}). ` +
        'Nothing was done. Use credentials of that account.',
    );
  }
  return Arn?.split(':')[1] ?? 'aws';
}

async function writeImports(folder: string, stack: SynthesizedStack, facts: StackFacts): Promise<void> {
  const recovery = await planRecovery(stack, facts);
  const file = join(folder, 'imports.tf');
  writeWhole(file, importBlocks(recovery), { replaces: true });
  const { imports, remade, missing } = recovery;
  print(`${file}: ${imports.length} to import; ${remade.length} that Terraform makes again.`);
  for (const address of missing) {
    tell(`${visible(address)} is not in AWS: Terraform will make it.`);
  }
}

async function removeItems(
  table: string,
  stack: SynthesizedStack,
  facts: StackFacts,
  connection: AwsConnection,
): Promise<void> {
  const removed = await removeSettings(new DynamoDBClient(clientConfig(connection)), { stack, facts, table });
  print(
    `Removed from table ${table}: ${removed.join(', ')}. Now apply: until then no key of these users is rotated or retired.`,
  );
}
