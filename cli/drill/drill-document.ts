import * as z from 'zod';

/* What `drill leak --json` prints. */

const seconds = z.number().nonnegative().optional();

export const drillDocument = z.strictObject({
  version: z.literal(1).describe('Of this document. New fields may come without a new version.'),
  stack: z.string().describe("The stack's prefix."),
  region: z.string().describe('Where the stack is.'),
  user: z.string().describe('The name of the user for drills in rotation.yaml.'),
  outcome: z
    .enum(['done', 'notFinished'])
    .describe(
      '`done`: everything was seen that a leak brings. `notFinished`: not yet, when it was not waited for any longer.',
    ),
  why: z.string().optional().describe('In sentences, unless it is done.'),
  eventId: z.string().describe('Of the event that began it, as the log of the responder has it.'),
  eventRegion: z.string().describe('Where the event was put: where AWS Health puts its own.'),
  at: z.iso.datetime().describe('When the event was put.'),
  leakedKeyId: z.string().describe('Id of the access key whose leak was played.'),
  currentKeyId: z.string().optional().describe('Id of the access key that is current since.'),
  targets: z.array(z.string()).describe('The delivery targets of the user.'),
  seconds: z
    .strictObject({
      untilInactive: seconds.describe('Until IAM showed the leaked key as Inactive, or no more.'),
      untilCurrent: seconds.describe('Until another key was current.'),
      untilDelivered: seconds.describe('Until every target had that key; absent where there is no target.'),
    })
    .describe('From the event on, as this command saw it by looking twice a second.'),
});

export type DrillDocument = z.output<typeof drillDocument>;
