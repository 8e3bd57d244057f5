import type { UserConfiguration } from '../../modules/config/configuration';
import type { RecordedCall } from '../front/recorder';
import type { WorkReport } from './application';
import type { Moment } from './follow-rotation';
import { type KeyState, lastFour } from './keys';
import type { Narrator } from './narrator';
import type { Retirement } from './retire';

/** In hours; in days where it is whole days, and more than two. */
export function duration(seconds: number): string {
  const days = seconds / 86_400;
  return Number.isInteger(days) && days > 2 ? `${days} days` : `${Number((seconds / 3600).toFixed(1))} h`;
}

/** What is the case with a user's keys right after a rotation. */
export function printKeys(narrator: Narrator, user: UserConfiguration, keys: readonly KeyState[]): void {
  narrator.gap();
  printKeyTable(narrator, keys);
  narrator.gap();
  narrator.say(overlapOf(user));
}

export function printRetirements(narrator: Narrator, retirements: readonly Retirement[]): void {
  if (retirements.length === 0) narrator.say('it found nothing to do');
  for (const { user, decision, keyId, reason } of retirements) {
    narrator.good(
      `${user}: ${decision}${keyId === undefined ? '' : ` ${lastFour(keyId)}`}, because ${reason}`,
    );
  }
}

export function printKeyTable(narrator: Narrator, keys: readonly KeyState[]): void {
  narrator.table([
    ['key', 'in the secret', 'in IAM', 'a call with it'],
    ...keys.map(({ id, label, status, refusal }) => [
      lastFour(id),
      label ?? '-',
      status,
      refusal === undefined ? 'works' : `is refused: ${refusal}`,
    ]),
  ]);
}

const overlapOf = (user: UserConfiguration): string =>
  user.overlapSeconds === 0
    ? 'Without an overlap the rotation deactivates the old key itself, once the new one is current.'
    : `The old key still works: for an overlap of ${duration(user.overlapSeconds)}, until every application has read the new one.`;

/** @throws Error if the application was refused although the old key should have worked. */
export function printWork(
  narrator: Narrator,
  user: UserConfiguration,
  { calls, refusals }: WorkReport,
): void {
  if (refusals.length === 0) {
    narrator.good(`it called AWS ${calls} times during the rotation, and was never refused`);
  } else if (user.overlapSeconds === 0) {
    narrator.say(
      `It called AWS ${calls} times during the rotation; ${refusals.length} came too late, with the old key.`,
      'Without an overlap an application has to read the secret again when AWS refuses its key.',
    );
  } else {
    throw new Error(`AWS refused the application during the rotation: ${refusals.join(', ')}`);
  }
}

/** What has happened to the keys of one user. */
export interface Outcome {
  readonly user: UserConfiguration;
  /** The id of the key that `apply` made. */
  readonly first: string;
  readonly keys: readonly KeyState[];
  /** How often the application called AWS during the rotation. */
  readonly calls: number;
}

export function printSummary(narrator: Narrator, { user, first, keys, calls }: Outcome): void {
  const current = keys.find(({ label }) => label === 'AWSCURRENT')?.id ?? '';
  const overlap =
    user.overlapSeconds === 0
      ? 'Without an overlap it was deactivated at once;'
      : `It stayed usable for its overlap of ${duration(user.overlapSeconds)}, then it was deactivated;`;
  narrator.heading(`What happened to the keys of ${user.key}`);
  narrator.say(
    `${lastFour(first)}  was made while Terraform applied, and proved to work before it was stored.`,
    `       The rotation replaced it. ${overlap}`,
    `       after a grace period of ${duration(user.gracePeriodSeconds)} it was deleted.`,
    `${lastFour(current)}  was made by the rotation, proved to work, and only then made current.`,
  );
  narrator.heading('What this proved');
  narrator.say(
    `An application called AWS ${calls} times while its key was rotated, and was never refused.`,
    'Terraform made no key, saw none, and had nothing to change afterwards.',
    'Terraform, its AWS provider and the code of the Lambda functions were the real ones;',
    'AWS was played by programs on this machine, and its clock was set ahead.',
  );
}

