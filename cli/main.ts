#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

import { CommanderError } from 'commander';

import { silenceNodeVersionWarning } from '../handlers/aws/sdk-node-version';
import { explainEnd } from './explain-error';
import { surviveLostStreams } from './lost-streams';
import { tell } from './print';
import { createProgram } from './program';

/** `npx iam-key-rotation <command>`: what a person does by hand. */
async function main(): Promise<void> {
  keepHeapSmall();
  surviveLostStreams(process);
  try {
    const program = createProgram(process.argv[2]);
    // Not before: exec notes, while it is loaded, the environment that it hands on.
    silenceNodeVersionWarning();
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      tell(explainEnd(error));
    }
    process.exitCode = 1;
  }
}

/**
 * Commands wait for AWS most of the time, and V8 lets a heap grow far beyond what is in use: over thousands of users that was
 * more than half of the process. It only weighs when to collect, so it may be set while the process runs.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}

void main();
