#!/usr/bin/env node
import { CommanderError } from 'commander';

import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { explainError } from './explain-error';
import { surviveLostStreams } from './lost-streams';
import { tell } from './print';
import { createProgram } from './program';

/** `npx iam-key-rotation <command>`: what a person does by hand. */
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  surviveLostStreams(process);
  try {
    await createProgram(process.argv[2]).parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      tell(explainError(error));
    }
    process.exitCode = 1;
  }
}

void main();
