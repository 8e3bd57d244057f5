import { Command } from 'commander';

import { version } from '../package.json';
import { adoptCommand } from './commands/adopt';
import { checkPlanCommand } from './commands/check-plan';
import { completionCommand } from './commands/completion';
import { credentialsCommand } from './commands/credentials';
import { doctorCommand } from './commands/doctor';
import { execCommand } from './commands/exec';
import { importBlocksCommand } from './commands/import-blocks';
import { initCommand } from './commands/init';
import { policyCommand } from './commands/policy';
import { replaceLeakedKeyCommand } from './commands/replace-leaked-key';
import { reportCommand } from './commands/report';
import { rotateCommand } from './commands/rotate';
import { rollBackCommand } from './commands/roll-back';
import { staleFunctionsCommand } from './commands/stale-functions';
import { statusCommand } from './commands/status';
import { syncCommand } from './commands/sync';
import { verifyAccountCommand } from './commands/verify-account';
import { whoUsesCommand } from './commands/who-uses';
import { exitCodesText, USUAL_EXIT_CODES } from './help';

/** All commands, as the command line runs them and the docs describe them. */
export function createProgram(): Command {
  const program: Command = new Command('iam-key-rotation')
    .description(
      "Works with the access keys that iam-key-rotation rotates, with the caller's own AWS credentials.",
    )
    .version(version, '-v, --version')
    .showSuggestionAfterError()
    // What stands behind the program that `exec` runs is for that program.
    .enablePositionalOptions()
    .addHelpText('after', () => `\n${exitCodesText(program, USUAL_EXIT_CODES)}`);
  for (const [group, commands] of GROUPS) {
    program.commandsGroup(group);
    for (const command of commands) program.addCommand(command());
  }
  return program;
}

/** In the order in which the help shows them. */
const GROUPS: readonly (readonly [heading: string, commands: readonly (() => Command)[]])[] = [
  ['See:', [statusCommand, whoUsesCommand, doctorCommand, reportCommand]],
  ['Act:', [rotateCommand, rollBackCommand, replaceLeakedKeyCommand]],
  ['Adopt:', [initCommand, adoptCommand, importBlocksCommand, verifyAccountCommand]],
  ['Applications outside AWS:', [credentialsCommand, syncCommand, execCommand]],
  ['Rights:', [policyCommand]],
  ['Pipelines:', [checkPlanCommand, staleFunctionsCommand]],
  ['Shell:', [completionCommand]],
];
