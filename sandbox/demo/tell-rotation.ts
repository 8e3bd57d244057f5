import type { RecordedCall } from '../front/recorder';
import type { Moment } from './follow-rotation';
import { lastFour } from './keys';
import type { Narrator } from './narrator';

const STEPS: Readonly<Record<string, string>> = {
  createSecret: 'make a new key and store it, not yet current',
  setSecret: 'nothing to do: IAM knows the key already',
  testSecret: 'try the new key until it has worked three times in a row',
  finishSecret: 'make the new key the current one',
};

/** One line for one moment of a rotation. */
export function tellMoment(narrator: Narrator, moment: Moment): void {
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
