import { startLocalAws } from '../local-aws';
import type { Narrator } from './narrator';
import { tellStory } from './story';
import { makeThrowAwayProject } from './throw-away-project';

/** Builds the stage, tells the story on it, and takes everything down again, however it ends. */
export async function runDemo(narrator: Narrator, signal: AbortSignal): Promise<void> {
  const project = makeThrowAwayProject();
  try {
    const { accountId, name, region } = project.stack;
    narrator.chapter('A local AWS, and rotation.yaml as Terraform');
    const aws = await startLocalAws({ accountId, region });
    try {
      narrator.say(`a local AWS answers at ${aws.endpoint} (account ${accountId}, ${region})`);
      signal.throwIfAborted();
      await project.synthesize(signal);
      narrator.say(`stack ${name} with ${project.stack.users.length} users is synthesized`);
      await tellStory({ aws, project, narrator, signal });
    } finally {
      await aws.stop();
    }
  } finally {
    project.remove();
  }
}
