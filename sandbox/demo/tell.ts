import type { UserConfiguration } from '../../modules/config/configuration';
import type { WorkReport } from './application';
import { type KeyState, lastFour } from './keys';
import type { Narrator } from './narrator';

export const hours = (seconds: number): string => `${Number((seconds / 3600).toFixed(1))} h`;

export function tellKeys(narrator: Narrator, user: UserConfiguration, keys: readonly KeyState[]): void {
  narrator.gap();
  narrator.table([
    ['key', 'in the secret', 'in IAM', 'a call with it'],
    ...keys.map(({ id, label, status, refusal }) => [
      lastFour(id),
      label ?? '-',
      status,
      refusal === undefined ? 'works' : `is refused: ${refusal}`,
    ]),
  ]);
  narrator.gap();
  narrator.say(overlapOf(user));
}

const overlapOf = (user: UserConfiguration): string =>
  user.overlapSeconds === 0
    ? 'Without an overlap the rotation deactivates the old key itself, once the new one is current.'
    : `The old key still works: for an overlap of ${hours(user.overlapSeconds)}, until every application has read the new one.`;

/** @throws Error if the application was refused although the old key should have worked. */
export function tellWork(narrator: Narrator, user: UserConfiguration, { calls, refusals }: WorkReport): void {
  if (refusals.length === 0) {
    narrator.good(`it called AWS ${calls} times during the rotation, and was never refused`);
  } else if (user.overlapSeconds === 0) {
    narrator.say(
      `It called AWS ${calls} times during the rotation, and ${refusals.length} came too late with the old key:`,
    );
    narrator.say('without an overlap an application has to read the secret again when AWS refuses its key.');
  } else {
    throw new Error(`AWS refused the application during the rotation: ${refusals.join(', ')}`);
  }
}

export interface Outcome {
  readonly user: UserConfiguration;
  /** The id of the key that `apply` made. */
  readonly first: string;
  readonly keys: readonly KeyState[];
  readonly calls: number;
}

export function tellSummary(narrator: Narrator, { user, first, keys, calls }: Outcome): void {
  const current = keys.find(({ label }) => label === 'AWSCURRENT')?.id ?? '';
  narrator.heading('What you have seen');
  narrator.say(
    `${lastFour(first)}  made while Terraform applied, proved, stored; Terraform never saw its secret half.`,
  );
  narrator.say(
    `${lastFour(current)}  made by the rotation, proved, and only then made current. The application used it at once.`,
  );
  narrator.say(
    `Terraform was real, and so were its AWS provider, the Lambda bundle and the ${calls} calls of the application`,
  );
  narrator.say(`of ${user.key}. AWS was a local one, on this machine only, and is gone.`);
  narrator.heading('Try it yourself');
  narrator.say(
    'npm run sandbox          keeps a local AWS running, and prints the variables that point to it',
  );
  narrator.say('Paste them into another shell. There, terraform, aws and npx cdktf talk to the local AWS:');
  narrator.gap();
  narrator.say('npx cdktf synth && cd cdktf.out/stacks/production && terraform init && terraform apply');
  narrator.say(`aws secretsmanager rotate-secret --secret-id iam-key-rotation/${user.key}`);
  narrator.say(`aws iam list-access-keys --user-name ${user.userName}`);
}
