import * as z from 'zod/mini';

import { stableKeyIn } from '../model/stable-key';
import type { FaultReport } from './fault-report';
import { quoted } from './quoted';
import { IN_ENGLISH } from '../../../contract/schema-parts';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
const detailSchema = z.object({
  eventName: z.string(),
  eventTime: z.iso.datetime({ offset: true }),
  /** Only explains. */
  errorMessage: z.catch(z.optional(z.pipe(z.string(), z.transform(quoted))), undefined),
  additionalEventData: z.object({ SecretId: z.string().check(z.startsWith('arn:')) }),
});

/**
 * What Secrets Manager's own events say of a rotation, as CloudTrail passes them on. They come some minutes late, and
 * also where nothing of ours ran: the function is missing, or Secrets Manager may not invoke it any more.
 */
export function readServiceEvent(
  detail: Readonly<Record<string, unknown>>,
  secretPrefix: string,
): readonly FaultReport[] {
  const { eventName, eventTime, errorMessage, additionalEventData } = detailSchema.parse(detail, IN_ENGLISH);
  const user = stableKeyIn(additionalEventData.SecretId, secretPrefix);
  if (user === undefined) return [];
  const report = { user, reporter: 'secretsManager', at: Date.parse(eventTime) } as const;
  const said = errorMessage === undefined ? '' : ` It says: ${errorMessage}`;
  switch (eventName) {
    case 'RotationFailed':
      return [
        {
          ...{ phase: 'began', kind: 'rotationFailed', ...report },
          what: `Secrets Manager reports that an attempt of the rotation failed.${said}`,
        },
      ];
    case 'RotationAbandoned':
      return [
        {
          ...{ phase: 'began', kind: 'rotationAbandoned', ...report },
          what: `Secrets Manager reports that it abandoned a rotation, because somebody changed the secret meanwhile.${said}`,
        },
      ];
    case 'TestRotationFailed':
      return [
        {
          ...{ phase: 'began', kind: 'rotationTestFailed', ...report },
          what: `Secrets Manager reports that its test of the rotation failed.${said}`,
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
