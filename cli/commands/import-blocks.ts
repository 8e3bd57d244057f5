import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Command } from 'commander';

import { createRequestHandler } from '../../client/request-handler';
import { createAwsLookUps } from '../import-blocks/aws-look-ups';
import { importBlocks, planRecovery } from '../import-blocks/recovery';
import { removeSettings } from '../import-blocks/remove-settings';
import { StackFacts } from '../import-blocks/stack-facts';
import { readSynthesizedStack, type SynthesizedStack } from '../import-blocks/synthesized-stack';

interface Options {
  readonly removeSettings?: string;
}

/** `import-blocks`: the way back from a lost state. */
export function importBlocksCommand(): Command {
  return new Command('import-blocks')
    .description(
      'After the Terraform state was lost: write imports.tf beside a synthesized stack, so that the next apply takes ' +
        'back what is in AWS instead of making it again. No key is touched.',
    )
    .argument('<folder>', 'the synthesized stack, such as cdktf.out/stacks/production')
    .option(
      '--remove-settings <table>',
      "instead, right before that apply: remove the users' settings from the stack's table, which is named to confirm it. " +
        'The apply writes them again; until then no key of the users is rotated or retired',
    )
    .action(async (folder: string, { removeSettings: table }: Options) => {
      const stack = readSynthesizedStack(folder);
      const facts = new StackFacts(stack, await partitionOf(stack), createAwsLookUps);
      if (table === undefined) await writeImports(folder, stack, facts);
      else await removeItems(table, stack, facts);
    });
}

/** @throws Error unless the caller's credentials are of the stack's account: another account's ids would be written. */
async function partitionOf({ accountId, region }: SynthesizedStack): Promise<string> {
  const { Account, Arn } = await new STSClient({ region, requestHandler: createRequestHandler() }).send(
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
  writeFileSync(file, importBlocks(recovery));
  const { imports, remade, missing } = recovery;
  process.stdout.write(
    `${file}: ${imports.length} to import; ${remade.length} that Terraform makes again.\n`,
  );
  for (const address of missing) {
    process.stderr.write(`${address} is not in AWS: Terraform will make it.\n`);
  }
}

async function removeItems(table: string, stack: SynthesizedStack, facts: StackFacts): Promise<void> {
  const removed = await removeSettings(
    new DynamoDBClient({ region: stack.region, requestHandler: createRequestHandler() }),
    { stack, facts, table },
  );
  process.stdout.write(
    `Removed from table ${table}: ${removed.join(', ')}. Now apply: until then no key of these users is rotated or retired.\n`,
  );
}
