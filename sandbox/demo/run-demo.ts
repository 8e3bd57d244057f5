import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type LocalAws, startLocalAws } from '../local-aws';
import { shellLines } from '../shell-variables';
import { listen } from '../terminal/listen';
import { terraform } from '../terraform';
import { inventory } from './inventory';
import type { Narrator } from './narrator';
import { deployAndRotate, destroy, type Stage } from './story';
import { printHowToGoOn, printHowToTry, printSummary, terraformLines } from './print';
import { makeThrowAwayProject, type ThrowAwayProject } from './throw-away-project';

export interface DemoOptions {
  /** Ends the demo at any moment. */
  readonly signal: AbortSignal;
  /** Asks for the end: a terminal that reads lines takes Ctrl-C for itself. */
  readonly interrupt: () => void;
  /** Leave the stack and the local AWS until the signal comes. */
  readonly keep: boolean;
}

/** Builds the stage, has the story played on it, and takes everything down again, however it ends. */
export async function runDemo(narrator: Narrator, options: DemoOptions): Promise<void> {
  const project = makeThrowAwayProject();
  try {
    narrator.chapter('A local AWS, and rotation.yaml as Terraform');
    const { accountId, name, region, users } = project.stack;
    narrator.say('a local AWS is starting, and rotation.yaml is synthesized: some 20 seconds');
    const aws = await startLocalAws({ accountId, region });
    try {
      options.signal.throwIfAborted();
      narrator.say(`a local AWS answers at ${aws.endpoint} (account ${accountId}, ${region})`);
      await project.synthesize(options.signal);
      narrator.say(`stack ${name} with ${users.length} users is synthesized`);
      await playStory({ aws, project, narrator, signal: options.signal }, options);
    } finally {
      await aws.stop();
    }
  } finally {
    project.remove();
  }
}

async function playStory(
  parts: Omit<Stage, 'tf'>,
  { keep, interrupt }: Pick<DemoOptions, 'keep' | 'interrupt'>,
): Promise<void> {
  const { aws, project, narrator, signal } = parts;
  const tf = terraform(project.stackDirectory, {
    env: aws.environment,
    signal,
    onOutput: terraformLines((line) => narrator.say(line)),
  });
  const before = await inventory(aws);
  const outcome = await deployAndRotate({ ...parts, tf });
  if (keep) {
    printSummary(narrator, outcome);
    printHowToGoOn(narrator, outcome, project.stackDirectory, writeVariables(aws, project));
    const terminal = listen(aws, (line) => narrator.say(line), interrupt);
    await once(signal, 'abort');
    terminal.stop();
  } else {
    await destroy({ ...parts, tf }, before);
    printSummary(narrator, outcome);
    printHowToTry(narrator);
  }
}

/** In a file and not on the screen: one of them is the secret of the local AWS's administrator. */
function writeVariables(aws: LocalAws, { directory }: ThrowAwayProject): string {
  const file = join(directory, 'local-aws.env');
  writeFileSync(file, `${shellLines(aws).join('\n')}\n`, { mode: 0o600 });
  return file;
}
