#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { version } from '../package.json';
import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { checkPlanCommand } from './commands/check-plan';
import { credentialsCommand } from './commands/credentials';
import { importBlocksCommand } from './commands/import-blocks';
import { rollBackCommand } from './commands/roll-back';
import { replaceLeakedKeyCommand } from './commands/replace-leaked-key';
import { staleFunctionsCommand } from './commands/stale-functions';
import { syncCommand } from './commands/sync';
import { verifyAccountCommand } from './commands/verify-account';
import { explainError } from './explain-error';
import { surviveLostStreams } from './lost-streams';
import { tell } from './print';

/** `npx iam-key-rotation <command>`: what a person does by hand. */
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  surviveLostStreams(process);
  const program = new Command('iam-key-rotation')
    .description(
      "Works with the access keys that iam-key-rotation rotates, with the caller's own AWS credentials.",
    )
    .version(version, '-v, --version')
    .addHelpText(
      'after',
      '\nExit status: 0 it is done; 1 it failed, and stderr says why; 130 it was stopped with Ctrl-C.',
    )
    .addCommand(rollBackCommand())
    .addCommand(replaceLeakedKeyCommand())
    .addCommand(credentialsCommand())
    .addCommand(syncCommand())
    .addCommand(importBlocksCommand())
    .addCommand(checkPlanCommand())
    .addCommand(staleFunctionsCommand())
    .addCommand(verifyAccountCommand());
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      tell(explainError(error));
    }
    process.exitCode = 1;
  }
}

void main();
