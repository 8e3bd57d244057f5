#!/usr/bin/env node
import { CommanderError } from 'commander';

import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { explainError } from './explain-error';
import { surviveLostStreams } from './lost-streams';
import { tell } from './print';
import { createProgram } from './program';

/** `npx iam-key-rotation <command>`: what a person does by hand. */
async function main(): Promise<void> {
  surviveLostStreams(process);
  try {
    const program = createProgram(process.argv[2]);
    // Not before: exec notes, while it is loaded, the environment that it hands on.
    silenceNodeVersionWarning();
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      tell(explainError(error));
    }
    process.exitCode = 1;
  }
}

void main();
