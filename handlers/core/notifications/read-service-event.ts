import * as z from 'zod';

import { stableKeyIn } from '../model/stable-key';
import type { FaultReport } from './fault-report';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
const detailSchema = z.object({
  eventName: z.string(),
  eventTime: z.iso.datetime(),
  errorMessage: z.string().optional(),
  additionalEventData: z.object({ SecretId: z.string().startsWith('arn:') }),
});

/**
 * What Secrets Manager's own events say of a rotation, as CloudTrail passes them on. They come some minutes late, and
 * also where nothing of ours ran: the function is missing, or Secrets Manager may not invoke it any more.
 */
export function readServiceEvent(
  detail: Readonly<Record<string, unknown>>,
  secretPrefix: string,
): readonly FaultReport[] {
  const { eventName, eventTime, errorMessage, additionalEventData } = detailSchema.parse(detail);
  const user = stableKeyIn(additionalEventData.SecretId, secretPrefix);
  if (user === undefined) return [];
  const report = { user, reporter: 'secretsManager', at: Date.parse(eventTime) } as const;
  const said = errorMessage === undefined ? '' : ` It says: ${errorMessage}`;
  switch (eventName) {
    case 'RotationFailed':
      return [
        {
          ...{ phase: 'began', kind: 'rotationFailed', ...report },
          what: `Secrets Manager reports that a try of the rotation failed.${said}`,
          nextStep: LOOK_AT_FUNCTION,
        },
      ];
    case 'RotationAbandoned':
      return [
        {
          ...{ phase: 'began', kind: 'rotationAbandoned', ...report },
          what: `Secrets Manager has given a rotation up, because the secret was changed by somebody while it was under way.${said}`,
          nextStep:
            'find out who changed the secret (CloudTrail: PutSecretValue, UpdateSecretVersionStage); the next rotation settles what this one left.',
        },
      ];
    case 'TestRotationFailed':
      return [
        {
          ...{ phase: 'began', kind: 'rotationTestFailed', ...report },
          what: `Secrets Manager tried the rotation's configuration, as it does when that changes, and it failed.${said}`,
          nextStep: LOOK_AT_FUNCTION,
        },
      ];
    case 'RotationSucceeded':
      return (['rotationFailed', 'rotationAbandoned', 'rotationTestFailed'] as const).map((kind) => ({
        ...{ phase: 'ended', kind, ...report },
        what: 'Secrets Manager reports that the rotation succeeded.',
      }));
    case 'TestRotationSucceeded':
      return [
        {
          ...{ phase: 'ended', kind: 'rotationTestFailed', ...report },
          what: 'Secrets Manager reports that the test succeeded.',
        },
      ];
    default:
      return [];
  }
}

const LOOK_AT_FUNCTION =
  "look into the rotation function's log. If it has nothing from that time, the function is gone or Secrets Manager may not invoke it: run terraform plan, which shows what is missing.";
