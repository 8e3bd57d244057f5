import { HOUR, SECOND } from '../../contract/instant';
import type { UserConfiguration } from '../../modules/config/configuration';
import type { LocalAws } from '../local-aws';
import type { Terraform } from '../terraform';
import { readKey, refusalOf, startApplication, whoAmI } from './application';
import { followRotation } from './follow-rotation';
import { inventory } from './inventory';
import { keysOf, lastFour } from './keys';
import { followLeak } from './leak';
import type { Narrator } from './narrator';
import { runRetirement } from './retire';
import {
  duration,
  type Outcome,
  printKeys,
  printKeyTable,
  printMoment,
  printRetirements,
  printWork,
} from './print';
import type { ThrowAwayProject } from './throw-away-project';

/** What the story is played with. */
export interface Stage {
  readonly aws: LocalAws;
  readonly project: ThrowAwayProject;
  readonly tf: Terraform;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/** A rotated user of the example, once it is deployed. */
interface Actor {
  readonly user: UserConfiguration;
  readonly userName: string;
  readonly secretArn: string;
}

/** The main job: apply, read, rotate, answer a leak, retire, plan. @throws Error as soon as something is not as it should be. */
export async function deployAndRotate(stage: Stage): Promise<Outcome> {
  const { aws, project, narrator, tf } = stage;
  narrator.chapter('terraform init, then apply: users, secrets, functions, and a first key for each user');
  narrator.say('Terraform is working: some 40 seconds until it has made the first key');
  await tf.init();
  await tf.apply();
  const outputs = await tf.output();
  const [main, ...others] = actorsOf(project, outputs);
  if (main === undefined) throw new Error('The example has no users, so there is no key to rotate.');

  narrator.chapter(`An application reads its key from the secret ${project.stack.prefix}/${main.user.key}`);
  const first = await readKey(aws, main.secretArn);
  narrator.good(`STS says who it is with key ${lastFour(first.accessKeyId)}: ${await whoAmI(aws, first)}`);

  narrator.chapter(`Secrets Manager rotates the key of ${main.user.key}, while the application is working`);
  const rotated = await rotate(stage, main);

  const withoutOverlap = others.find(({ user }) => user.overlapSeconds === 0);
  if (withoutOverlap !== undefined) {
    narrator.chapter(`The same for ${withoutOverlap.user.key}, whose overlap is ${duration(0)}`);
    await rotate(stage, withoutOverlap);
  }

  const leaky = others.find((actor) => actor !== withoutOverlap);
  if (leaky !== undefined) await leak(stage, leaky);

  await retire(stage, main, String(outputs['retirement_function_name']));

  narrator.chapter('terraform plan: has anything drifted?');
  const plan = await tf.plan();
  if (plan.exitCode !== 0) {
    throw new Error(`Terraform would change something after a rotation:\n${plan.output}`);
  }
  narrator.good('neither rotation nor retirement is a change to Terraform');
  return { ...rotated, user: main.user, first: first.accessKeyId };
}

/** @param before what was in the account before the first `apply`. @throws Error if more than that is left. */
export async function destroy({ aws, narrator, tf }: Stage, before: readonly string[]): Promise<void> {
  narrator.chapter('terraform destroy');
  await tf.destroy();
  const left = (await inventory(aws)).filter((item) => !before.includes(item));
  if (left.length > 0) throw new Error(`terraform destroy left behind: ${left.join(', ')}`);
  narrator.good('no user, role, secret, function or table is left');
}

async function rotate(
  { aws, narrator, signal }: Stage,
  actor: Actor,
): Promise<Pick<Outcome, 'keys' | 'calls'>> {
  const old = await readKey(aws, actor.secretArn);
  const application = startApplication(aws, actor.secretArn);
  try {
    const knownKeyIds = [old.accessKeyId];
    for await (const moment of followRotation(aws, { secretArn: actor.secretArn, knownKeyIds, signal })) {
      printMoment(narrator, moment);
      if (moment.kind === 'ended' && moment.event.eventName !== 'RotationSucceeded') {
        throw new Error(`The rotation did not succeed: ${moment.event.eventName}`);
      }
    }
  } catch (error) {
    await application.stop();
    throw error;
  }
  const work = await application.stop();
  const keys = await keysOf(aws, actor);
  printKeys(narrator, actor.user, keys);

  const fresh = await readKey(aws, actor.secretArn);
  if (fresh.accessKeyId === old.accessKeyId) throw new Error('The secret still holds the old key.');
  const arn = await whoAmI(aws, fresh);
  narrator.good(`the application reads the secret again: with ${lastFour(fresh.accessKeyId)} it is ${arn}`);
  printWork(narrator, actor.user, work);
  return { keys, calls: work.calls };
}

/** AWS reports a key, and nobody is there. @throws Error if the leaked key works on, or the new one does not. */
async function leak({ aws, narrator, signal }: Stage, { user, userName, secretArn }: Actor): Promise<void> {
  narrator.chapter(`AWS finds the key of ${user.key} in a public place, and reports it`);
  const leaked = await readKey(aws, secretArn);
  for await (const { seconds, what } of followLeak(aws, { userName, secretArn, signal }))
    narrator.moment(seconds, what);
  const refusal = await refusalOf(aws, leaked);
  if (refusal === undefined) throw new Error('The leaked key still works.');
  const fresh = await readKey(aws, secretArn);
  narrator.good(`with ${lastFour(fresh.accessKeyId)} it is ${await whoAmI(aws, fresh)}`);
  narrator.good(`with the leaked ${lastFour(leaked.accessKeyId)} it is refused: ${refusal}`);
  narrator.say('Until its grace period is over the leaked key is kept, as evidence.');
  await aws.eventsDelivered();
}

/** The second half of a key's life: the clock of the local AWS is set ahead, instead of waiting. */
async function retire(stage: Stage, actor: Actor, functionName: string): Promise<void> {
  const { aws, narrator } = stage;
  const { overlapSeconds, gracePeriodSeconds } = actor.user;
  const waits = [
    { seconds: overlapSeconds + HOUR / SECOND, until: 'the overlap is over' },
    { seconds: gracePeriodSeconds, until: 'the grace period is over' },
  ];
  for (const { seconds, until } of waits) {
    narrator.chapter(`${duration(seconds)} later ${until}, and the hourly retirement function runs`);
    aws.clockShiftMs += seconds * 1000;
    const retirements = await runRetirement(aws, functionName);
    printRetirements(narrator, retirements);
    narrator.gap();
    printKeyTable(narrator, await keysOf(aws, actor));
  }
}

/** In the order of the file, those with an overlap first: there both keys can be seen at work. */
function actorsOf({ stack }: ThrowAwayProject, outputs: Record<string, unknown>): readonly Actor[] {
  const secretArns = outputs['secret_arns'] as Record<string, string>;
  const actors = stack.users.map((user) => ({
    user,
    userName: user.userName,
    secretArn: secretArns[user.key] ?? '',
  }));
  return [
    ...actors.filter(({ user }) => user.overlapSeconds > 0),
    ...actors.filter(({ user }) => user.overlapSeconds === 0),
  ];
}