/** How to go on by hand: the local AWS is still there. @param file sets the variables that point to it. */
export function printHowToGoOn(narrator: Narrator, { user }: Outcome, folder: string, file: string): void {
  narrator.heading('Now you: the local AWS and the stack stay until Ctrl-C. In another shell:');
  narrator.say(
    `source ${file}`,
    `cd ${folder}`,
    'terraform plan',
    `aws iam list-access-keys --user-name ${user.userName}`,
    'aws secretsmanager list-secrets',
  );
}

export function printHowToTry(narrator: Narrator): void {
  narrator.heading('Try it yourself');
  narrator.say(
    'npm run demo -- --keep   the same, and the stack stays for you to look at, with terraform and aws',
    'npm run sandbox          an empty local AWS for your own terraform and aws, until Ctrl-C',
  );
}

const STEPS: Readonly<Record<string, string>> = {
  createSecret: 'make a new key and store it, not yet current',
  setSecret: 'nothing to do: IAM knows the key already',
  testSecret: 'try the new key until it has worked three times in a row',
  finishSecret: 'make the new key the current one',
};

/** One line for one moment of a rotation. */
export function printMoment(narrator: Narrator, moment: Moment): void {
  narrator.moment(moment.seconds, describe(moment));
}

function describe(moment: Moment): string {
  switch (moment.kind) {
    case 'asked':
      return `RotateSecret accepted: Secrets Manager announces version ${moment.token.slice(0, 8)} as AWSPENDING`;
    case 'step':
      return `${moment.step.padEnd(13)} ${STEPS[moment.step] ?? ''}`.trimEnd();
    case 'act':
      return `  ${describeAct(moment.call)}`;
    case 'proof':
      return moment.refusal === undefined
        ? `  GetCallerIdentity with ${lastFour(moment.keyId)}: it is the user`
        : `  GetCallerIdentity with ${lastFour(moment.keyId)}: ${moment.refusal} (a new key comes and goes for some seconds)`;
    case 'ended':
      return `${moment.event.eventName}${moment.event.errorMessage === undefined ? '' : `: ${moment.event.errorMessage}`}`;
  }
}

function describeAct({ action, parameters, errorCode }: RecordedCall): string {
  const what = { ...parameters } as Record<string, string | undefined>;
  const outcome = errorCode === undefined ? '' : `: refused with ${errorCode}`;
  switch (action) {
    case 'UpdateSecretVersionStage':
      return what['MoveToVersionId'] === undefined
        ? `UpdateSecretVersionStage: ${what['VersionStage']} taken off${outcome}`
        : `UpdateSecretVersionStage: ${what['VersionStage']} moved to the new key's version${outcome}`;
    case 'UpdateAccessKey':
      return `UpdateAccessKey: ${lastFour(what['AccessKeyId'] ?? '')} is now ${what['Status']}${outcome}`;
    case 'DeleteAccessKey':
      return `DeleteAccessKey: ${lastFour(what['AccessKeyId'] ?? '')}${outcome}`;
    case 'PutSecretValue':
      return `PutSecretValue: the key is stored as AWSPENDING${outcome}`;
    default:
      return `${action}${outcome}`;
  }
}

/**
 * Picks from Terraform's output what is worth printing: the first keys as they are made, and how it ended. Returns a
 * function that takes the output as it comes, in whatever pieces.
 */
export function terraformLines(print: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const firstKey = /^aws_lambda_invocation\.(\S+)_first_key: Creation complete after (\w+)/.exec(line);
      if (firstKey) print(`first key of ${firstKey[1]} made and proved, in ${firstKey[2]}`);
      else if (/^(Apply complete|Destroy complete|No changes)/.test(line)) print(line);
    }
  };
}
